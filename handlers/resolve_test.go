package handlers

import (
	"reflect"
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// TestResolveStale holds that a hint or lens of an earlier state, of another file,
// or with offsets that nothing has, comes back without words that could be wrong.
func TestResolveStale(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/end.txtar")
	if err != nil {
		t.Fatal(err)
	}
	sc := newScene(t, archive, t.TempDir())
	d := sc.document("p.go")
	hint := InlayHints(d, protocol.Range{End: d.point(len(d.Mapper.Text()))})[0]
	lens := CodeLenses(d)[0]
	good, ok := ParseData(hint.Data)
	if !ok || ResolveInlayHint(d, hint, good).Tooltip == nil {
		t.Fatalf("a fresh hint is not resolved: %+v", good)
	}
	goodLens, ok := ParseData(lens.Data)
	if !ok || ResolveCodeLens(d, lens, goodLens).Command.Command == "" {
		t.Fatalf("a fresh lens is not resolved: %+v", goodLens)
	}
	check := func(name string, d *Document, change func(*Data)) {
		data := good
		change(&data)
		if got := ResolveInlayHint(d, hint, data); !reflect.DeepEqual(got, hint) {
			t.Errorf("%s: the hint became %+v", name, got)
		}
		data = goodLens
		change(&data)
		if got := ResolveCodeLens(d, lens, data).Command; got.Title != "…" || got.Command != "" {
			t.Errorf("%s: the lens became %+v", name, got)
		}
	}
	check("earlier", d, func(data *Data) { data.Text-- })
	check("other file", d, func(data *Data) { data.URI += "x" })
	check("no such offset", d, func(data *Data) { data.At = []int{1 << 40} })
	check("no offset", d, func(data *Data) { data.At = nil })
	check("negative offset", d, func(data *Data) { data.At = []int{-1} })
	nothing := *d
	nothing.File, nothing.Shift = nil, nil
	check("nothing known", &nothing, func(*Data) {})
	next := *d
	file := *d.File
	file.Text = append(slices.Clip(file.Text), '\n')
	next.File = &file
	check("another text was compiled", &next, func(*Data) {})
	same := *d
	compiled := *d.File
	compiled.Funcs = slices.Clone(compiled.Funcs)
	function := *compiled.Funcs[0].Function
	function.Inlinable, function.Reason = false, &inline.Reason{Code: inline.CodeDeferStatement}
	compiled.Funcs[0].Function = &function
	same.File = &compiled
	if got := ResolveCodeLens(&same, lens, goodLens).Command.Title; got != "not inlinable: defer statement" {
		t.Errorf("the lens of a text that was compiled again says %q", got)
	}
	failed := *d
	failed.File = &workspace.File{Name: d.Path, Package: d.File.Package}
	check("withdrawn", &failed, func(*Data) {})
}

// TestWithoutResolve holds that an editor which does not resolve hints gets labels
// in one piece, and the same words.
func TestWithoutResolve(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/end.txtar")
	if err != nil {
		t.Fatal(err)
	}
	sc := newScene(t, archive, t.TempDir())
	d := sc.document("p.go")
	whole := protocol.Range{End: d.point(len(d.Mapper.Text()))}
	with := InlayHints(d, whole)
	d.Client.ResolvesHints = false
	without := InlayHints(d, whole)
	if len(with) == 0 || len(with) != len(without) {
		t.Fatalf("%d hints and %d", len(with), len(without))
	}
	for i := range with {
		var label string
		for _, p := range with[i].Label.(protocol.InlayHintLabelPartSlice) {
			label += p.Value
		}
		if without[i].Label != protocol.String(label) || without[i].Data != nil {
			t.Errorf("hint %v, want %q", without[i], label)
		}
	}
}

// TestOff holds that what is turned off is not there.
func TestOff(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/crlf.txtar")
	if err != nil {
		t.Fatal(err)
	}
	sc := newScene(t, archive, t.TempDir())
	sc.settings.Hints.Enabled, sc.settings.Lenses.Enabled, sc.settings.Diagnostics.Enabled = false, false, false
	d := sc.document("p.go")
	whole := protocol.Range{End: d.point(len(d.Mapper.Text()))}
	if hints := InlayHints(d, whole); hints == nil || len(hints) > 0 {
		t.Errorf("hints %v", hints)
	}
	if lenses := CodeLenses(d); lenses == nil || len(lenses) > 0 {
		t.Errorf("lenses %v", lenses)
	}
	if list := Diagnostics(d); list == nil || len(list) > 0 {
		t.Errorf("diagnostics %v", list)
	}
	fixes := CodeActions(d, whole, protocol.CodeActionContext{Only: []protocol.CodeActionKind{protocol.CodeActionKindQuickFix}}, nil)
	if len(fixes) > 0 {
		t.Errorf("fixes %v", fixes)
	}
}
