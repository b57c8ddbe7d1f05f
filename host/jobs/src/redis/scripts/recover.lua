-- Takes back the jobs whose lock has expired: to the front of the wait list, or dead after too many crashes. BullMQ's
-- moveStalledJobsToWait needs two sweeps, and leaves the end of a poison job to its next claim.
-- ARGV from 3: crashes allowed, reason. Answers id, kind, dead (0 or 1) for each.
local allowed, reason = tonumber(ARGV[3]), ARGV[4]
local out = {}
for _, id in ipairs(call("LRANGE", active, 0, -1)) do
  local job = base .. id
  if call("EXISTS", job .. ":lock") == 0 then
    call("LREM", active, 1, id)
    call("SREM", stalled, id)
    local crashes = call("HINCRBY", job, "stc", 1)
    local dead = crashes >= allowed
    tell("stalled", id)
    if dead then
      bury(job, id, reason)
    else
      call("RPUSH", wait, id)
      wake()
      tell("waiting", id, "prev", "active")
    end
    out[#out + 1] = id
    out[#out + 1] = call("HGET", job, "name") or ""
    out[#out + 1] = dead and "1" or "0"
  end
end
return out
