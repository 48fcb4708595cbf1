package protocols

import "pkl/core"

// All returns the built-in protocols, lowest layer first.
func All() []*core.Spec {
	return []*core.Spec{
		&Eth, &SLL, &SLL2, &Loop, &Radiotap, &Prism, &WlanCap, &IEEE80211, &LLC, &VLAN, &ARP, &LLDP, // link
		&BTLERF, &BTLE, &BTLEControl, &L2CAP, // Bluetooth
		&IP, &IP6, &IP6HopOpts, &IP6DstOpts, &IP6Routing, &IP6Frag, &AH, &ESP, // network
		&ICMP, &ICMP6, &ICMPExt, &IGMP, // control
		&TCP, &UDP, &SCTP, // transport
		&DNS, &DHCP, &TLS, &HTTP, &BGP, // application
	}
}

// Structs returns the item kinds that specs refer to by name.
func Structs() []*core.Struct {
	return []*core.Struct{&dnsMessage}
}
