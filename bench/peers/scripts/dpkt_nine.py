"""What dpkt can do of pypacker's own table; see nine/main.go."""

import sys

import dpkt
from nine import measure

icmp, http = bytes.fromhex(sys.argv[2]), bytes.fromhex(sys.argv[3])
SRC, DST = bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2])
ADDRESSES = bytes([192, 0, 2, 77]), bytes([198, 51, 100, 1])


def parse_icmp(_):
    p = dpkt.ip.IP(icmp)
    return f"{p.p} {p.data.type}"


def parse_all(_):
    p = dpkt.ethernet.Ethernet(http)
    request = dpkt.http.Request(p.data.data.data)
    return f"{p.type} {p.data.p} {p.data.data.dport} {request.method}"


changed = dpkt.ip.IP(icmp)


def checksum(i):
    changed.src = ADDRESSES[i % 2]
    changed.sum = 0
    return bytes(changed)


whole = dpkt.ip.IP(icmp)
measure("parse IP+ICMP", parse_icmp)
measure("parse all layers", parse_all)
measure("serialise unchanged", lambda _: bytes(whole))
measure("create IP", lambda _: bytes(dpkt.ip.IP(src=SRC, dst=DST, id=7, ttl=33, p=17)))
measure("change and recompute checksum", checksum)
