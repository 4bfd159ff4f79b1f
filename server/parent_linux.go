package server

import (
	"bytes"
	"fmt"
	"os"
)

// zombie reports whether the process has ended, and nobody has waited for it.
func zombie(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	// The name, in parentheses, may be anything.
	i := bytes.LastIndex(stat, []byte(") "))
	return err == nil && i >= 0 && i+2 < len(stat) && (stat[i+2] == 'Z' || stat[i+2] == 'X')
}
