//go:build unix

package iptables

import (
	"errors"
	"os/exec"
	"syscall"
)

// apart keeps the signals of a terminal from a command.
func apart(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// gone reports whether there is certainly no such process.
func gone(pid int) bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }
