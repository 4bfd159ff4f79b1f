package server

import "golang.org/x/sys/unix"

// zombie reports whether the process has ended, and nobody has waited for it.
func zombie(pid int) bool {
	const szomb = 5 // SZOMB of sys/proc.h
	info, err := unix.SysctlKinfoProc("kern.proc.pid", pid)
	return err == nil && info.Proc.P_stat == szomb
}
