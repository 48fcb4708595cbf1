package protocols

import "testing"

func TestTCP(t *testing.T) {
	runWires(t, []wire{
		{"options of a SYN", "tcp", `04d20050 00000000 00000000 a0c22000 9e420000
			02040578 0402 080a0000001100000003 01 030307`, `
			tcp.off 10
			tcp.flags 194
			tcp.SYN 1
			tcp.ECE 1
			tcp.CWR 1
			tcp.AE 0
			tcp.opts.type mss sackok timestamp nop wscale
			tcp.opts.len 4 2 10 3
			tcp.opts.mss 1400
			tcp.opts.tsval 17
			tcp.opts.tsecr 3
			tcp.opts.shift 7`},
		{"blocks", "tcp", `04d20050 00000000 00000000 a1102000 89770000 0101 0512 000003e8000007d0 00000bb800000fa0`, `
			tcp.AE 1
			tcp.ACK 1
			tcp.opts.type nop nop sack
			tcp.opts.blocks.left 1000 3000
			tcp.opts.blocks.right 2000 4000`},
		{"end and padding", "tcp", `04d20050 00000000 00000000 70102000 00000000 030307 00 ffffffff 68656c6c6f`, `
			tcp.opts.type wscale
			tcp.opts.rest
			tcp.body 68656c6c6f`},
		{"fast open, signature, and one that is too long", "tcp", `04d20050 00000000 00000000 c0102000 00000000
			220411aa 1312 000102030405060708090a0b0c0d0e0f 0505 010101 fd`, `
			tcp.opts.type fastopen md5 sack
			tcp.opts.cookie 11aa
			tcp.opts.digest 000102030405060708090a0b0c0d0e0f
			tcp.opts.blocks.left
			tcp.opts.blocks.rest 010101
			tcp.opts.rest fd`},
	})
}

func TestUDP(t *testing.T) {
	runWires(t, []wire{
		{"and what follows it", "ip", `45000020 00010000 40110000 c0000201 c0000202 03e8 03e9 000a 0000 aabb ccdd eeff`, `
			layers ip udp
			udp.sport 1000
			udp.len 10
			udp.sum 0
			udp.body aabb`},
		{"longer than the packet", "ip", `4500001e 00010000 40110000 c0000201 c0000202 03e8 03e9 0fff 0000 aabb`, `
			udp.body aabb
			err`},
	})
}

func TestSCTP(t *testing.T) {
	runWires(t, []wire{
		{"init", "sctp", `00010002 00000000 f17840c9 01000020 00001234 00001388 0003 0004 00000009
			00050008 c0000201 80000004`, `
			sctp.sum 4051189961
			sctp.chunks.type init
			sctp.chunks.len 32
			sctp.chunks.init_tag 4660
			sctp.chunks.a_rwnd 5000
			sctp.chunks.n_out_streams 3
			sctp.chunks.n_in_streams 4
			sctp.chunks.init_tsn 9
			sctp.chunks.params.type ipv4 ecn_capable
			sctp.chunks.params.addr 192.0.2.1`},
		{"acknowledgement and data", "sctp", `00010002 00000007 f2614b76
			03000018 00000005 00000006 0001 0001 0002 0003 00000004
			00030015 0000000a 0001 0002 0000002e 68656c6c6f 000000`, `
			sctp.chunks.type sack data
			sctp.chunks.len 24 21
			sctp.chunks.cum_tsn 5
			sctp.chunks.gaps.start 2
			sctp.chunks.gaps.stop 3
			sctp.chunks.dups 4
			sctp.chunks.I 0
			sctp.chunks.U 0
			sctp.chunks.B 1
			sctp.chunks.E 1
			sctp.chunks.tsn 10
			sctp.chunks.sid 1
			sctp.chunks.ssn 2
			sctp.chunks.ppid diameter
			sctp.chunks.data 68656c6c6f
			sctp.chunks.rest`},
		{"abort", "sctp", `00010002 00000007 00000000 0601000f 000c000b 6e6f2077 61792100`, `
			sctp.chunks.type abort
			sctp.chunks.T 1
			sctp.chunks.causes.type user_abort
			sctp.chunks.causes.text "no way!"`},
		{"a chunk of no length", "sctp", `00010002 00000007 00000000 0b000000 0a000004`, `
			sctp.chunks.type
			sctp.chunks.rest 0b0000000a000004`},
	})
}
