package lenstest

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// watch looks at what the result depends on. "go test" keeps the result of a test with the
// files and the environment that the test itself has asked for, and knows nothing of what
// a program reads that the test starts: without this, a package that the test does not
// import could change, and the kept result would pass.
func watch(ctx context.Context) error {
	for _, name := range []string{
		"GOFLAGS", "GOOS", "GOARCH", "GOTOOLCHAIN", "GOEXPERIMENT", "GOWORK", "GO386", "GOAMD64", "GOARM", "GOARM64",
		"GOMIPS", "GOMIPS64", "GOPPC64", "GORISCV64", "GOWASM", "CGO_ENABLED", "PATH",
	} {
		_ = os.Getenv(name)
	}
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return fmt.Errorf("go env GOMOD: %w", err)
	}
	mod := strings.TrimSpace(string(out))
	if mod == "" || mod == os.DevNull {
		return fmt.Errorf("the test is in no module: there is no go.mod here or above")
	}
	// Reading a directory notes its names, and Lstat the size and time of a file.
	return filepath.WalkDir(filepath.Dir(mod), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil // the go command says what it means, where it needs it
		}
		name := entry.Name()
		if entry.IsDir() {
			if path != filepath.Dir(mod) && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules") {
				return filepath.SkipDir
			}
			return nil
		}
		switch filepath.Ext(name) {
		case ".go", ".s", ".S", ".h", ".c", ".mod", ".sum", ".work", ".pgo", ".inlinelens", ".baseline":
			_, _ = os.Stat(path)
		}
		if name == "modules.txt" {
			_, _ = os.Stat(path)
		}
		return nil
	})
}
