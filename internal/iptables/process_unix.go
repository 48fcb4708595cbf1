//go:build unix

package iptables

import (
	"os/exec"
	"syscall"
)

// apart keeps the signals of a terminal from a command, and has its end be that
// of all that it has started: a script that stands for iptables must not go on.
func apart(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
