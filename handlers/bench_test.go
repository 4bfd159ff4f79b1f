package handlers

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// large is a file of 5,000 lines with as many calls, in 250 functions, each with a
// character that is none of ASCII on the line. Once it is edited, every line
// behind the first has moved.
func large(b *testing.B, edited bool) *Document {
	b.Helper()
	var text strings.Builder
	text.WriteString("package p\n\nfunc small(x int) int { return x + 1 }\n")
	for i := range 250 {
		fmt.Fprintf(&text, "\n// f%d is one of many.\nfunc f%d(x int) int {\n", i, i)
		for range 15 {
			text.WriteString("\tx = small(x) /* ä */ + small(x+1)\n")
		}
		text.WriteString("\treturn x\n}\n")
	}
	sc := newScene(b, &txtar.Archive{Files: []txtar.File{
		{Name: "go.mod", Data: []byte("module example.com/p\n\ngo 1.26\n")},
		{Name: "p.go", Data: []byte(text.String())},
	}}, b.TempDir())
	sc.encoding = position.UTF16
	if edited {
		sc.texts["p.go"] = []byte(strings.Replace(text.String(), "\n", "\n\nvar edited = 1\n", 1))
	}
	d := sc.document("p.go")
	if d.File == nil || len(d.File.Calls) < 5000 {
		b.Fatal("there are too few calls")
	}
	return d
}

func BenchmarkInlayHints(b *testing.B) {
	for _, test := range []struct {
		name   string
		edited bool
		lines  uint32
	}{
		{"file", false, 1 << 20},
		{"file edited", true, 1 << 20},
		{"page", false, 60},
	} {
		b.Run(test.name, func(b *testing.B) {
			d := large(b, test.edited)
			r := protocol.Range{Start: protocol.Position{Line: 20}, End: protocol.Position{Line: 20 + test.lines}}
			hints := 0
			for b.Loop() {
				hints = len(InlayHints(d, r))
			}
			b.ReportMetric(float64(hints), "hints")
		})
	}
}

func BenchmarkCodeLenses(b *testing.B) {
	d := large(b, false)
	lenses := 0
	for b.Loop() {
		lenses = len(CodeLenses(d))
	}
	b.ReportMetric(float64(lenses), "lenses")
}

func BenchmarkHover(b *testing.B) {
	d := large(b, false)
	at := InlayHints(d, protocol.Range{End: d.point(len(d.Mapper.Text()))})[4000].Position
	for b.Loop() {
		if Hover(d, at) == nil {
			b.Fatal("no hover")
		}
	}
}

func BenchmarkResolveInlayHint(b *testing.B) {
	d := large(b, false)
	hint := InlayHints(d, protocol.Range{End: d.point(len(d.Mapper.Text()))})[4000]
	data, _ := ParseData(hint.Data)
	for b.Loop() {
		if ResolveInlayHint(d, hint, data).Tooltip == nil {
			b.Fatal("not resolved")
		}
	}
}

func BenchmarkCodeActions(b *testing.B) {
	d := large(b, false)
	at := CodeLenses(d)[100].Range
	for b.Loop() {
		if len(CodeActions(d, at, protocol.CodeActionContext{}, nil)) != 4 {
			b.Fatal("not the actions on a function")
		}
	}
}

func BenchmarkDiagnostics(b *testing.B) {
	d := large(b, false)
	for b.Loop() {
		Diagnostics(d)
	}
}

// BenchmarkHoverKnownCost hovers where the cost of the function, or of the callee, is
// known: the goal is 5 ms.
func BenchmarkHoverKnownCost(b *testing.B) {
	for _, edited := range []bool{false, true} {
		b.Run(fmt.Sprintf("edited=%v", edited), func(b *testing.B) {
			d := large(b, edited)
			at := CodeLenses(d)[100].Range.Start
			costs := d.Costs(workspace.Target{Source: d.File.Name})
			d.Costs = func(workspace.Target) *breakdown.UnitCosts { return costs }
			for b.Loop() {
				if h := Hover(d, at); h == nil || !strings.Contains(h.Contents.(*protocol.MarkupContent).Value, "Largest parts") {
					b.Fatal("no costs")
				}
			}
		})
	}
}

func BenchmarkCost(b *testing.B) {
	d := large(b, true)
	at := CodeLenses(d)[100].Range.Start
	costs := d.Costs(workspace.Target{Source: d.File.Name})
	for b.Loop() {
		f, err := CostFunction(d, at)
		if err != nil {
			b.Fatal(err)
		}
		if item, err := Cost(d, f, costs); err != nil || len(item.Lines) != 16 {
			b.Fatal(item, err)
		}
	}
}
