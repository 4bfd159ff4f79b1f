package load

import (
	"io/fs"
	"syscall"
)

// lastChange is when a file's text or its inode was last changed, in
// nanoseconds. The latter tells of a text whose time somebody has set back.
func lastChange(info fs.FileInfo) int64 {
	changed := info.ModTime().UnixNano()
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		changed = max(changed, syscall.TimespecToNsec(st.Ctim))
	}
	return changed
}
