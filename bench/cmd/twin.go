package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"

	"pkl/bench/harness"
)

// twinPrefix begins the names of protocols that a script defines anew.
const twinPrefix = "t_"

// twinned are the protocols between the wire and TCP.
var twinned = []string{"eth", "vlan", "ip", "ip6", "ip6_hopopts", "ip6_dstopts", "ip6_routing", "ip6_frag", "tcp"}

var (
	twinNames = strings.Join(twinned, "|")
	twinName  = regexp.MustCompile(`(\bname\s*=\s*")(` + twinNames + `)"`)
	// What a twin claims of fields that stay built in would clash with the original.
	twinClaims = regexp.MustCompile(`(?:\blink|\["loop\.family"\]) = (?:\{[^}]*\}|\w+),?`)
	twinFields = regexp.MustCompile(`([^\w.]|^)(` + twinNames + `)\.([A-Za-z_])`)
)

// makeTwin writes a script with a copy of each built-in protocol, as pkl prints it, under a name with a prefix.
func makeTwin(pkl, file string) error {
	var b bytes.Buffer
	for _, name := range twinned {
		c := exec.Command(pkl, "protos", "--lua", name)
		var stderr bytes.Buffer
		c.Stderr = &stderr
		text, err := c.Output()
		if err != nil {
			return fmt.Errorf("pkl protos --lua %s: %w: %s", name, err, harness.FirstLine(stderr.String()))
		}
		b.WriteString(rename(string(text)))
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "pkl.bind(%q, \"link\", 1)\n", twinPrefix+"eth")
	return os.WriteFile(file, b.Bytes(), 0o644)
}

// rename puts the prefix before protocol names, where they are defined and where a field follows.
func rename(text string) string {
	text = twinClaims.ReplaceAllString(text, "")
	text = twinName.ReplaceAllString(text, `${1}`+twinPrefix+`${2}"`)
	return twinFields.ReplaceAllString(text, `${1}`+twinPrefix+`${2}.${3}`)
}
