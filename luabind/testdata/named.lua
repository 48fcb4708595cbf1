-- one name for several fields: what is stored goes where reading finds it

local dst = "02:00:00:00:00:09"
local p = pkl.ieee80211{type = "data", TO_DS = true, addr1 = "02:00:00:00:00:01", addr3 = "02:00:00:00:00:03"}
p.ieee80211.dst = dst
assert(p.ieee80211.addr3 == dst and p.ieee80211.addr1 == "02:00:00:00:00:01")
assert(p.ieee80211.dst == dst)
p.ieee80211.bssid_raw = "123456"
assert(p.ieee80211.addr1_raw == "123456")

---
local dst = "02:00:00:00:00:09"
assert(pkl.ieee80211{type = "data", TO_DS = true, dst = dst}.ieee80211.addr3 == dst)
assert(pkl.ieee80211{type = "data", dst = dst}.ieee80211.addr1 == dst)
assert(pkl.ieee80211{type = "data", FROM_DS = true, src_raw = "123456"}.ieee80211.addr3_raw == "123456")

---
local p = pkl.ieee80211{type = "ctrl", subtype = 13}
p.ieee80211.dst = "02:00:00:00:00:01"  --! ieee80211.dst is absent here

---
-- the identifier of an organisation of its own is derived from nothing
local p = pkl.llc{oui = 0x80c2, pid = 5}
p.llc.pid = nil  --! llc.pid has no default

---
local p = pkl.ip()
p.ip.dscp_raw = "a"  --! ip.dscp is not whole bytes

---
pkl.ip{dscp_raw = "a"}  --! ip.dscp is not whole bytes

---
pkl.ip{dscp_raw = 5}  --! ip.dscp_raw: need text, have a number

---
pkl.dns{additionals = {{name = ".", type = "OPT", version_raw = 5}}}  --! version_raw: need text, have a number

---
pkl.ip{v_raw = ""}  --! ip.v is not whole bytes

---
pkl.ip6{tc_raw = "a"}  --! ip6.tc is not whole bytes

---
local p = pkl.ip6()
p.ip6.tc_raw = "a"  --! ip6.tc is not whole bytes

---
-- a part of whole bytes is read and written as its bytes
local p = pkl.dns{additionals = {{name = ".", type = "OPT", version_raw = "\3"}}}
local opt = p.dns.additionals[1]
assert(opt.version == 3)
opt.ext_rcode_raw = "\1"
assert(opt.ext_rcode == 1 and opt.ext_rcode_raw == "\1" and opt.version_raw == "\3")
