-- Brings jobs over from a queue of an earlier version. Jobs that a worker runs stay until it has ended them, or its lease
-- has expired. ARGV from 3: queue, its base there, how many jobs at most of each kind. Answers their number.
local queue, from, most = ARGV[3], ARGV[4], tonumber(ARGV[5])
local moved = 0

-- Brings a job over with all that is its own.
local function bring(id)
  local key = call("HGET", from .. id, "deid")
  if key and call("GET", from .. "de:" .. key) == id then
    call("DEL", from .. "de:" .. key)
    call("SET", base .. "de:" .. key, id, "NX")
  end
  if call("EXISTS", from .. id) == 1 then
    call("RENAME", from .. id, base .. id)
  end
  moved = moved + 1
end

call("SADD", KEYS[13], queue)
if call("HDEL", from .. "meta", "paused") == 1 then
  call("HSET", meta, "paused", 1)
  paused = true
end
for _ = 1, most do
  local id = call("RPOP", from .. "wait")
  if not id then
    break
  end
  bring(id)
  call("LPUSH", wait, id)
end
for _, name in ipairs({ "prioritized", "delayed", "completed", "failed" }) do
  local first = call("ZPOPMIN", from .. name, most)
  for i = 1, #first, 2 do
    bring(first[i])
    call("ZADD", base .. name, first[i + 1], first[i])
  end
end
for _, id in ipairs(call("LRANGE", from .. "active", 0, -1)) do
  if call("EXISTS", from .. id .. ":lock") == 0 then
    call("LREM", from .. "active", 1, id)
    bring(id)
    -- Recovered from there, like any other job of a worker that died.
    call("LPUSH", active, id)
  end
end
local last = tonumber(call("GET", from .. "pc") or "0")
if last > tonumber(call("GET", counter) or "0") then
  call("SET", counter, last)
end
if moved > 0 then
  wake()
  wake_when_due()
end
return moved
