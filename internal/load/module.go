package load

import (
	"os"
	"path/filepath"
	"strings"
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

// ModuleDir returns the directory of the module that a unit is a part of; ok is false for
// the standard library, outside of modules, and in a vendor directory.
func ModuleDir(u *Unit) (dir string, ok bool) {
	if u.Std || u.Module == "" || u.Dir == "" {
		return "", false
	}
	path := strings.TrimSuffix(u.Path, "_test")
	for dir = u.Dir; ; {
		if info, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil && !info.IsDir() {
			break
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
	rel, err := filepath.Rel(dir, u.Dir)
	if err != nil {
		return "", false
	}
	expected := u.Module
	if rel != "." {
		expected += "/" + filepath.ToSlash(rel)
	}
	return dir, expected == path || expected == u.Path
}
