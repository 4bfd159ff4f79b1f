package load

import (
	"os"
	"path/filepath"
)

// HasPackages reports whether the go command, or a driver, takes a directory's
// files for a package: that is, whether "." names one there. It does not outside
// of all modules; there, files can be named. A nil env stands for the process's own.
func HasPackages(dir string, env []string) bool {
	if env == nil {
		env = os.Environ()
	}
	switch lookup(env, "GO111MODULE") {
	case "off", "auto":
		return true
	}
	if hasDriver(env) {
		return true
	}
	for {
		if info, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil && !info.IsDir() {
			return true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return false
		}
		dir = parent
	}
}
