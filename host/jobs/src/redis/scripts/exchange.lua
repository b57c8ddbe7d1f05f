-- Ends jobs and takes others, in one step.
-- ARGV from 3: lease (ms), limit, token of the claims, worker; then six per end: id, token, how (completed, retried, dead or
-- released), attempt, error, instant of the next attempt.
-- Answers 1 for each end whose lease was held, otherwise 0; and seven per claim: id, name, data, options, timestamp, failed attempts,
-- and a reason if a Node worker has left the end of the job to the next claim.
local lease, limit, token, worker = ARGV[3], tonumber(ARGV[4]), ARGV[5], ARGV[6]
local held, ended = {}, {}
for i = 7, #ARGV, 6 do
  local id, mine, how, attempt, reason, at = unpack(ARGV, i, i + 5)
  local job = base .. id
  if call("GET", job .. ":lock") == mine and call("LREM", active, -1, id) == 1 then
    call("DEL", job .. ":lock")
    ended[#ended + 1] = id
    held[#held + 1] = 1
    if how == "completed" then
      free_key(job, id)
      call("HSET", job, "atm", attempt, "returnvalue", "null", "finishedOn", now)
      call("ZADD", completed, now, id)
      tell("completed", id, "returnvalue", "null", "prev", "active")
    elseif how == "retried" then
      call("HSET", job, "atm", attempt, "failedReason", reason, "delay", tonumber(at) - tonumber(now))
      delay_until(tonumber(at), id)
      tell("delayed", id, "delay", at)
      wake_when_due()
    elseif how == "dead" then
      call("HSET", job, "atm", attempt)
      bury(job, id, reason)
    else
      line_up_first(tonumber(call("HGET", job, "priority")) or 0, id)
      tell("waiting", id, "prev", "active")
      wake()
    end
  else
    held[#held + 1] = 0
  end
end
if #ended > 0 then
  call("SREM", stalled, unpack(ended))
end

local claims = {}
if limit > 0 then
  local due = call("ZRANGEBYSCORE", delayed, 0, (tonumber(now) + 1) * 0x1000 - 1, "LIMIT", 0, 1000)
  if #due > 0 then
    call("ZREM", delayed, unpack(due))
    for _, id in ipairs(due) do
      line_up(tonumber(call("HGET", base .. id, "priority")) or 0, id)
      call("HSET", base .. id, "delay", 0)
      tell("waiting", id, "prev", "delayed")
    end
    wake()
  end
  if concurrency then
    limit = math.min(limit, concurrency - call("LLEN", active))
  end
end
if limit > 0 and not paused then
  local taken = call("RPOP", wait, limit) or {}
  if #taken < limit then
    local first = call("ZPOPMIN", prioritized, limit - #taken)
    for i = 1, #first, 2 do
      taken[#taken + 1] = first[i]
    end
    if #first == 0 then
      call("DEL", counter)
    end
  end
  if #taken > 0 then
    call("LPUSH", active, unpack(taken))
  end
  for _, id in ipairs(taken) do
    local job = base .. id
    local fields = call("HMGET", job, "name", "data", "opts", "timestamp", "atm", "defa", "ats")
    if fields[1] then
      call("SET", job .. ":lock", token, "PX", lease)
      call("HSET", job, "processedOn", now, "pb", worker, "ats", (tonumber(fields[7]) or 0) + 1)
      tell("active", id, "prev", "waiting")
      claims[#claims + 1] = id
      for n = 1, 6 do
        claims[#claims + 1] = fields[n] or ""
      end
    else
      -- The job was removed by hand.
      call("LREM", active, 1, id)
    end
  end
  if #taken == limit and (call("EXISTS", wait) == 1 or call("EXISTS", prioritized) == 1) then
    wake()
  end
end
return {held, claims}
