package iptables

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// commands are what install would run.
func (r *Rule) commands() string {
	var lines []string
	for _, f := range r.families() {
		lines = append(lines, f.tool()+" "+strings.Join(r.insert(), "|"))
	}
	return strings.Join(lines, "\n")
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		spec Spec
		want string
	}{
		{Spec{Rule: "-4 INPUT", PID: 7},
			"iptables -t|filter|-I|INPUT|1|-m|comment|--comment|pkl:7|-j|NFQUEUE|--queue-num|0"},
		{Spec{Rule: "--ipv6 INPUT", PID: 7, First: 3, Last: 3, Bypass: true},
			"ip6tables -t|filter|-I|INPUT|1|-m|comment|--comment|pkl:7|-j|NFQUEUE|--queue-num|3|--queue-bypass"},
		{Spec{Rule: " FORWARD\t-p tcp ! --dport '80' -m string --algo bm --string \"a b\\\"\" ", Table: "mangle", First: 1, Last: 4, Mark: 0x70, PID: 7},
			"iptables -t|mangle|-I|FORWARD|1|-m|mark|!|--mark|0x70|-p|tcp|!|--dport|80|-m|string|--algo|bm|--string|a b\"" +
				"|-m|comment|--comment|pkl:7|-j|NFQUEUE|--queue-balance|1:4\n" +
				"ip6tables -t|mangle|-I|FORWARD|1|-m|mark|!|--mark|0x70|-p|tcp|!|--dport|80|-m|string|--algo|bm|--string|a b\"" +
				"|-m|comment|--comment|pkl:7|-j|NFQUEUE|--queue-balance|1:4"},
		{Spec{Rule: `-6 "my chain" $(id) ; |`}, "ip6tables -t|filter|-I|my chain|1|$(id)|;|||-m|comment|--comment|" +
			fmt.Sprintf("pkl:%d", os.Getpid()) + "|-j|NFQUEUE|--queue-num|0"},
	} {
		r, err := Parse(c.spec)
		if err != nil {
			t.Errorf("%+v: %v", c.spec, err)
		} else if got := r.commands(); got != c.want {
			t.Errorf("%+v:\n%s\nwant\n%s", c.spec, got, c.want)
		}
	}
}

func TestFamilies(t *testing.T) {
	for rule, want := range map[string][]family{
		"INPUT":                              {ipv4, ipv6},
		"INPUT -p tcp --dport 80:90 -i eth0": {ipv4, ipv6},
		"INPUT -m mac --mac-source 00:11:22:33:44:5":     {ipv4, ipv6},
		"INPUT -s example.org":                           {ipv4, ipv6},
		"INPUT ! -p icmp":                                {ipv4, ipv6},
		"INPUT -m string --algo bm --string 10.0.0.1":    {ipv4, ipv6},
		"INPUT -m string --hex-string=::1":               {ipv4, ipv6},
		"INPUT -m set --match-set hosts dst":             {ipv4, ipv6},
		"-4 INPUT -p tcp":                                {ipv4},
		"-6 INPUT -p tcp":                                {ipv6},
		"-4 INPUT -p icmp":                               {ipv4},
		"-6 INPUT ! -p icmp":                             {ipv6},
		"INPUT -p icmp":                                  {ipv4},
		"INPUT -picmp":                                   {ipv4},
		"INPUT -p 1":                                     {ipv4},
		"INPUT --protocol=ICMP":                          {ipv4},
		"INPUT --proto icmp --icmp-type 8":               {ipv4},
		"INPUT -m icmp":                                  {ipv4},
		"INPUT -m ttl --ttl-lt 3":                        {ipv4},
		"INPUT -f":                                       {ipv4},
		"INPUT -s 10.0.0.1":                              {ipv4},
		"INPUT -s10.0.0.0/8":                             {ipv4},
		"INPUT -d 10/8":                                  {ipv4},
		"INPUT ! -s 10.0.0.1,10.0.0.2":                   {ipv4},
		"INPUT --src=10.0.0.0/255.0.0.0":                 {ipv4},
		"INPUT --dest 10.1.1.1":                          {ipv4},
		"INPUT -m conntrack ! --ctorigsrc 10.0.0.1":      {ipv4},
		"INPUT -m iprange --src-range 10.0.0.1-10.0.0.9": {ipv4},
		"INPUT -p icmpv6":                                {ipv6},
		"INPUT -p ipv6-icmp":                             {ipv6},
		"INPUT --protocol 58":                            {ipv6},
		"INPUT -p58":                                     {ipv6},
		"INPUT -m hl --hl-eq 3":                          {ipv6},
		"INPUT -s fe80::/10":                             {ipv6},
		"INPUT ! -d ::1":                                 {ipv6},
		"INPUT --source 2001:db8::1,2001:db8::2":         {ipv6},
		"INPUT -s 2001:db8::/ffff:ffff::":                {ipv6},
		"INPUT -m conntrack --ctrepldst ::1":             {ipv6},
		"INPUT -m iprange --dst-range ::1-::9":           {ipv6},
	} {
		r, err := Parse(Spec{Rule: rule})
		if err != nil {
			t.Error(err)
		} else if got := r.families(); !slices.Equal(got, want) {
			t.Errorf("%s: is for %v, want %v", rule, got, want)
		}
	}
}

func TestRefused(t *testing.T) {
	for rule, want := range map[string]string{
		"":                                      "begins with no chain",
		"-4":                                    "begins with no chain",
		"''":                                    "begins with no chain",
		"-p tcp":                                "begins with no chain",
		"! INPUT":                               "begins with no chain",
		"INPUT 'a":                              "unterminated single-quoted",
		`INPUT "a`:                              "unterminated double-quoted",
		`INPUT a\`:                              "unterminated backslash",
		"INPUT -j ACCEPT":                       "-j has no place in it: the target is NFQUEUE",
		"INPUT -jACCEPT":                        "the target is NFQUEUE",
		"INPUT -fjACCEPT":                       "is nothing to match",
		"INPUT --jump=ACCEPT":                   "the target is NFQUEUE",
		"INPUT --ju ACCEPT":                     "--ju has no place in it: the target is NFQUEUE",
		"INPUT -g X":                            "the target is NFQUEUE",
		"INPUT -t nat":                          "-t outside the rule",
		"INPUT --table nat":                     "-t outside the rule",
		"INPUT -I OUTPUT":                       "inserted, and removed at the end, by itself",
		"INPUT -A OUTPUT":                       "inserted, and removed at the end, by itself",
		"INPUT --del OUTPUT":                    "by itself",
		"INPUT -F":                              "is nothing to match",
		"INPUT --flush":                         "is nothing to match",
		"INPUT -w":                              "waited for anyway",
		"INPUT --wait=3":                        "waited for anyway",
		"INPUT -p tcp -4":                       "stands at the start",
		"INPUT --ipv6":                          "stands at the start",
		"INPUT -m comment --comment x":          "says whose rule it is",
		"INPUT --queue-num 3":                   "those of -q",
		"INPUT --modprobe=/bin/x":               "is nothing to match",
		"INPUT --":                              "it ends the options",
		"INPUT -s 10.0.0.1 -d ::1":              "10.0.0.1 is for IPv4 only, ::1 for IPv6: no packet is both",
		"-4 INPUT -p icmpv6":                    "-4 is for IPv4 only, icmpv6 for IPv6",
		"-6 INPUT -p icmp":                      "-6 is for IPv6 only, icmp for IPv4",
		"INPUT -p icmp -d fe80::1":              "icmp is for IPv4 only",
		"INPUT a\x00b":                          "zero byte",
		"INPUT " + strings.Repeat("x", maxRule): "too long",
	} {
		if r, err := Parse(Spec{Rule: rule}); err == nil {
			t.Errorf("%s: taken as %s", rule, r)
		} else if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", rule, err, want)
		}
	}
	if _, err := Parse(Spec{Rule: "INPUT", First: 3, Last: 2}); err == nil {
		t.Error("queues 3 to 2 are taken")
	}
	if _, err := Parse(Spec{Rule: "INPUT", Table: "-F"}); err == nil {
		t.Error("a table -F is taken")
	}
}

// FuzzParse: whatever the rule says, the command has one table, one command and
// one target, and what is refused is refused with a reason.
func FuzzParse(f *testing.F) {
	for _, rule := range []string{"INPUT -p icmp", `-4 FORWARD ! -s 10/8 -m string --string "a b"`, "INPUT --ju=X -fj", "INPUT -s ::1", "a\\", "INPUT --", "INPUT - -"} {
		f.Add(rule)
	}
	f.Fuzz(func(t *testing.T, rule string) {
		r, err := Parse(Spec{Rule: rule, PID: 7, Mark: 9})
		if err != nil {
			if r != nil || err.Error() == "" {
				t.Errorf("%v with %v", r, err)
			}
			return
		}
		if f := r.families(); len(f) == 0 || len(f) > 2 {
			t.Errorf("families %v", f)
		}
		words := r.insert()
		if strings.HasPrefix(words[3], "-") {
			t.Errorf("chain %q", words[3])
		}
		for i, w := range words {
			if (strings.HasPrefix(w, "-t") || strings.HasPrefix(w, "-I")) && i != 0 && i != 2 || strings.HasPrefix(w, "-j") && i != len(words)-4 {
				t.Errorf("%q has a second %q", words, w)
			}
		}
		again, err := Parse(Spec{Rule: rule, PID: 7, Mark: 9})
		if err != nil || !slices.Equal(again.insert(), words) {
			t.Errorf("once %q, then %q", words, again.insert())
		}
	})
}
