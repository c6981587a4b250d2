-- Claims a key for an attempt, unless another attempt holds it, and reads every fact.
-- KEYS: ledger, facts. ARGV: attempt ID, key, attempt.
-- Returns the attempt that has the key: ID, attempt, settlement, provider ID; and the facts.
local ledger, facts = KEYS[1], KEYS[2]
local id, key, attempt = ARGV[1], ARGV[2], ARGV[3]

local function get(field)
  return redis.call('HGET', ledger, field) or ''
end

local holder = id
if get('b' .. id) == '' then
  local other = get('k' .. key)
  local state = other ~= '' and string.sub(get('s' .. other), 1, 1)
  if not state or state == '2' or state == '3' then -- nobody, or refused or rejected
    local begun = redis.call('HINCRBY', ledger, 'n', 1) .. ':' .. attempt
    redis.call('HSET', ledger, 'b' .. id, begun, 'k' .. key, id)
    return {id, begun, '', '', redis.call('HGETALL', facts)}
  end
  holder = other
end
-- Written again, so that a WAIT for this call waits for the claim that it found as well.
local begun = get('b' .. holder)
redis.call('HSET', ledger, 'b' .. holder, begun)
return {holder, begun, get('s' .. holder), get('p' .. holder), redis.call('HGETALL', facts)}
