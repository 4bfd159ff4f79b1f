//go:build unix

package load

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A build that fails without a reason, as when somebody kills it, is tried again if the
// go command then has nothing to complain of.
func TestBuildWithoutReason(t *testing.T) {
	goCommand, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	put(t, filepath.Join(dir, "m", "go.mod"), "module example.com/m\n\ngo 1.22\n")
	put(t, filepath.Join(dir, "m", "m.go"), "package m\n\nfunc M() {}\n")
	put(t, filepath.Join(dir, "m", "m_test.go"), "package m\n\nfunc N() {}\n")
	put(t, filepath.Join(dir, "m", "x_test.go"), "package m_test\n\nimport \"example.com/m\"\n\nfunc f() { m.M() }\n")
	script := filepath.Join(dir, "bin", "go")
	failed := filepath.Join(dir, "failed")
	put(t, script, `#!/bin/sh
case "$*" in *-export=true*)
	if ! test -e '`+failed+`'; then
		: > '`+failed+`'
		exit 1
	fi
esac
exec '`+goCommand+`' "$@"
`)
	if err := os.Chmod(script, 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", filepath.Dir(script)+string(os.PathListSeparator)+os.Getenv("PATH"))
	r := mustLoad(t, Config{Dir: filepath.Join(dir, "m"), Tests: true, Env: environ("GOFLAGS=")}, ".")
	if _, err := os.Stat(failed); err != nil {
		t.Error("nothing failed")
	}
	for _, u := range r.Roots {
		if len(u.Errors) > 0 {
			t.Errorf("%s: %+v", u.ID, u.Errors)
		}
	}
}
