//go:build !linux

package load

import "io/fs"

// lastChange is when a file's text was last changed, in nanoseconds.
func lastChange(info fs.FileInfo) int64 { return info.ModTime().UnixNano() }
