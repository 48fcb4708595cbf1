package iptables

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"strings"
)

// A family is a version of IP.
type family int

const (
	ipv4 family = 4
	ipv6 family = 6
)

func (f family) String() string { return fmt.Sprintf("IPv%d", int(f)) }

// tool is the command that changes the rules of a family.
func (f family) tool() string {
	if f == ipv6 {
		return "ip6tables"
	}
	return "iptables"
}

// here reports whether this system has the family: an IPv6 that is built in but
// disabled at boot has no table of addresses.
func (f family) here() bool {
	if f == ipv4 {
		return true
	}
	_, err := os.Stat("/proc/thread-self/net/if_inet6")
	return !errors.Is(err, os.ErrNotExist)
}

// decide finds the only family that a rule can be for, or 0. Given is what the
// user said. iptables refuses what the other family has only in part: ip6tables
// takes -p icmp, and then never matches.
func decide(given family, words []string) (family, error) {
	only, because := given, fmt.Sprintf("-%d", int(given))
	option, negated := "", false
	for _, w := range words {
		f := familyOf(option, negated, w)
		switch {
		case f == 0 || f == only:
		case only == 0:
			only, because = f, w
		default:
			return 0, fmt.Errorf("%s is for %v only, %s for %v: no packet is both", because, only, w, f)
		}
		switch {
		case w == "!":
			negated = true
		case strings.HasPrefix(w, "-"):
			option = w
		default:
			option, negated = "", false
		}
	}
	return only, nil
}

// familyOf says which family a word is for, by what it is or by the option that
// it follows.
func familyOf(option string, negated bool, word string) family {
	if strings.HasPrefix(word, "-") {
		return familyOfOption(negated, word)
	}
	switch {
	case text(option):
		return 0
	case option == "-p" || abbreviates(option, "--protocol", 5):
		return familyOfProtocol(negated, word)
	case option == "-m" || abbreviates(option, "--match", 4):
		return matches()[word]
	case option == "-s" || option == "-d" || abbreviates(option, "--source", 5) || abbreviates(option, "--destination", 5) ||
		option == "--src" || option == "--dst":
		if word != "" && strings.Trim(word, "0123456789./,") == "" {
			return ipv4 // 10/8
		}
	}
	return familyOfAddresses(word)
}

// familyOfOption is for options that hold their value: -s10.0.0.1, --src=10.0.0.1.
func familyOfOption(negated bool, word string) family {
	if name, value, ok := strings.Cut(word, "="); ok && strings.HasPrefix(word, "--") {
		return familyOf(name, negated, value)
	}
	switch {
	case word == "-f" || abbreviates(word, "--fragments", 4):
		return ipv4
	case abbreviates(word, "--icmp-type", 11):
		return ipv4
	case abbreviates(word, "--icmpv6-type", 13):
		return ipv6
	case len(word) > 2 && word[1] != '-':
		return familyOf(word[:2], negated, word[2:])
	}
	return 0
}

// text reports whether an option's value is any text.
func text(option string) bool { return option == "--string" || option == "--hex-string" }

// abbreviates reports whether an option is a long one, or its beginning of at
// least some letters.
func abbreviates(option, long string, atLeast int) bool {
	return len(option) >= atLeast && strings.HasPrefix(long, option)
}

// familyOfProtocol: all that is not ICMP is in both families.
func familyOfProtocol(negated bool, name string) family {
	if negated {
		return 0
	}
	switch strings.ToLower(name) {
	case "icmp", "1":
		return ipv4
	case "icmpv6", "ipv6-icmp", "icmp6", "58":
		return ipv6
	}
	return 0
}

// matches are the modules that only one of the commands has.
func matches() map[string]family {
	return map[string]family{
		"icmp": ipv4, "ttl": ipv4, "realm": ipv4,
		"icmp6": ipv6, "icmpv6": ipv6, "hl": ipv6, "ipv6header": ipv6, "frag": ipv6, "rt": ipv6, "hbh": ipv6, "dst": ipv6,
		"mh": ipv6, "eui64": ipv6,
	}
}

// familyOfAddresses finds the family of one address, or of the first of several:
// a,b or a/mask or a-b.
func familyOfAddresses(word string) family {
	first := word
	if i := strings.IndexAny(word, ",/-"); i >= 0 {
		first = word[:i]
	}
	addr, err := netip.ParseAddr(first)
	switch {
	case err != nil:
		return 0
	case addr.Is4():
		return ipv4
	}
	return ipv6
}
