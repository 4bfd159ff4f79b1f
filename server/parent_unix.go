//go:build unix

package server

import "syscall"

// alive reports whether there is a process with that number that has not ended. One
// that has ended and that nobody has waited for keeps its number.
func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return (err == nil || err == syscall.EPERM) && !zombie(pid)
}
