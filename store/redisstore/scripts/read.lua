-- Reads everything of one key. KEYS: the key, and one that does not exist.
-- The DEL does nothing, and is refused by a replica, whose facts may be old.
redis.call('DEL', KEYS[2])
return redis.call('HGETALL', KEYS[1])
