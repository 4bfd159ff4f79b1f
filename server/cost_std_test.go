package server

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/fakeeditor"
)

// TestCostOfPackages asks for the cost of every function of some packages of the
// standard library: it is the one that the verdict names, its lines add up to it, and
// they stand in the function.
func TestCostOfPackages(t *testing.T) {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range []string{"slices", "text/tabwriter", "container/list"} {
		files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(goroot)), "src", pkg, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		e, _ := edit(t, fakeeditor.Options{})
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				e.Open(file)
			}
		}
		awaitFresh(t, e)
		var list handlers.FunctionList
		must(t, e.Call(handlers.MethodFunctions, struct{}{}, &list))
		counted := 0
		for _, f := range list.Packages[0].Functions {
			if !f.Known {
				continue
			}
			var item *handlers.CostItem
			place := handlers.Place{TextDocument: protocol.TextDocumentIdentifier{URI: f.URI}, Position: f.Range.Start}
			if err := e.Call(handlers.MethodCost, place, &item); err != nil || item == nil {
				t.Errorf("%s of %s: %v", f.Name, pkg, err)
				continue
			}
			counted++
			total := 0
			for _, l := range item.Lines {
				for _, p := range l.Parts {
					total += p.Cost
				}
				if l.Total != total || l.Line < f.Range.Start.Line || l.Text == "" || l.Over != (total > item.Budget) {
					t.Errorf("%s of %s: line %+v with total %d", f.Name, pkg, l, total)
				}
			}
			if total+item.Unexplained != item.Cost || f.CostAndBudget != nil && f.Cost != item.Cost && f.Cost != 0 || item.Unexplained != 0 {
				t.Errorf("%s of %s: lines add up to %d, unexplained %d, cost %d, the verdict says %d", f.Name, pkg, total, item.Unexplained, item.Cost, f.Cost)
			}
		}
		if counted < 10 {
			t.Errorf("%s: costs of %d functions", pkg, counted)
		}
	}
}
