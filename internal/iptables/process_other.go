//go:build !linux

package iptables

import "os/exec"

// start has nothing more to do where there is no iptables either.
func start(cmd *exec.Cmd) error { return cmd.Start() }
