"""The benchmark's task in dpkt: connection requests by source address."""

import socket
import sys
from collections import Counter

import dpkt
from dpkt.tcp import TH_ACK, TH_SYN


def source(frame):
    """The sender of a connection request as packed bytes, else None."""
    ip = dpkt.ethernet.Ethernet(frame).data
    tcp = getattr(ip, "data", None)
    if isinstance(tcp, dpkt.tcp.TCP) and tcp.flags & (TH_SYN | TH_ACK) == TH_SYN:
        return ip.src
    return None


def text(address):
    """A packed address in its usual form."""
    family = socket.AF_INET if len(address) == 4 else socket.AF_INET6
    return socket.inet_ntop(family, address)


def main(name):
    counts = Counter()
    with open(name, "rb") as f:
        for _, frame in dpkt.pcap.Reader(f):
            address = source(frame)
            if address is not None:
                counts[address] += 1
    for address, n in counts.items():
        print(text(address), n)


main(sys.argv[1])
