-- Makes a dead job waiting again, with all its attempts. ARGV[3]: id. Answers -1 if there is none, 0 if it is not dead.
local id = ARGV[3]
local job = base .. id
if call("EXISTS", job) == 0 then
  return -1
end
if call("ZREM", failed, id) == 0 then
  return 0
end
call("HDEL", job, "finishedOn", "processedOn", "failedReason", "atm", "ats", "stc", "defa", "progress")
line_up(tonumber(call("HGET", job, "priority")) or 0, id)
wake()
tell("waiting", id, "prev", "failed")
return 1
