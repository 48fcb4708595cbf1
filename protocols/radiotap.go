package protocols

import "pkl/core"

// Radiotap says how a wireless frame was received or is to be sent
// (radiotap.org). Bit n of present_flags says that field n is there; the fields come
// in that order, each aligned from the start of the header. Fields of further
// presence words, vendors and TLVs are data.
var Radiotap = core.Spec{
	Name: "radiotap",
	Doc:  "Radiotap: how a wireless frame was received",
	Ref:  "radiotap.org",
	Over: []core.Key{{On: "link", Is: "127"}, {On: "sll.hatype", Is: "803"}},
	Fields: []core.Field{
		{Name: "version", Bits: 8},
		{Name: "pad", Bits: 8},
		{Name: "len", Bits: 16, LE: true, Auto: "header_len"},
		{Name: "present_flags", Bits: 32, LE: true, Hex: true, Doc: "which fields follow; bit 31: another such word does first"},
		{Name: "EXT", Bits: 1, Part: "present_flags", Auto: "present(presences)", Doc: "bit 31 of present_flags"},
		{Name: "presences", Kind: core.List, When: "EXT", Last: "bits & 0x80000000 == 0",
			Item: &core.Struct{Fields: []core.Field{{Name: "bits", Bits: 32, LE: true, Hex: true}}}},

		{Name: "tsft", Bits: 64, LE: true, Align: 8, When: "present_flags & 0x1 != 0", Doc: "microseconds of the receiver's clock"},
		{Name: "flags", Bits: 8, Hex: true, Flags: radiotapFlags, When: "present_flags & 0x2 != 0"},
		{Name: "rate", Bits: 8, When: "present_flags & 0x4 != 0", Doc: "in units of 500 kbit/s"},
		{Name: "freq", Bits: 16, LE: true, Align: 2, When: "present_flags & 0x8 != 0", Doc: "MHz"},
		{Name: "chflags", Bits: 16, LE: true, Hex: true, When: "present_flags & 0x8 != 0", Doc: "kind of channel"},
		{Name: "hopset", Bits: 8, Align: 2, When: "present_flags & 0x10 != 0"},
		{Name: "hoppattern", Bits: 8, When: "present_flags & 0x10 != 0"},
		{Name: "dbm_antsignal", Bits: 8, Signed: true, When: "present_flags & 0x20 != 0"},
		{Name: "dbm_antnoise", Bits: 8, Signed: true, When: "present_flags & 0x40 != 0"},
		{Name: "lock_quality", Bits: 16, LE: true, Align: 2, When: "present_flags & 0x80 != 0"},
		{Name: "tx_attenuation", Bits: 16, LE: true, Align: 2, When: "present_flags & 0x100 != 0"},
		{Name: "db_tx_attenuation", Bits: 16, LE: true, Align: 2, When: "present_flags & 0x200 != 0"},
		{Name: "dbm_tx_power", Bits: 8, Signed: true, When: "present_flags & 0x400 != 0"},
		{Name: "antenna", Bits: 8, When: "present_flags & 0x800 != 0"},
		{Name: "db_antsignal", Bits: 8, When: "present_flags & 0x1000 != 0"},
		{Name: "db_antnoise", Bits: 8, When: "present_flags & 0x2000 != 0"},
		{Name: "rxflags", Bits: 16, LE: true, Hex: true, Align: 2, When: "present_flags & 0x4000 != 0"},
		{Name: "txflags", Bits: 16, LE: true, Hex: true, Align: 2, When: "present_flags & 0x8000 != 0"},
		{Name: "rts_retries", Bits: 8, When: "present_flags & 0x10000 != 0"},
		{Name: "data_retries", Bits: 8, When: "present_flags & 0x20000 != 0"},
		{Name: "xchflags", Bits: 32, LE: true, Hex: true, Align: 4, When: "present_flags & 0x40000 != 0"},
		{Name: "xfreq", Bits: 16, LE: true, When: "present_flags & 0x40000 != 0"},
		{Name: "xchannel", Bits: 8, When: "present_flags & 0x40000 != 0"},
		{Name: "xmax_power", Bits: 8, When: "present_flags & 0x40000 != 0"},
		{Name: "mcs_known", Bits: 8, Hex: true, When: "present_flags & 0x80000 != 0"},
		{Name: "mcs_flags", Bits: 8, Hex: true, When: "present_flags & 0x80000 != 0"},
		{Name: "mcs", Bits: 8, When: "present_flags & 0x80000 != 0"},
		{Name: "ampdu_ref", Bits: 32, LE: true, Align: 4, When: "present_flags & 0x100000 != 0"},
		{Name: "ampdu_flags", Bits: 16, LE: true, Hex: true, When: "present_flags & 0x100000 != 0"},
		{Name: "ampdu_crc", Bits: 8, Hex: true, When: "present_flags & 0x100000 != 0"},
		{Name: "ampdu_reserved", Bits: 8, When: "present_flags & 0x100000 != 0"},
		{Name: "vht_known", Bits: 16, LE: true, Hex: true, Align: 2, When: "present_flags & 0x200000 != 0"},
		{Name: "vht_flags", Bits: 8, Hex: true, When: "present_flags & 0x200000 != 0"},
		{Name: "vht_bw", Bits: 8, When: "present_flags & 0x200000 != 0"},
		{Name: "vht_mcs_nss", Kind: core.Bytes, Size: "4", When: "present_flags & 0x200000 != 0"},
		{Name: "vht_coding", Bits: 8, When: "present_flags & 0x200000 != 0"},
		{Name: "vht_group", Bits: 8, When: "present_flags & 0x200000 != 0"},
		{Name: "vht_p_aid", Bits: 16, LE: true, When: "present_flags & 0x200000 != 0"},
		{Name: "timestamp", Bits: 64, LE: true, Align: 8, When: "present_flags & 0x400000 != 0"},
		{Name: "ts_accuracy", Bits: 16, LE: true, When: "present_flags & 0x400000 != 0"},
		{Name: "ts_unit", Bits: 8, Hex: true, When: "present_flags & 0x400000 != 0"},
		{Name: "ts_flags", Bits: 8, Hex: true, When: "present_flags & 0x400000 != 0"},
		{Name: "he", Kind: core.Bytes, Size: "12", Align: 2, When: "present_flags & 0x800000 != 0"},
		{Name: "he_mu", Kind: core.Bytes, Size: "12", Align: 2, When: "present_flags & 0x1000000 != 0"},
		{Name: "he_mu_user", Kind: core.Bytes, Size: "6", Align: 2, When: "present_flags & 0x2000000 != 0"},
		{Name: "zero_len_psdu", Bits: 8, When: "present_flags & 0x4000000 != 0"},
		{Name: "lsig", Bits: 32, LE: true, Hex: true, Align: 2, When: "present_flags & 0x8000000 != 0"},
		{Name: "data", Kind: core.Bytes, Doc: "fields of further presence words"},
	},
}

var radiotapFlags = []string{"SGI", "BADFCS", "DATAPAD", "FCS", "FRAG", "WEP", "SHORTPRE", "CFP"}
