-- Who asks for which server by TLS: the name (SNI), the protocols it offers
-- (ALPN), and the versions.
--
--   pkl run -r testdata/tls.pcap scripts/examples/tls_sni.lua

local version = { [0x300] = "SSL 3.0", [0x301] = "1.0", [0x302] = "1.1", [0x303] = "1.2", [0x304] = "1.3" }

-- join makes a text of the items of a list.
local function join(list, text)
  local all = {}
  for _, item in list:each() do all[#all + 1] = text(item) end
  return table.concat(all, ",")
end

local function show(src, hello)
  local name, offers, versions = "-", "-", version[hello.tlsversion]
  for _, e in hello.extensions:each() do
    if e.names then name = join(e.names, function(n) return n.name end) end
    if e.protocols then offers = join(e.protocols, function(p) return p.name end) end
    if e.versions then versions = join(e.versions, function(v) return version[v] or "?" end) end
  end
  print(src, name, offers, versions)
end

pkl.on("tls.records.messages.type == client_hello", function(pkt)
  for _, record in pkt.tls.records:each() do
    local hello = record.messages and record.messages:find{ type = "client_hello" }
    if hello and hello.extensions then show((pkt.ip or pkt.ip6).src, hello) end
  end
end)
