-- Adds jobs. A known id is ignored, and a job whose dedupe key is in use is dropped.
-- ARGV from 3, eight per job: id, name, data, options, timestamp, delay, priority, dedupe key or "".
call("SADD", KEYS[13], ARGV[3])
for i = 4, #ARGV, 8 do
  local id, name, data, options, timestamp, delay, priority, key = unpack(ARGV, i, i + 7)
  local job = base .. id
  local holder = false
  local known = call("EXISTS", job) == 1
  if not known and key ~= "" and not call("SET", base .. "de:" .. key, id, "NX") then
    holder = call("GET", base .. "de:" .. key)
    if call("EXISTS", base .. holder) == 0 then
      -- The holder was removed by hand.
      call("SET", base .. "de:" .. key, id)
      holder = false
    end
  end
  if known then
    tell("duplicated", id)
  elseif holder then
    tell("deduplicated", holder, "deduplicationId", key, "deduplicatedJobId", id)
  else
    call("INCR", KEYS[12])
    call("HSET", job, "name", name, "data", data, "opts", options, "timestamp", timestamp, "delay", delay, "priority", priority)
    if key ~= "" then
      call("HSET", job, "deid", key)
    end
    tell("added", id, "name", name)
    if tonumber(delay) > 0 then
      local at = tonumber(timestamp) + tonumber(delay)
      delay_until(at, id)
      tell("delayed", id, "delay", at)
      wake_when_due()
    else
      line_up(tonumber(priority), id)
      tell("waiting", id)
      wake()
    end
  end
end
