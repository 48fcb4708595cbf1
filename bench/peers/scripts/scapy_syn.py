"""The benchmark's task in Scapy: connection requests by source address."""

import logging
import sys
from collections import Counter

logging.getLogger("scapy.runtime").setLevel(logging.ERROR)

from scapy.config import conf
from scapy.layers.inet import IP, TCP
from scapy.layers.inet6 import IPerror6, IPv6, IPv6ExtHdrDestOpt
from scapy.layers.l2 import Dot1AD, Dot1Q, Ether
from scapy.utils import PcapReader

SYN, ACK = 0x02, 0x10


def source(packet):
    """The sender of a connection request, else None."""
    tcp = packet.getlayer(TCP)
    if tcp is None or int(tcp.flags) & (SYN | ACK) != SYN:
        return None
    if packet.haslayer(IPerror6):  # an ICMPv6 error quotes the request
        return None
    ip = packet.getlayer(IP) or packet.getlayer(IPv6)
    return ip.src


def main(name):
    # Scapy's own advice for speed: dissect only the layers that are needed.
    conf.layers.filter([Ether, Dot1AD, Dot1Q, IP, IPv6, IPv6ExtHdrDestOpt, TCP])
    counts = Counter()
    with PcapReader(name) as packets:
        for packet in packets:
            address = source(packet)
            if address is not None:
                counts[address] += 1
    for address, n in counts.items():
        print(address, n)


main(sys.argv[1])
