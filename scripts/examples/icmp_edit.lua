-- Writes "PKL" over the end of every ping's payload. Whoever sent the ping gets
-- the changed bytes back; lengths and checksums follow by themselves.
--
--   pkl run -q 0 --iptables 'INPUT -p icmp' scripts/examples/icmp_edit.lua

local mark = "PKL"

pkl.on("icmp.type == echo_request or icmp6.type == echo_request", function(pkt)
  local l = pkt.icmp or pkt.icmp6
  if #l.body >= #mark then
    l.body = l.body:sub(1, -#mark - 1) .. mark
  end
end)
