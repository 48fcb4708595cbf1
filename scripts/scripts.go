// Package scripts holds what pkl brings along in Lua: the library that require
// finds from everywhere, and examples.
package scripts

import "embed"

// Library are the modules that every script can require, by their paths.
//
//go:embed protocols/*.lua
var Library embed.FS
