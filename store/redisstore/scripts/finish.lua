-- Settles an attempt and puts the facts that it produced.
-- KEYS: ledger, facts. ARGV: attempt ID, the states from which it may rise, settlement,
-- provider ID, sender, approval, text, and then pairs of a fact's field and the fact.
-- Returns 0 if the attempt is not on file.
local ledger, facts = KEYS[1], KEYS[2]
local id, from, settlement = ARGV[1], ARGV[2], ARGV[3]

local begun = redis.call('HGET', ledger, 'b' .. id)
if not begun then
  return 0
end

local state = string.sub(redis.call('HGET', ledger, 's' .. id) or '1', 1, 1)
if string.find(from, state, 1, true) then
  redis.call('HSET', ledger, 's' .. id, settlement)
else
  -- Written again, so that a WAIT for this call waits for an earlier one that changed something.
  redis.call('HSET', ledger, 'b' .. id, begun)
end
for i, field in ipairs({'p', 'f', 'a', 't'}) do
  if ARGV[3 + i] ~= '' then
    redis.call('HSETNX', ledger, field .. id, ARGV[3 + i])
  end
end
for i = 8, #ARGV, 2 do
  local fact = redis.call('HGET', facts, ARGV[i])
  if not fact then
    fact = redis.call('HINCRBY', facts, 'n', 1) .. ':' .. ARGV[i + 1]
  end
  redis.call('HSET', facts, ARGV[i], fact)
end
return 1
