-- Notes a job's progress. ARGV from 3: id, token, per cent. Answers 0 if the lease is lost.
local id, token, percent = ARGV[3], ARGV[4], ARGV[5]
if call("GET", base .. id .. ":lock") ~= token then
  return 0
end
call("HSET", base .. id, "progress", percent)
tell("progress", id, "data", percent)
return 1
