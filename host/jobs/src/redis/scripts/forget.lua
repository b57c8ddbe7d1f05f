-- Deletes finished jobs. ARGV from 3: the set (completed or failed), before which instant, at most how many. Answers their number.
local from = ARGV[3] == "completed" and completed or failed
local ids = call("ZRANGEBYSCORE", from, "-inf", "(" .. ARGV[4], "LIMIT", 0, ARGV[5])
for _, id in ipairs(ids) do
  call("DEL", base .. id, base .. id .. ":logs")
end
if #ids > 0 then
  call("ZREM", from, unpack(ids))
end
return #ids
