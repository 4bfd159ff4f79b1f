//go:build unix

package store

import "syscall"

// nonblock has the opening of a pipe not wait for somebody who writes.
const nonblock = syscall.O_NONBLOCK
