package oracle

// transportTables are those of TCP, UDP and SCTP.
func transportTables() map[string]table {
	return map[string]table{
		"tcp": {"tcp", append(tcpRows, tcpOptionRows...)},
		"udp": {"udp", []row{
			{"sport", "udp.srcport", nil, always},
			{"dport", "udp.dstport", nil, always},
			{"len", "udp.length", nil, always},
			{"sum", "udp.checksum", nil, shown},
		}},
		"sctp": {"sctp", append(sctpRows, sctpChunkRows...)},
	}
}

var tcpRows = []row{
	{"sport", "tcp.srcport", nil, always},
	{"dport", "tcp.dstport", nil, always},
	{"seq", "tcp.seq_raw", nil, always},
	{"ack", "tcp.ack_raw", nil, always},
	{"off", "tcp.hdr_len", unit(4), always},
	{"flags", "tcp.flags", nil, always},
	{"AE", "tcp.flags.ae tcp.flags.ns", nil, shown},
	{"CWR", "tcp.flags.cwr", nil, shown},
	{"ECE", "tcp.flags.ece tcp.flags.ecn", nil, shown},
	{"URG", "tcp.flags.urg", nil, always},
	{"ACK", "tcp.flags.ack", nil, always},
	{"PSH", "tcp.flags.push", nil, always},
	{"RST", "tcp.flags.reset", nil, always},
	{"SYN", "tcp.flags.syn", nil, always},
	{"FIN", "tcp.flags.fin", nil, always},
	{"win", "tcp.window_size_value", nil, always},
	{"sum", "tcp.checksum", nil, always},
	{"urp", "tcp.urgent_pointer", nil, always},
}

var tcpOptionRows = []row{
	{"opts.type", "tcp.option_kind", noEnd, always},
	{"opts.len", "tcp.option_len", nil, always},
	{"opts{len==4}.mss", "tcp.options.mss_val", nil, always},
	{"opts{len==3}.shift", "tcp.options.wscale.shift", nil, always},
	{"opts.blocks.left", "tcp.options.sack_le", nil, always},
	{"opts.blocks.right", "tcp.options.sack_re", nil, always},
	{"opts{len==10}.tsval", "tcp.options.timestamp.tsval", nil, always},
	{"opts{len==10}.tsecr", "tcp.options.timestamp.tsecr", nil, always},
	{"opts{len==18}.digest", "tcp.options.md5.digest", nil, always},
	{"opts{len==4}.G", "tcp.options.user_to_granularity", nil, always},
	{"opts{len==4}.timeout", "tcp.options.user_to_val", nil, always},
	{"opts.keyid", "tcp.options.ao.keyid", nil, always},
	{"opts.rnext", "tcp.options.ao.rnextkeyid", nil, always},
	{"opts.mac", "tcp.options.ao.mac", nil, always},
	{"opts.subtype", "tcp.options.mptcp.subtype", nil, always},
	{"opts.cookie opts{exid==0xf989}.data", "tcp.options.tfo.cookie", nil, shown},
	{"opts.exid", "tcp.options.experimental.exid", nil, always},
}

var sctpRows = []row{
	{"sport", "sctp.srcport", nil, always},
	{"dport", "sctp.dstport", nil, always},
	{"vtag", "sctp.verification_tag", nil, always},
	{"sum", "sctp.checksum", nil, always},
	{"chunks.type", "sctp.chunk_type", nil, always},
	{"chunks.flags", "sctp.chunk_flags", nil, always},
	{"chunks.len", "sctp.chunk_length", nil, always},
}

var sctpChunkRows = []row{
	{"chunks{type==0}.I chunks{type==64}.I", "sctp.data_i_bit", nil, always},
	{"chunks{type==0}.U chunks{type==64}.U", "sctp.data_u_bit", nil, always},
	{"chunks{type==0}.B chunks{type==64}.B", "sctp.data_b_bit", nil, always},
	{"chunks{type==0}.E chunks{type==64}.E", "sctp.data_e_bit", nil, always},
	{"chunks{type==0}.tsn chunks{type==64}.tsn", "sctp.data_tsn_raw", nil, always},
	{"chunks{type==0}.sid chunks{type==64}.sid", "sctp.data_sid", nil, always},
	{"chunks{type==0}.ssn", "sctp.data_ssn", nil, always},
	{"chunks{type==0}.ppid chunks{type==64}.ppid", "sctp.data_payload_proto_id", nil, always},
	{"chunks.init_tag", "sctp.init_initiate_tag sctp.initack_initiate_tag", nil, always},
	{"chunks{type!=3}.a_rwnd", "sctp.init_credit sctp.initack_credit", nil, always},
	{"chunks{type==3}.a_rwnd", "sctp.sack_a_rwnd", nil, always},
	{"chunks.n_out_streams", "sctp.init_nr_out_streams sctp.initack_nr_out_streams", nil, always},
	{"chunks.n_in_streams", "sctp.init_nr_in_streams sctp.initack_nr_in_streams", nil, always},
	{"chunks.init_tsn", "sctp.init_initial_tsn sctp.initack_initial_tsn", nil, always},
	{"chunks{type==3}.cum_tsn", "sctp.sack_cumulative_tsn_ack_raw", nil, always},
	{"chunks{type==7}.cum_tsn", "sctp.shutdown_cumulative_tsn_ack", nil, always},
	{"chunks.num_gaps", "sctp.sack_number_of_gap_blocks", nil, always},
	{"chunks.num_dups", "sctp.sack_number_of_duplicated_tsns", nil, always},
	{"chunks.gaps.start", "sctp.sack_gap_block_start", nil, always},
	{"chunks.gaps.stop", "sctp.sack_gap_block_end", nil, always},
	{"chunks.dups", "sctp.sack_duplicate_tsn", nil, always},
	{"chunks{type==10}.cookie", "sctp.cookie", nil, always},
	{"chunks{type==14}.T", "sctp.shutdown_complete_t_bit", nil, always},
	{"chunks{type==6}.T", "sctp.abort_t_bit", nil, always},
	{"chunks.params.type", "sctp.parameter_type", nil, always},
	{"chunks.params.len", "sctp.parameter_length", nil, always},
	{"chunks.params.info", "sctp.parameter_heartbeat_information", nil, always},
	{"chunks.params{type==5}.addr", "sctp.parameter_ipv4_address", nil, always},
	{"chunks.params{type==6}.addr", "sctp.parameter_ipv6_address", nil, always},
	{"chunks.params.cookie", "sctp.parameter_state_cookie", nil, always},
	{"chunks.params{type==12}.types", "sctp.parameter_supported_address_type", nil, always},
	{"chunks.causes.type", "sctp.cause_code", nil, always},
	{"chunks.causes.len", "sctp.cause_length", nil, always},
}
