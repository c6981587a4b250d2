-- Puts one fact, unless its field is there.
-- KEYS: facts. ARGV: the fact's field, the fact.
local fact = redis.call('HGET', KEYS[1], ARGV[1])
if not fact then
  fact = redis.call('HINCRBY', KEYS[1], 'n', 1) .. ':' .. ARGV[2]
end
-- One that is there is written again, so that a WAIT for this call waits for the first one as well.
redis.call('HSET', KEYS[1], ARGV[1], fact)
return 1
