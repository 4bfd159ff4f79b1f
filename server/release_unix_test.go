//go:build unix

package server

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/fakeeditor"
	"github.com/inlinelens/inlinelens/internal/prove"
)

// newer is a go command that says it is of a release which nobody knows yet, and
// whose compiler prints a remark of a new form; behind it is the newest known one.
var newer = map[string]string{
	"bin/go": `#!/bin/sh
PATH=${PATH#*:}
GOTOOLCHAIN=` + prove.Newest + `
export GOTOOLCHAIN
case $1 in
env) go "$@" | sed -e 's/"GOVERSION": "[^"]*"/"GOVERSION": "devel go1.28-abcdef"/' -e 's|"GOTOOLDIR": "[^"]*"|"GOTOOLDIR": "'"${0%/bin/go}"'/tool"|' ;;
*) exec go "$@" ;;
esac
`,
	"tool/compile": `#!/bin/sh
case $* in
*-m=2*) echo 'a.go:1:1: small is considered for the gadget inliner' ;;
esac
exec "$GOROOT/pkg/tool/${GOOS}_$GOARCH/compile" "$@"
`,
}

// TestUnknownRelease holds that a release which is not known is said once, in a
// message and in the log, whatever is compiled with it, that its verdicts are told
// as far as they are understood, and that what is not is counted.
func TestUnknownRelease(t *testing.T) {
	toolchain := write(t, newer)
	for name := range newer {
		if err := os.Chmod(filepath.Join(toolchain, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", filepath.Join(toolchain, "bin")+":"+os.Getenv("PATH"))
	dir := write(t, map[string]string{
		"go.mod": "module m\n\ngo 1.26\n",
		"a/a.go": "package a\n\nfunc small() int { return 1 }\n\nfunc F() int { return small() }\n",
		"b/b.go": "package b\n\nfunc G() {}\n",
	})
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	e, s := edit(t, fakeeditor.Options{Initialization: with(map[string]any{"tests": false})})
	e.Open(filepath.Join(a, "a.go"))
	e.Open(filepath.Join(b, "b.go"))
	awaitStates(t, e, map[string]string{a: "fresh", b: "fresh"})
	e.Edit(filepath.Join(a, "a.go"), "return 1", "return 2")
	e.Save(filepath.Join(a, "a.go"))
	e.Await("verdicts on the saved text", func() (bool, string) {
		var status handlers.StatusParams
		ok := e.Status(&status) && len(status.Packages) == 2 && !slices.ContainsFunc(status.Packages, func(p handlers.PackageStatus) bool {
			return p.State != "fresh" || p.Go != "devel go1.28-abcdef" || p.Problems != 1
		})
		return ok, ""
	})
	messages := slices.DeleteFunc(e.Messages(), func(m string) bool { return !strings.Contains(m, "devel go1.28-abcdef is not a known Go release") })
	if len(messages) != 1 {
		t.Errorf("it was said %d times: %q", len(messages), e.Messages())
	}
	logged := 0
	for _, entry := range s.logs.All() {
		if strings.Contains(entry.Message, "is not a known Go release") {
			logged++
		}
	}
	if logged != 1 {
		t.Errorf("the log has it %d times", logged)
	}
	if hints := e.Hints(filepath.Join(a, "a.go")); len(hints) == 0 {
		t.Error("there are no hints")
	}
}
