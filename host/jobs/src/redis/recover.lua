-- Takes back the jobs whose lock ran out: to the front of the wait list, or to the failed set (dead) after too many crashes.
-- BullMQ's moveStalledJobsToWait, which the port only runs inside its own worker loop, needs two sweeps to see a stalled job and
-- leaves the end of a poison job to its next claim; this does both at once, on the same keys and counters.
-- KEYS: active, wait, meta, marker, events, failed, stalled. ARGV: key prefix, now (ms), crashes allowed, reason.
-- Answers id, kind, dead (0 or 1) for each.
local prefix, now, allowed = ARGV[1], ARGV[2], tonumber(ARGV[3])
local paused = redis.call("HEXISTS", KEYS[3], "paused") == 1
local out = {}
for _, id in ipairs(redis.call("LRANGE", KEYS[1], 0, -1)) do
  local job = prefix .. id
  if redis.call("EXISTS", job .. ":lock") == 0 then
    redis.call("LREM", KEYS[1], 1, id)
    redis.call("SREM", KEYS[7], id)
    local crashes = redis.call("HINCRBY", job, "stc", 1)
    local fields = redis.call("HMGET", job, "name", "deid")
    local dead = crashes >= allowed
    redis.call("XADD", KEYS[5], "*", "event", "stalled", "jobId", id)
    if dead then
      redis.call("ZADD", KEYS[6], now, id)
      redis.call("HSET", job, "failedReason", ARGV[4], "finishedOn", now)
      local key = fields[2] and (prefix .. "de:" .. fields[2])
      if key and redis.call("GET", key) == id then
        redis.call("DEL", key)
      end
      redis.call("XADD", KEYS[5], "*", "event", "failed", "jobId", id, "failedReason", ARGV[4], "prev", "active")
    else
      redis.call("RPUSH", KEYS[2], id)
      if not paused then
        redis.call("ZADD", KEYS[4], 0, "0")
      end
      redis.call("XADD", KEYS[5], "*", "event", "waiting", "jobId", id, "prev", "active")
    end
    out[#out + 1] = id
    out[#out + 1] = fields[1] or ""
    out[#out + 1] = dead and "1" or "0"
  end
end
return out
