package oracle

// linkTables are those of link layers.
func linkTables() map[string]table {
	return map[string]table{
		"eth": {"eth", []row{
			{"dst", "eth.dst", nil, always},
			{"src", "eth.src", nil, always},
			{"type", "eth.type", typeOnly, always},
			{"len", "eth.len eth.type", lengthOnly, always},
			{"lentype", "eth.invalid_lentype", nil, always},
		}},
		"vlan": {"vlan ieee8021ad", []row{
			{"pcp", "vlan.priority ieee8021ad.priority", nil, always},
			{"DEI", "vlan.dei ieee8021ad.dei", nil, always},
			{"vid", "vlan.id ieee8021ad.id", nil, always},
			{"type", "vlan.etype ieee8021ah.etype", nil, always},
			{"len", "vlan.len", nil, always},
		}},
		"llc": {"llc", []row{
			{"dsap", "llc.dsap", nil, always},
			{"ssap", "llc.ssap", nil, always},
			{"ctl", "llc.control", nil, always},
			{"oui", "llc.oui", raw, always},
			{"pid", "llc.type llc.pid llc.cisco_pid llc.nortel_pid llc.extreme_pid llc.foundry_pid llc.wlccp_pid llc.bridged_pid", nil, always},
		}},
		"arp": {"arp", []row{
			{"hrd", "arp.hw.type", nil, always},
			{"pro", "arp.proto.type", nil, always},
			{"hln", "arp.hw.size", nil, always},
			{"pln", "arp.proto.size", nil, always},
			{"op", "arp.opcode", nil, always},
			{"sha", "arp.src.hw_mac arp.src.hw", nil, always},
			{"spa", "arp.src.proto_ipv4 arp.src.proto", nil, always},
			{"tha", "arp.dst.hw_mac arp.dst.hw", nil, shown},
			{"tpa", "arp.dst.proto_ipv4 arp.dst.proto", nil, shown},
		}},
		"sll":      {"sll", sllRows},
		"sll2":     {"sll", append(sllRows, row{"ifindex", "sll.ifindex", nil, always})},
		"loop":     {"null", []row{{"family", "null.family", nil, shown}}},
		"radiotap": {"radiotap", radiotapRows},
	}
}

var sllRows = []row{
	{"type", "sll.etype sll.gretype sll.ltype sll.hatype_none", nil, always},
	{"hatype", "sll.hatype", nil, always},
	{"pkttype", "sll.pkttype", nil, always},
	{"halen", "sll.halen", nil, always},
}

var radiotapRows = []row{
	{"version", "radiotap.version", nil, always},
	{"pad", "radiotap.pad", nil, always},
	{"len", "radiotap.length", nil, always},
	{"present_flags presences.bits", "radiotap.present.word", nil, always},
	{"TSFT", "radiotap.present.tsft", nil, first},
	{"FLAGS", "radiotap.present.flags", nil, first},
	{"RATE", "radiotap.present.rate", nil, first},
	{"CHANNEL", "radiotap.present.channel", nil, first},
	{"FHSS", "radiotap.present.fhss", nil, first},
	{"DBM_ANTSIGNAL", "radiotap.present.dbm_antsignal", nil, first},
	{"DBM_ANTNOISE", "radiotap.present.dbm_antnoise", nil, first},
	{"LOCK_QUALITY", "radiotap.present.lock_quality", nil, first},
	{"TX_ATTENUATION", "radiotap.present.tx_attenuation", nil, first},
	{"DB_TX_ATTENUATION", "radiotap.present.db_tx_attenuation", nil, first},
	{"DBM_TX_POWER", "radiotap.present.dbm_tx_power", nil, first},
	{"ANTENNA", "radiotap.present.antenna", nil, first},
	{"DB_ANTSIGNAL", "radiotap.present.db_antsignal", nil, first},
	{"DB_ANTNOISE", "radiotap.present.db_antnoise", nil, first},
	{"RXFLAGS", "radiotap.present.rxflags", nil, first},
	{"TXFLAGS", "radiotap.present.txflags", nil, first},
	{"DATA_RETRIES", "radiotap.present.data_retries", nil, first},
	{"XCHANNEL", "radiotap.present.xchannel", nil, first},
	{"MCS", "radiotap.present.mcs", nil, first},
	{"AMPDU", "radiotap.present.ampdu", nil, first},
	{"VHT", "radiotap.present.vht", nil, first},
	{"TIMESTAMP", "radiotap.present.timestamp", nil, first},
	{"HE", "radiotap.present.he", nil, first},
	{"HE_MU", "radiotap.present.he_mu", nil, first},
	{"ZERO_LEN_PSDU", "radiotap.present.0_length.psdu", nil, first},
	{"LSIG", "radiotap.present.l_sig", nil, first},
	{"TLV", "radiotap.present.tlv", nil, first},
	{"RTAP_NS", "radiotap.present.rtap_ns", nil, first},
	{"VENDOR_NS", "radiotap.present.vendor_ns", nil, first},
	{"EXT", "radiotap.present.ext", nil, first},
	{"tsft", "radiotap.mactime", rawLE, first},
	{"flags", "radiotap.flags", nil, first},
	{"SGI", "radiotap.flags.shortgi", nil, first},
	{"BADFCS", "radiotap.flags.badfcs", nil, first},
	{"DATAPAD", "radiotap.flags.datapad", nil, first},
	{"FCS", "radiotap.flags.fcs", nil, first},
	{"FRAG", "radiotap.flags.frag", nil, first},
	{"WEP", "radiotap.flags.wep", nil, first},
	{"SHORTPRE", "radiotap.flags.preamble", nil, first},
	{"CFP", "radiotap.flags.cfp", nil, first},
	{"rate", "radiotap.datarate", rawLE, first},
	{"freq", "radiotap.channel.freq", nil, first},
	{"chflags", "radiotap.channel.flags", nil, first},
	{"hopset", "radiotap.fhss.hopset", nil, first},
	{"hoppattern", "radiotap.fhss.pattern", nil, first},
	{"dbm_antsignal", "radiotap.dbm_antsignal", nil, first},
	{"dbm_antnoise", "radiotap.dbm_antnoise", nil, first},
	{"lock_quality", "radiotap.quality", nil, first},
	{"tx_attenuation", "radiotap.txattenuation", nil, first},
	{"db_tx_attenuation", "radiotap.db_txattenuation", nil, first},
	{"dbm_tx_power", "radiotap.txpower", nil, first},
	{"antenna", "radiotap.antenna", nil, first},
	{"db_antsignal", "radiotap.db_antsignal", nil, first},
	{"db_antnoise", "radiotap.db_antnoise", nil, first},
	{"rxflags", "radiotap.rxflags", nil, first},
	{"txflags", "radiotap.txflags", nil, first},
	{"data_retries", "radiotap.data_retries", nil, first},
	{"xchflags", "radiotap.xchannel.flags", nil, first},
	{"xfreq", "radiotap.xchannel.freq", nil, first},
	{"xchannel", "radiotap.xchannel.channel", nil, first},
	{"mcs_known", "radiotap.mcs.known", nil, first},
	{"mcs", "radiotap.mcs.index", nil, firstShown},
	{"ampdu_ref", "radiotap.ampdu.reference", nil, first},
	{"ampdu_flags", "radiotap.ampdu.flags", nil, first},
	{"vht_known", "radiotap.vht.known", rawLE, first},
	{"timestamp", "radiotap.timestamp.ts", nil, first},
	{"ts_accuracy", "radiotap.timestamp.accuracy", nil, firstShown},
}

// typeOnly leaves out a type of 0, which is a length to pkl.
func typeOnly(n *node) (string, bool) {
	s, _ := shownNumber(n)
	return s, s != "0"
}

// lengthOnly takes that one in.
func lengthOnly(n *node) (string, bool) {
	s, _ := shownNumber(n)
	return s, n.name == "eth.len" || s == "0"
}
