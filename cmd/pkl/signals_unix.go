//go:build unix

package main

import (
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// notifyStatistics has the signal that asks for statistics come to ch.
func notifyStatistics(ch chan<- os.Signal) { signal.Notify(ch, syscall.SIGUSR1) }

// ownGroup keeps what the terminal sends, such as Ctrl-C, from a program.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
