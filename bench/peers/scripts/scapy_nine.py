"""The work of pypacker's own table in Scapy; see nine/main.go."""

import logging
import sys

logging.getLogger("scapy.runtime").setLevel(logging.ERROR)

from nine import measure
from scapy.layers.http import HTTP, HTTPRequest
from scapy.layers.inet import ICMP, IP, TCP
from scapy.layers.l2 import Ether

icmp, http = bytes.fromhex(sys.argv[2]), bytes.fromhex(sys.argv[3])


def ip(proto):
    return IP(src="192.0.2.1", dst="192.0.2.2", id=7, ttl=33, proto=proto)


def parse_icmp(_):
    p = IP(icmp)
    return f"{p.proto} {p[ICMP].type}"


def parse_all(_):
    p = Ether(http)
    return f"{p.type} {p[IP].proto} {p[TCP].dport} {p[HTTPRequest].Method.decode()}"


def four(_):
    tcp = TCP(sport=1234, dport=80, seq=100, ack=200, flags="PA")
    request = HTTPRequest(Method="GET", Path="/a", Host="example.org")
    return bytes(Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / ip(6) / tcp / HTTP() / request)


# A packet that was dissected keeps lengths and sums, so those that follow from a change are deleted first.
changed = IP(icmp)


def checksum(i):
    changed.src = ("192.0.2.77", "198.51.100.1")[i % 2]
    del changed.chksum
    return bytes(changed)


request = Ether(http)


def change(field, values):
    def do(i):
        setattr(request[HTTPRequest], field, values[i % 2])
        del request[IP].len, request[IP].chksum, request[TCP].chksum
        return bytes(request)

    return do


whole = IP(icmp)
measure("parse IP+ICMP", parse_icmp)
measure("parse all layers", parse_all)
measure("serialise unchanged", lambda _: bytes(whole))
measure("create IP", lambda _: bytes(ip(17)))
measure("assign and concatenate four layers", four)
measure("change and recompute checksum", checksum)
measure("change list element", change("Host", (b"www.example.net", b"example.com")))
request = Ether(http)
measure("change HTTP start line", change("Path", (b"/other", b"/longer/than/that.html")))
