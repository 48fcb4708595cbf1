package iptables

import (
	"os/exec"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// start starts a command that ends by itself or when its context does: the
// signals that tell a program to end, or to do something, are blocked in it. A
// terminal sends them to a process group, a supervisor to every process that it
// finds, and the command may be one that cleans up. It has them blocked from its
// first moment, as it has the mask of the thread that forks.
//
// Its end by the context is that of all that it has started: a script that stands
// for iptables must not go on.
func start(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	var blocked, before unix.Sigset_t
	for _, s := range []syscall.Signal{unix.SIGHUP, unix.SIGINT, unix.SIGQUIT, unix.SIGTERM, unix.SIGUSR1, unix.SIGUSR2} {
		blocked.Val[0] |= 1 << (s - 1)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.PthreadSigmask(unix.SIG_BLOCK, &blocked, &before); err != nil {
		return err
	}
	defer unix.PthreadSigmask(unix.SIG_SETMASK, &before, nil)
	return cmd.Start()
}
