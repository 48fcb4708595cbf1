# Packets of the protocols of the library, made by scapy: library.py OUT.
import sys
from scapy.all import *
from scapy.contrib.mqtt import *
from scapy.contrib.coap import CoAP
from scapy.contrib.modbus import *
from scapy.contrib.wireguard import *
from scapy.contrib.mpls import MPLS

eth = Ether(dst="02:00:00:00:00:02", src="02:00:00:00:00:01")
ip = IP(src="10.1.2.3", dst="10.4.5.6")
inner = IP(src="192.0.2.1", dst="192.0.2.2") / UDP(sport=40000, dport=40001) / b"inner"


def udp(port):
    return eth / ip / UDP(sport=40000, dport=port)


def tcp(port, **more):
    return eth / ip / TCP(**{"sport": 40000, "dport": port, "flags": "PA", **more})


packets = [
    udp(4789) / VXLAN(vni=5000, flags="Instance") / eth / inner,
    udp(4789) / VXLAN(vni=7, flags="Instance+G", gpid=9) / eth / Dot1Q(vlan=5) / inner,
    eth / ip / GRE() / inner,
    eth / ip / GRE(chksum_present=1, key_present=1, key=77, seqnum_present=1, sequence_number=3) / inner,
    eth / ip / GRE(proto=0x6558) / eth / inner,
    eth / ip / GRE_PPTP(seqnum_present=1, seqence_number=5, call_id=9, acknum_present=1, ack_number=4) / PPP(proto=0x21) / inner,
    eth / MPLS(label=16, s=0, ttl=3) / MPLS(label=17, cos=5, s=1, ttl=2) / inner,
    eth / MPLS(label=2, s=1, ttl=2) / IPv6(src="2001:db8::1", dst="2001:db8::2") / UDP(sport=40000, dport=40001),
    eth / PPPoED(code=0x09) / PPPoETag(tag_type=0x0101, tag_value=b"isp") / PPPoETag(tag_type=0x0103, tag_value=b"1234"),
    eth / PPPoED(code=0x07) / PPPoETag(tag_type=0x0102, tag_value=b"ac") / PPPoETag(tag_type=0x0104, tag_value=b"cookie"),
    eth / PPPoE(sessionid=7) / PPP(proto=0x21) / inner,
    eth / PPPoE(sessionid=7) / PPP(proto=0x57) / IPv6(src="2001:db8::1", dst="2001:db8::2") / UDP(sport=40000, dport=40001),
    udp(51820) / Wireguard() / WireguardInitiation(sender_index=5, unencrypted_ephemeral=b"e" * 32, encrypted_static=b"s" * 48, encrypted_timestamp=b"t" * 28),
    udp(51820) / Wireguard() / WireguardResponse(sender_index=6, receiver_index=5),
    udp(51820) / Wireguard() / WireguardTransport(receiver_index=5, counter=9, encrypted_encapsulated_packet=b"x" * 48),
    tcp(1883) / MQTT(type=1) / MQTTConnect(protoname="MQTT", protolevel=4, usernameflag=1, passwordflag=1, clientId="client", username="user", password="secret"),
    tcp(1883) / MQTT(type=3, QOS=1) / MQTTPublish(topic="a/b", msgid=9, value=b"v" * 300),
    tcp(1883) / MQTT(type=3, QOS=0) / MQTTPublish(topic="a/b", value=b"v" * 20000),
    tcp(1883) / MQTT(type=8, QOS=1) / MQTTSubscribe(msgid=3, topics=[MQTTTopicQOS(topic="x/#", QOS=1)]),
    udp(5683) / CoAP(ver=1, type=0, code=1, msg_id=5, token=b"tok", options=[("Uri-Host", b"example.org"), ("Uri-Path", b"sensors"), ("Uri-Path", b"a-very-long-name-of-it"), ("Size1", b"\x05")]),
    udp(5683) / CoAP(ver=1, type=2, code=69, msg_id=5, options=[("ETag", b"abcd"), ("Content-Format", b"\x32")], paymark=b"\xff") / b"{}",
    tcp(502) / ModbusADURequest(transId=1, unitId=3) / ModbusPDU03ReadHoldingRegistersRequest(startAddr=5, quantity=2),
    tcp(40000, sport=502) / ModbusADUResponse(transId=1, unitId=3) / ModbusPDU03ReadHoldingRegistersResponse(registerVal=[1, 2]),
    tcp(502) / ModbusADURequest(transId=2) / ModbusPDU10WriteMultipleRegistersRequest(startAddr=5, outputsValue=[7, 8, 9]),
    tcp(40000, sport=502) / ModbusADUResponse(transId=2) / ModbusPDU03ReadHoldingRegistersError(),
    udp(5004) / RTP(payload_type=0, sequence=7, timestamp=8, sourcesync=9, numsync=2, sync=[10, 11], marker=1) / b"voice",
    udp(5004) / RTP(payload_type=96, extension=1) / RTPExtension(header_id=0xabac, header=[1, 2]) / b"voice",
    eth / ip / UDP(sport=40069, dport=69) / TFTP(op=1) / TFTP_RRQ(filename="boot.img", mode="octet") / TFTP_Options(options=[TFTP_Option(oname="blksize", value="1400")]),
    udp(123) / NTPHeader(version=4, mode=3, stratum=2, poll=6, precision=236),
    udp(1812) / Radius(code=1, id=4, attributes=[RadiusAttr_User_Name(value="bob"), RadiusAttr_NAS_IP_Address(value="10.0.0.1"), RadiusAttr_NAS_Port(value=3),
        RadiusAttr_Vendor_Specific(vendor_id=9, vendor_type=1, value=b"shell")]),
]
wrpcap(sys.argv[1], packets)
