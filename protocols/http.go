package protocols

import "pkl/core"

// HTTP is HTTP/1.0 and 1.1 (RFC 9112): start line, headers, and in the body what
// the segment has of the content. A line may end without CR (§2.2).
var HTTP = core.Spec{
	Name: "http",
	Doc:  "Hypertext Transfer Protocol 1.0, 1.1",
	Ref:  "RFC 9112",
	Over: []core.Key{
		{On: "tcp.port", Is: "80, 8080, 8000, 8008, 8088, 631, 1900, 2710, 2869, 3128, 3132, 3689, 5985, 11371"},
		{On: "tcp", Is: "true"},
	},
	Check: `version[0:5] == "HTTP/" and (status_raw matches "^[0-9]{3}$" or method matches "^[A-Za-z_-]+$")`,
	Fields: []core.Field{
		{Name: "method", Kind: core.Text, Until: " ", Default: "GET", When: `not (method[0:5] == "HTTP/")`},
		{Name: "uri", Kind: core.Text, Until: " ", Default: "/", When: "present(method)"},
		{Name: "version", Kind: core.Text, Until: "\n", Trim: []string{"", "\r"}, Default: "HTTP/1.1", When: "present(method)"},
		{Name: "version", Kind: core.Text, Until: " ", Default: "HTTP/1.1", When: "not present(method)"},
		{Name: "status", Bits: 24, Digits: true, Default: 200, When: "not present(method)"},
		{Name: "reason", Kind: core.Text, Until: "\n", Trim: []string{" ", "\r"}, When: "not present(method)"},
		{Name: "headers", Kind: core.List, Closed: []string{"\r\n", "\n"}, Lookup: []string{"name", "value"},
			Item: &core.Struct{Name: "header", Fields: []core.Field{
				{Name: "name", Kind: core.Text, Until: ":", When: `name[0:] matches "^[^ \t\n][^\n]*$"`},
				{Name: "value", Kind: core.Text, Until: "\n", Trim: []string{" ", "\r"}, When: "present(name)"},
				{Name: "plain_line", Kind: core.Text, Until: "\n", Trim: []string{" ", "\r"}, When: "not present(name)", Doc: "one that goes on with the value before it, or has no name"},
			}}},
	},
}
