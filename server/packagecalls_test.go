package server

import (
	"path/filepath"
	"strings"
	"testing"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/fakeeditor"
	"github.com/inlinelens/inlinelens/internal/inline"
)

// TestPackageCalls holds that the calls of a package are those that are counted, in
// open files and in others, and that those go that were edited.
func TestPackageCalls(t *testing.T) {
	dir := write(t, costly)
	a, b := filepath.Join(dir, "a.go"), filepath.Join(dir, "b.go")
	e, _ := edit(t, fakeeditor.Options{})
	e.Open(a)
	awaitFresh(t, e)
	ask := func(dir string) (calls []handlers.CallItem) {
		t.Helper()
		must(t, e.Call(handlers.MethodPackageCalls, handlers.PackageCallsParams{Dir: dir}, &calls))
		return calls
	}
	calls := ask(dir)
	var list handlers.FunctionList
	must(t, e.Call(handlers.MethodFunctions, struct{}{}, &list))
	counted := map[inline.Status]int{}
	for _, c := range calls {
		counted[c.Status]++
		switch c.URI {
		case uri.File(a):
			text := e.Text(a)[e.Offset(a, c.Range.Start):e.Offset(a, c.Range.End)]
			if name := strings.TrimSpace(text[strings.LastIndexByte(text, '.')+1:]); name != "func" && !strings.HasSuffix(c.Callee, name) {
				t.Errorf("the call of %s is at %q", c.Callee, text)
			}
		case uri.File(b):
			if c.Range.Start != c.Range.End || c.Range == (protocol.Range{}) || strings.Contains(c.Caller, "/") {
				t.Errorf("a call in a file that is not open: %+v", c)
			}
		}
	}
	for status, n := range list.Packages[0].Calls {
		if counted[status] != n {
			t.Errorf("%d calls are %s, and %d are counted", counted[status], status, n)
		}
	}
	e.Edit(a, "strings.ToUpper(s) + plus(s)", "plus(s)")
	if left := ask(dir); len(left) == 0 || len(left) >= len(calls) {
		t.Errorf("with unsaved edits there are %d calls of %d", len(left), len(calls))
	}
	if none := ask(t.TempDir()); none != nil {
		t.Errorf("of a package that is not open: %+v", none)
	}
}
