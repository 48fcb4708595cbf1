-- RADIUS, with the attributes of the base standards by name. What is in a vendor's
-- attribute is a list of its own; where it is not, it is the rest of that list.
local names, kinds = {}, {}
local function attributes(kind, all)
  for type, name in pairs(all) do
    names[type] = name
    kinds[name] = { { name, kind } }
  end
end

attributes("text", {
  [1] = "user_name", [11] = "filter_id", [18] = "reply_message", [19] = "callback_number", [20] = "callback_id",
  [22] = "framed_route", [30] = "called_station_id", [31] = "calling_station_id", [32] = "nas_identifier",
  [34] = "login_lat_service", [44] = "acct_session_id", [50] = "acct_multi_session_id", [77] = "connect_info",
  [87] = "nas_port_id", [88] = "framed_pool", [99] = "framed_ipv6_route", [100] = "framed_ipv6_pool" })
attributes(32, {
  [5] = "nas_port", [6] = "service_type", [7] = "framed_protocol", [10] = "framed_routing", [12] = "framed_mtu",
  [13] = "framed_compression", [15] = "login_service", [16] = "login_tcp_port", [27] = "session_timeout",
  [28] = "idle_timeout", [29] = "termination_action", [37] = "framed_appletalk_link", [40] = "acct_status_type",
  [41] = "acct_delay_time", [42] = "acct_input_octets", [43] = "acct_output_octets", [45] = "acct_authentic",
  [46] = "acct_session_time", [47] = "acct_input_packets", [48] = "acct_output_packets", [49] = "acct_terminate_cause",
  [51] = "acct_link_count", [52] = "acct_input_gigawords", [53] = "acct_output_gigawords", [55] = "event_timestamp",
  [61] = "nas_port_type", [62] = "port_limit", [85] = "acct_interim_interval", [101] = "error_cause" })
attributes("ip4", { [4] = "nas_ip_address", [8] = "framed_ip_address", [9] = "framed_ip_netmask", [14] = "login_ip_host" })
attributes("ip6", { [95] = "nas_ipv6_address", [98] = "login_ipv6_host" })
attributes("bytes", {
  [2] = "user_password", [3] = "chap_password", [24] = "state", [25] = "class", [33] = "proxy_state", [60] = "chap_challenge",
  [79] = "eap_message", [80] = "message_authenticator" })
names[26], kinds.vendor_specific = "vendor_specific", {
  { "vendor", 32 },
  { "attrs", "list", of = { { "type", 8 }, { "len", 8, auto = "total_len" }, { "value", "bytes" } } },
}

pkl.protocol {
  name = "radius", doc = "Remote Authentication Dial In User Service", ref = "RFC 2865, RFC 2866, RFC 3162, RFC 5176",
  over = { ["udp.port"] = { 1812, 1813, 1645, 1646, 3799, 1700 } },
  fields = {
    { "code", 8, default = 1, names = {
      [1] = "access_request", [2] = "access_accept", [3] = "access_reject", [4] = "accounting_request", [5] = "accounting_response",
      [11] = "access_challenge", [12] = "status_server", [13] = "status_client", [40] = "disconnect_request", [41] = "disconnect_ack",
      [42] = "disconnect_nak", [43] = "coa_request", [44] = "coa_ack", [45] = "coa_nak" } },
    { "id", 8 },
    { "len", 16, auto = "total_len" },
    { "auth", "bytes", size = 16, doc = "authenticator" },
    { "attrs", "list", by = "type",
      of = { { "type", 8, names = names }, { "len", 8, auto = "total_len" } },
      kinds = kinds, other = { { "value", "bytes" } } },
  },
  replies = {
    { when = "code in {2, 3, 5, 11}", to = "code in {1, 4, 12}", same = { "id" } },
    { when = "code in {41, 42, 44, 45}", to = "code in {40, 43}", same = { "id" } },
  },
}
