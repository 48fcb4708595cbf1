"""Writes captures with random DNS, DHCP, SCTP and radiotap, well formed but for what random values do.

Usage: scatter.py FOLDER. The values are those of a fixed random seed; a file for each link type.
"""
import functools
import random
import struct
import sys

from scapy.all import BOOTP, DNS, DNSQR, DNSRR, IP, SCTP, UDP, Ether, IPv6, Raw, conf, wrpcap
from scapy.layers.dns import DNSRRMX, DNSRROPT, DNSRRSOA, DNSRRSRV, EDNS0TLV, dns_compress

random.seed(2)
conf.debug_dissector = 0
ETHER = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")


def some(n):
    return bytes(random.randrange(256) for _ in range(n))


def number(bits):
    return random.getrandbits(random.choice((1, bits // 2, bits)))


def name():
    labels = random.choices(("a", "bb", "example", "WWW", "x" * 20, "net", "_tcp"), k=random.randrange(1, 5))
    return ".".join(labels) + "."


def record():
    head = dict(rrname=name(), ttl=number(32), rclass=random.choice((1, 1, 1, 3, 255, 0x8001)))
    kind = random.choice((1, 2, 5, 12, 15, 16, 28, 6, 33, 41, 99, 65280))
    if kind == 1:
        return DNSRR(type=1, rdata=".".join(str(b) for b in some(4)), **head)
    if kind in (2, 5, 12):
        return DNSRR(type=kind, rdata=name(), **head)
    if kind == 15:
        return DNSRRMX(type=15, preference=number(16), exchange=name(), **head)
    if kind == 16:
        return DNSRR(type=16, rdata=[b"t" * random.randrange(1, 30) for _ in range(random.randrange(1, 4))], **head)
    if kind == 28:
        return DNSRR(type=28, rdata="2001:db8::%x" % number(16), **head)
    if kind == 6:
        return DNSRRSOA(mname=name(), rname=name(), serial=number(32), refresh=number(32), retry=number(32), expire=number(32),
                        minimum=number(32), **head)
    if kind == 33:
        return DNSRRSRV(priority=number(16), weight=number(16), port=number(16), target=name(), **head)
    if kind == 41:
        options = [EDNS0TLV(optcode=random.choice((65001, 65002, 12)), optdata=some(random.randrange(9))) for _ in range(random.randrange(3))]
        return DNSRROPT(rclass=number(16), rdata=options)
    return DNSRR(type=kind, rdata=some(random.randrange(1, 20)), **head)


def dns():
    """Records in the sections that they may be in: no OPT but among the additional ones."""
    def records(n, opt=False):
        all = [r for r in (record() for _ in range(n)) if opt or r.type != 41]
        return functools.reduce(lambda a, b: a / b, all) if all else None
    sections = [records(number(2)), records(number(2)), records(number(2), True)]
    question = DNSQR(qname=name(), qtype=random.choice((1, 28, 255, number(16))), qclass=random.choice((1, 255)))
    m = DNS(id=number(16), qr=number(1), opcode=random.choice((0, 0, 0, 2, 4, 6)), aa=number(1), tc=number(1), rd=number(1), ra=number(1),
            z=number(1), ad=number(1), cd=number(1), rcode=number(4), qd=question, an=sections[0], ns=sections[1],
            ar=sections[2])
    if number(1):
        m = dns_compress(m)
    return m


def options():
    for _ in range(random.randrange(1, 8)):
        code = random.randrange(1, 255)
        size = {1: 4, 2: 4, 26: 2, 28: 4, 50: 4, 51: 4, 53: 1, 54: 4, 57: 2, 58: 4, 59: 4, 52: 1}.get(code, random.randrange(1, 12) * 4)
        if code in (43, 82, 124, 125, 63, 120, 90, 77, 119, 121, 249, 212, 221, 220, 61, 97, 93, 94, 83, 99, 123, 144, 151, 152, 161, 85, 86, 87):
            continue  # options with formats of their own inside, which random bytes break
        yield bytes((code, size)) + some(size)


def dhcp():
    head = BOOTP(op=random.choice((1, 2)), htype=1, hlen=6, hops=number(8), xid=number(32), secs=number(16), flags=random.choice((0, 0x8000)),
                 ciaddr="192.0.2.%d" % number(8), yiaddr="192.0.2.%d" % number(8), chaddr=some(6), options=b"c\x82Sc")
    message = b"\x35\x01" + bytes((random.randrange(1, 9),))
    return head / Raw(message + b"".join(options()) + b"\xff" + bytes(random.randrange(0, 9)))


def chunk():
    kind = random.choice((0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 192))
    flags = random.randrange(8) if kind == 0 else random.randrange(2) if kind in (6, 14) else 0
    if kind == 0:
        body = struct.pack(">IHHI", number(32), number(16), number(16), 0) + some(random.randrange(1, 30))
    elif kind in (1, 2):
        body = struct.pack(">IIHHI", number(32), number(32), random.randrange(1, 99), random.randrange(1, 99), number(32))
        for _ in range(random.randrange(4)):
            body += parameter()
    elif kind == 3:
        gaps, dups = random.randrange(3), random.randrange(3)
        body = struct.pack(">IIHH", number(32), number(32), gaps, dups) + some(4 * (gaps + dups))
    elif kind in (4, 5):
        body = tlv(1, some(random.randrange(1, 20)))
    elif kind in (6, 9):  # causes that quote chunks or parameters are left out: tshark shows those as the packet's
        body = tlv(random.choice((7, 10, 12, 13)), some(8) if number(1) else b"")
    elif kind in (7, 12, 13):
        body = some(4)
    elif kind == 10:
        body = some(random.randrange(4, 20))
    elif kind == 192:
        body = struct.pack(">I", number(32)) + some(4 * random.randrange(3))
    else:
        body = b""
    return tlv(kind << 8 | flags, body)


def tlv(kind, body):
    return struct.pack(">HH", kind, 4 + len(body)) + body + bytes(-len(body) % 4)


def parameter():
    return random.choice((lambda: tlv(5, some(4)), lambda: tlv(6, some(16)), lambda: tlv(9, some(4)), lambda: tlv(12, b"\0\5\0\6"), lambda: tlv(0x8000, b""),
                          lambda: tlv(0xC000, b""), lambda: tlv(0x8008, some(random.randrange(1, 5))), lambda: tlv(11, b"host.example\0")))()


def sctp():
    head = SCTP(sport=40000, dport=40001, tag=number(32))
    return head / Raw(b"".join(chunk() for _ in range(random.randrange(1, 5))))


def radiotap():
    """Presence words that chain, and what they promise, aligned."""
    sizes = ((8, 8), (1, 1), (1, 1), (2, 4), (1, 2), (1, 1), (1, 1), (2, 2), (2, 2), (2, 2), (1, 1), (1, 1), (1, 1), (1, 1), (2, 2), (2, 2), (1, 1), (1, 1),
             (4, 8), (1, 3), (4, 8), (2, 12))
    words = [random.getrandbits(22) & random.getrandbits(22)]
    while random.random() < 0.4:
        words.append(random.getrandbits(22) & random.getrandbits(22) & ~0x380000 & ~1)
    for i in range(len(words) - 1):
        words[i] |= 1 << 31 | 1 << 29
    data = b""
    at = 4 + 4 * len(words)
    for word in words:
        for bit, (align, size) in enumerate(sizes):
            if word >> bit & 1:
                pad = -(at + len(data)) % align
                data += bytes(pad)
                value = some(size)
                if bit == 1:
                    value = bytes((value[0] & 0x2f,))  # no FCS: what follows is not checked
                if bit == 14 or bit == 15:
                    value = b"\0\0"
                data += value
    head = struct.pack("<BBH", 0, 0, at + len(data)) + b"".join(struct.pack("<I", w) for w in words)
    return head + data + b"\xd4\0\0\0" + some(6)  # an acknowledgement


def frames():
    four = dict(src="192.0.2.1", dst="198.51.100.2")
    for _ in range(300):
        yield ETHER / IP(**four) / UDP(sport=53, dport=40001) / dns()
        yield ETHER / IP(**four) / UDP(sport=68, dport=67) / dhcp()
        yield ETHER / random.choice((IP(**four), IPv6(src="2001:db8::1", dst="2001:db8::2"))) / sctp()


wrpcap(sys.argv[1] + "/scatter-eth.pcap", list(frames()))
wrpcap(sys.argv[1] + "/scatter-radiotap.pcap", [Raw(radiotap()) for _ in range(300)], linktype=127)
