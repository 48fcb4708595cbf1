"""The benchmark's task in pypacker: connection requests by source address."""

import sys
from collections import Counter

from pypacker import ppcap
from pypacker.layer12 import ethernet
from pypacker.layer3 import ip, ip6
from pypacker.layer4 import tcp


def source(frame):
    """The sender of a connection request, else None."""
    packet = ethernet.Ethernet(frame)
    segment = packet[tcp.TCP]
    if segment is None or segment.flags & (tcp.TH_SYN | tcp.TH_ACK) != tcp.TH_SYN:
        return None
    below = packet[ip.IP]
    if below is None:
        below = packet[ip6.IP6]
    return below.src_s


def main(name):
    counts = Counter()
    reader = ppcap.Reader(filename=name)
    try:
        for _, frame in reader:
            address = source(frame)
            if address is not None:
                counts[address] += 1
    except RuntimeError:
        pass  # the reader of older releases ends so on newer Pythons
    for address, n in counts.items():
        print(address, n)


main(sys.argv[1])
