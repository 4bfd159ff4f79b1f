// Package testprogram builds inlinelens for tests that run the program.
package testprogram

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// Path returns where the program is, in a directory of its own. It is built once for all
// tests of a package, whose TestMain calls Remove at the end.
func Path(t testing.TB) string {
	t.Helper()
	if buildOnce(); failed != nil {
		t.Fatal(failed)
	}
	return filepath.Join(dir, "inlinelens")
}

// Remove removes the program, if it was built.
func Remove() {
	if dir != "" {
		_ = os.RemoveAll(dir)
	}
}

var (
	dir       string // "" until the program is needed
	failed    error
	buildOnce = sync.OnceFunc(func() {
		if dir, failed = os.MkdirTemp("", "inlinelens-test-"); failed != nil {
			return
		}
		out, err := exec.Command("go", "build", "-o", dir+string(filepath.Separator), "github.com/inlinelens/inlinelens/cmd/inlinelens").CombinedOutput()
		if err != nil {
			failed = fmt.Errorf("building the program: %w\n%s", err, out)
		}
	})
)
