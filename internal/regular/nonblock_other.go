//go:build !unix

package regular

const nonblock = 0 // no path in a directory is that of a pipe
