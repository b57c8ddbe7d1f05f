-- Extends leases. ARGV from 3: lease (ms), then two per job: id, token. Answers 1 for each held lease, otherwise 0.
local held = {}
for i = 4, #ARGV, 2 do
  local id, token = ARGV[i], ARGV[i + 1]
  local lock = base .. id .. ":lock"
  local mine = call("GET", lock) == token
  if mine then
    call("PEXPIRE", lock, ARGV[3])
    call("SREM", stalled, id)
  end
  held[#held + 1] = mine and 1 or 0
end
return held
