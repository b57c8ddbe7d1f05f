-- The head of every script. The keys of a queue are BullMQ's (5.x), all of them are passed, and all lie in one slot of a
-- cluster. A job's own keys are made of the queue's base and its id.
-- ARGV[1]: base, "prefix:queue:". ARGV[2]: the caller's clock, in ms.
local call = redis.call
local wait, active, prioritized, delayed, completed, failed = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local stalled, events, meta, marker, counter = KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local base, now = ARGV[1], ARGV[2]
local set = call("HMGET", meta, "paused", "concurrency", "opts.maxLenEvents")
local paused, concurrency, longest = set[1] and true or false, tonumber(set[2]), set[3]
if not longest then
  longest = "10000"
  call("HSET", meta, "opts.maxLenEvents", longest)
end

-- BullMQ's tools follow this stream.
local function tell(event, id, ...)
  call("XADD", events, "MAXLEN", "~", longest, "*", "event", event, "jobId", id, ...)
end

-- A marker wakes one waiting process: score 0 for work now, otherwise the time of the next delayed job.
local function wake()
  if not paused then
    call("ZADD", marker, 0, "0")
  end
end

local function wake_when_due()
  local first = call("ZRANGE", delayed, 0, 0, "WITHSCORES")
  if first[2] then
    call("ZADD", marker, tonumber(first[2]) / 0x1000, "1")
  end
end

-- A delayed job's score has 12 bits behind the time, which keep the order within a millisecond.
local function delay_until(at, id)
  local least, most = at * 0x1000, at * 0x1000 + 0xfff
  local last = call("ZREVRANGEBYSCORE", delayed, most, least, "WITHSCORES", "LIMIT", 0, 1)
  local score = last[2] and math.min(tonumber(last[2]) + 1, most) or least
  call("ZADD", delayed, score, id)
end

-- Behind the other jobs of its priority.
local function line_up(priority, id)
  if priority == 0 then
    call("LPUSH", wait, id)
  else
    call("ZADD", prioritized, priority * 0x100000000 + call("INCR", counter) % 0x100000000, id)
  end
end

-- Before the other jobs of its priority.
local function line_up_first(priority, id)
  if priority == 0 then
    call("RPUSH", wait, id)
  else
    call("ZADD", prioritized, priority * 0x100000000, id)
  end
end

-- Releases the job's dedupe key at its end.
local function free_key(job, id)
  local key = call("HGET", job, "deid")
  if key and call("GET", base .. "de:" .. key) == id then
    call("DEL", base .. "de:" .. key)
  end
end

local function bury(job, id, reason)
  free_key(job, id)
  call("HSET", job, "failedReason", reason, "finishedOn", now)
  call("HDEL", job, "defa")
  call("ZADD", failed, now, id)
  tell("failed", id, "failedReason", reason, "prev", "active")
end
