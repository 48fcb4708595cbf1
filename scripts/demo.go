package scripts

import _ "embed"

// ICMPEdit is the example that pkl demo runs.
//
//go:embed examples/icmp_edit.lua
var ICMPEdit []byte
