-- Copies the packets that match a filter from one capture file to another.
--
--   pkl run scripts/examples/pcap_filter.lua -- testdata/web.pcap out.pcap 'dns or arp'

local from, to, filter = arg[1], arg[2], arg[3]
if not filter then
  io.stderr:write("usage: pcap_filter.lua -- IN OUT FILTER\n")
  os.exit(2)
end

local reader = assert(pkl.open(from))
local writer = assert(pkl.create(to, { linktype = reader.linktype }))
local n = 0
for pkt in reader:packets(filter) do
  writer:write(pkt)
  n = n + 1
end
writer:close()
reader:close()
print(n .. " packets")
