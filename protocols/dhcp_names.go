package protocols

import "pkl/core"

var dhcpMessages = []core.ValueName{
	{V: 1, Name: "discover"}, {V: 2, Name: "offer"}, {V: 3, Name: "request"}, {V: 4, Name: "decline"},
	{V: 5, Name: "ack"}, {V: 6, Name: "nak"}, {V: 7, Name: "release"}, {V: 8, Name: "inform"},
	{V: 9, Name: "force_renew"}, {V: 10, Name: "lease_query"}, {V: 11, Name: "lease_unassigned"},
	{V: 12, Name: "lease_unknown"}, {V: 13, Name: "lease_active"}, {V: 14, Name: "bulk_lease_query"},
	{V: 15, Name: "lease_query_done"}, {V: 16, Name: "active_lease_query"}, {V: 17, Name: "lease_query_status"},
	{V: 18, Name: "tls"},
}

var dhcpOverloads = []core.ValueName{{V: 1, Name: "file"}, {V: 2, Name: "sname"}, {V: 3, Name: "both"}}

var netbiosTypes = []core.ValueName{
	{V: 1, Name: "b_node"}, {V: 2, Name: "p_node"}, {V: 4, Name: "m_node"}, {V: 8, Name: "h_node"},
}

var dhcpRelayNames = []core.ValueName{
	{V: 1, Name: "circuit_id"}, {V: 2, Name: "remote_id"}, {V: 4, Name: "docsis_class"}, {V: 5, Name: "link_selection"},
	{V: 6, Name: "subscriber_id"}, {V: 7, Name: "radius"}, {V: 8, Name: "authentication"}, {V: 9, Name: "vendor"},
	{V: 10, Name: "flags"}, {V: 11, Name: "server_id_override"}, {V: 12, Name: "relay_id"},
	{V: 19, Name: "source_port"}, {V: 151, Name: "vss"}, {V: 152, Name: "vss_control"},
}

// dhcpOptionNames are option codes (IANA, bootp-dhcp-parameters).
var dhcpOptionNames = []core.ValueName{
	{V: 0, Name: "pad"}, {V: 1, Name: "subnet_mask"}, {V: 2, Name: "time_offset"}, {V: 3, Name: "routers"},
	{V: 4, Name: "time_servers"}, {V: 5, Name: "ien_name_servers"}, {V: 6, Name: "name_servers"},
	{V: 7, Name: "log_servers"}, {V: 8, Name: "cookie_servers"}, {V: 9, Name: "lpr_servers"},
	{V: 10, Name: "impress_servers"}, {V: 11, Name: "location_servers"}, {V: 12, Name: "hostname"},
	{V: 13, Name: "boot_size"}, {V: 14, Name: "merit_dump"}, {V: 15, Name: "domain"}, {V: 16, Name: "swap_server"},
	{V: 17, Name: "root_path"}, {V: 18, Name: "extensions_path"}, {V: 19, Name: "ip_forwarding"},
	{V: 20, Name: "source_routing"}, {V: 21, Name: "policy_filter"}, {V: 22, Name: "max_reassembly"},
	{V: 23, Name: "default_ttl"}, {V: 24, Name: "mtu_timeout"}, {V: 25, Name: "mtu_plateau"}, {V: 26, Name: "mtu"},
	{V: 27, Name: "subnets_local"}, {V: 28, Name: "broadcast"}, {V: 29, Name: "mask_discovery"},
	{V: 30, Name: "mask_supplier"}, {V: 31, Name: "router_discovery"}, {V: 32, Name: "router_request"},
	{V: 33, Name: "static_routes"}, {V: 34, Name: "trailers"}, {V: 35, Name: "arp_timeout"}, {V: 36, Name: "ethernet"},
	{V: 37, Name: "tcp_ttl"}, {V: 38, Name: "keepalive_time"}, {V: 39, Name: "keepalive_data"},
	{V: 40, Name: "nis_domain"}, {V: 41, Name: "nis_servers"}, {V: 42, Name: "ntp_servers"},
	{V: 43, Name: "vendor_specific"}, {V: 44, Name: "netbios_servers"}, {V: 45, Name: "netbios_dd_servers"},
	{V: 46, Name: "netbios_type"}, {V: 47, Name: "netbios_scope"}, {V: 48, Name: "x_fonts"},
	{V: 49, Name: "x_displays"}, {V: 50, Name: "requested_ip"}, {V: 51, Name: "lease_time"}, {V: 52, Name: "overload"},
	{V: 53, Name: "message_type"}, {V: 54, Name: "server_id"}, {V: 55, Name: "param_list"}, {V: 56, Name: "message"},
	{V: 57, Name: "max_size"}, {V: 58, Name: "renewal_time"}, {V: 59, Name: "rebinding_time"},
	{V: 60, Name: "vendor_class"}, {V: 61, Name: "client_id"}, {V: 62, Name: "netware_domain"},
	{V: 63, Name: "netware_option"}, {V: 64, Name: "nisplus_domain"}, {V: 65, Name: "nisplus_servers"},
	{V: 66, Name: "tftp_server"}, {V: 67, Name: "boot_file"}, {V: 68, Name: "home_agents"},
	{V: 69, Name: "smtp_servers"}, {V: 70, Name: "pop3_servers"}, {V: 71, Name: "nntp_servers"},
	{V: 72, Name: "www_servers"}, {V: 73, Name: "finger_servers"}, {V: 74, Name: "irc_servers"},
	{V: 75, Name: "streettalk_servers"}, {V: 76, Name: "stda_servers"}, {V: 77, Name: "user_class"},
	{V: 78, Name: "directory_agent"}, {V: 79, Name: "service_scope"}, {V: 80, Name: "rapid_commit"},
	{V: 81, Name: "fqdn"}, {V: 82, Name: "relay_agent"}, {V: 83, Name: "isns"}, {V: 85, Name: "nds_servers"},
	{V: 86, Name: "nds_tree"}, {V: 87, Name: "nds_context"}, {V: 88, Name: "bcmcs_domains"},
	{V: 89, Name: "bcmcs_servers"}, {V: 90, Name: "authentication"}, {V: 91, Name: "last_transaction"},
	{V: 92, Name: "associated_ip"}, {V: 93, Name: "client_arch"}, {V: 94, Name: "client_ndi"}, {V: 95, Name: "ldap"},
	{V: 97, Name: "client_uuid"}, {V: 98, Name: "user_authentication"}, {V: 99, Name: "civic_location"},
	{V: 100, Name: "tz_posix"}, {V: 101, Name: "tz_name"}, {V: 108, Name: "ipv6_only"},
	{V: 112, Name: "netinfo_address"}, {V: 113, Name: "netinfo_tag"}, {V: 114, Name: "captive_portal"},
	{V: 116, Name: "auto_config"}, {V: 117, Name: "name_search"}, {V: 118, Name: "subnet_selection"},
	{V: 119, Name: "domain_search"}, {V: 120, Name: "sip_servers"}, {V: 121, Name: "classless_routes"},
	{V: 122, Name: "cablelabs"}, {V: 123, Name: "geoconf"}, {V: 124, Name: "vi_vendor_class"},
	{V: 125, Name: "vi_vendor_specific"}, {V: 136, Name: "pana"}, {V: 137, Name: "lost_server"},
	{V: 138, Name: "capwap"}, {V: 141, Name: "sip_ua_domains"}, {V: 143, Name: "sztp_redirect"},
	{V: 145, Name: "forcerenew_nonce"}, {V: 146, Name: "rdnss_selection"}, {V: 150, Name: "tftp_servers"},
	{V: 151, Name: "status_code"}, {V: 152, Name: "base_time"}, {V: 153, Name: "start_time"},
	{V: 154, Name: "query_start"}, {V: 155, Name: "query_end"}, {V: 156, Name: "dhcp_state"},
	{V: 157, Name: "data_source"}, {V: 159, Name: "port_params"}, {V: 161, Name: "mud_url"},
	{V: 162, Name: "encrypted_dns"}, {V: 175, Name: "etherboot"}, {V: 208, Name: "pxelinux_magic"},
	{V: 209, Name: "pxelinux_config"}, {V: 210, Name: "pxelinux_prefix"}, {V: 211, Name: "pxelinux_reboot"},
	{V: 212, Name: "sixrd"}, {V: 213, Name: "access_domain"}, {V: 220, Name: "subnet_allocation"},
	{V: 221, Name: "vss"}, {V: 249, Name: "ms_classless_routes"}, {V: 252, Name: "proxy_autodiscovery"},
	{V: 255, Name: "end"},
}
