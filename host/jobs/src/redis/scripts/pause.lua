-- Pauses a queue, or resumes it. ARGV from 3: the queue's name, then paused or resumed.
call("SADD", KEYS[13], ARGV[3])
if ARGV[4] == "paused" then
  call("HSET", meta, "paused", 1)
  call("DEL", marker)
else
  call("HDEL", meta, "paused")
  paused = false
  if call("EXISTS", wait) == 1 or call("EXISTS", prioritized) == 1 then
    wake()
  else
    wake_when_due()
  end
end
call("XADD", events, "MAXLEN", "~", longest, "*", "event", ARGV[4])
