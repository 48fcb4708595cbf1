"""Writes a capture with every kind of option that Scapy can carry: of IP, TCP, IPv6 and neighbour discovery.

Usage: gen.py FOLDER. The values are those of a fixed random seed.
"""
import random
import sys

from scapy.all import (ICMPv6ND_RA, IP, IPOption, IPv6, IPv6ExtHdrDestOpt, IPv6ExtHdrHopByHop, TCP, UDP, Ether, HBHOptUnknown,
                       ICMPv6NDOptUnknown, wrpcap)

random.seed(1)


def some(n):
    return bytes(random.randrange(256) for _ in range(n))


def ip_options():
    # An unfinished source route is left out: tshark takes its last address for ip.dst and for the sums above.
    yield from (b"\x07\x07\x04" + some(4), b"\x07\x0f\x08" + some(12), b"\x83\x07\x08" + some(4), b"\x89\x0b\x0c" + some(8))
    yield from (b"\x44\x08\x05\x00" + some(4), b"\x44\x0c\x05\x01" + some(8), b"\x44\x0c\x0d\x23" + some(8))
    yield from (b"\x82\x0b" + some(9), b"\x88\x04" + some(2), b"\x94\x04\0\0", b"\x0b\x04" + some(2), b"\x0c\x04" + some(2))
    yield from (b"\x52\x0c" + some(10), b"\x01\x01\x01", b"\x00", b"\x1e\x04" + some(2))


def tcp_options():
    yield from ((2, some(2)), (3, some(1)), (4, b""), (5, some(8)), (5, some(24)), (6, some(4)), (7, some(4)), (8, some(8)))
    yield from ((11, some(4)), (12, some(4)), (13, some(4)), (14, b"\x01"), (19, some(16)), (27, some(6)), (28, some(2)))
    yield from ((29, some(14)), (34, b""), (34, some(8)), (200, some(5)))


def frames():
    ether = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
    four = dict(src="192.0.2.1", dst="198.51.100.2")
    six = dict(src="2001:db8::1", dst="2001:db8::2")
    for option in ip_options():
        option += bytes(-len(option) % 4)
        yield ether / IP(options=[IPOption(option)], **four) / UDP(sport=40000, dport=40001) / some(10)
    for kind, value in tcp_options():
        yield ether / IP(**four) / TCP(sport=40000, dport=40001, options=[(kind, value)]) / some(5)
        yield ether / IPv6(**six) / TCP(sport=40000, dport=40001, options=[("NOP", None), (kind, value)]) / some(6)
    for kind, value in ((4, some(1)), (5, b"\0\0"), (0xC9, some(16)), (0x26, some(6)), (0x0F, some(10)), (0x30, some(4)), (99, some(4))):
        for header in (IPv6ExtHdrHopByHop, IPv6ExtHdrDestOpt):
            # Above a home address tshark sums with that as the source (RFC 6275), pkl with the one of the header.
            above = some(7) if kind == 0xC9 else UDP(sport=40000, dport=40001) / some(7)
            yield ether / IPv6(**six) / header(nh=59 if kind == 0xC9 else 17, options=[HBHOptUnknown(otype=kind, optdata=value)]) / above
    for kind, size in ((1, 6), (2, 6), (3, 30), (5, 6), (14, 6), (24, 14), (24, 22), (25, 22), (25, 38), (38, 14), (7, 6), (8, 6), (253, 14)):
        value = some(size)
        yield ether / IPv6(hlim=255, **six) / ICMPv6ND_RA() / ICMPv6NDOptUnknown(type=kind, data=value)


wrpcap(sys.argv[1] + "/options.pcap", list(frames()))
