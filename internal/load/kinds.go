package load

import (
	"path/filepath"
	"strings"
)

// IsGo reports whether a file is a Go file, by its name.
func IsGo(file string) bool { return strings.HasSuffix(file, ".go") }

// IsTest reports whether a file is a Go file of tests, by its name.
func IsTest(file string) bool { return strings.HasSuffix(file, "_test.go") }

// IsSource reports whether a file that is not a Go file can be a part of a
// package: what the go command lists beside Go files, and a profile.
func IsSource(file string) bool {
	switch filepath.Ext(file) {
	case ".c", ".cc", ".cpp", ".cxx", ".m", ".h", ".hh", ".hpp", ".hxx", ".f", ".F", ".for", ".f90", ".s", ".S", ".sx", ".swig", ".swigcxx", ".syso":
		return true
	}
	return filepath.Base(file) == "default.pgo"
}

// IsBuildFile reports whether a file says which modules there are.
func IsBuildFile(file string) bool {
	switch filepath.Base(file) {
	case "go.mod", "go.sum", "go.work", "go.work.sum":
		return true
	case "modules.txt":
		return filepath.Base(filepath.Dir(file)) == "vendor"
	}
	return false
}

// Within reports whether a file or directory is dir or below it.
func Within(name, dir string) bool {
	rest, ok := strings.CutPrefix(name, dir)
	return ok && (rest == "" || rest[0] == filepath.Separator || strings.HasSuffix(dir, string(filepath.Separator)))
}
