package server

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/engine"
	"github.com/inlinelens/inlinelens/internal/fakeeditor"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/report"
	"github.com/inlinelens/inlinelens/internal/words"
)

// TestNearMisses holds that an editor gets the near misses of a real package in the
// order in which a report lists them, with the same figures.
func TestNearMisses(t *testing.T) {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	must(t, err)
	dir := filepath.Join(strings.TrimSpace(string(goroot)), "src", "encoding", "json")
	e, _ := edit(t, fakeeditor.Options{})
	e.Open(filepath.Join(dir, "decode.go"))
	awaitFresh(t, e)
	var list handlers.FunctionList
	must(t, e.Call(handlers.MethodFunctions, struct{}{}, &list))
	type miss struct {
		Name        string `json:"name"`
		Over, Calls int
	}
	p := list.Packages[0]
	var got []miss
	for _, m := range p.NearMisses {
		got = append(got, miss{p.Functions[m.Function].Name, m.Over, m.Calls})
	}

	var out bytes.Buffer
	printer, err := report.New("json", &out, report.Options{NearMisses: len(p.Functions)})
	must(t, err)
	eng, err := engine.New(engine.Options{CacheDir: t.TempDir()})
	must(t, err)
	var prefix string
	must(t, eng.Run(t.Context(), load.Config{Dir: dir}, []string{"."}, func(unit *inline.Package) error {
		prefix = linkname.Prefix(unit.Path, unit.Name)
		return printer.Package(unit)
	}))
	must(t, printer.Close())
	must(t, eng.Close())
	var want []miss
	for line := range strings.Lines(out.String()) {
		var m miss
		must(t, json.Unmarshal([]byte(line), &m, json.MatchCaseInsensitiveNames(true)))
		m.Name = string(words.AppendShort(nil, m.Name, prefix))
		want = append(want, m)
	}
	if len(want) < 3 || want[0].Calls == 0 || !slices.Equal(got, want) {
		t.Errorf("near misses are\n%+v\na report has\n%+v", got, want)
	}
}

// TestActionsInOrder holds that what makes a function inlinable is offered first, and
// settings last.
func TestActionsInOrder(t *testing.T) {
	dir := write(t, advisable)
	a := filepath.Join(dir, "a.go")
	e, _ := edit(t, fakeeditor.Options{})
	e.Open(a)
	awaitFresh(t, e)
	const at = "At(list []int, i int)"
	awaitAdvice(t, e, a, at)
	place := e.At(a, at)
	params := protocol.CodeActionParams{TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(a)}, Range: protocol.Range{Start: place, End: place}}
	params.Context.Diagnostics = []protocol.Diagnostic{}
	var actions []protocol.CodeAction
	must(t, e.Call(protocol.MethodTextDocumentCodeAction, &params, &actions))
	var kinds []protocol.CodeActionKind
	for _, a := range actions {
		kinds = append(kinds, *a.Kind)
	}
	want := []protocol.CodeActionKind{
		handlers.KindOutline, handlers.KindExplainCost, handlers.KindExplain, handlers.KindAddNoinline, handlers.KindToggleHints,
	}
	if kinds = slices.Compact(kinds); !slices.Equal(kinds, want) {
		t.Errorf("the actions are %q, want %q", kinds, want)
	}
}
