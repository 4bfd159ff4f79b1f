package handlers

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/position"
)

// TestRandomEdits edits a file at random and holds of every text that each hint
// stands behind the name of a callee, in order; that a part of the file has the
// hints that the whole has there; and that no other method stumbles.
func TestRandomEdits(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/statuses.txtar")
	if err != nil {
		t.Fatal(err)
	}
	sc := newScene(t, archive, t.TempDir())
	random := rand.New(rand.NewPCG(1, 2))
	original := sc.texts["p.go"]
	most := 0
	for round := range 200 {
		text := slices.Clone(original)
		for range round % 8 {
			text = editAtRandom(random, text)
		}
		sc.texts["p.go"] = text
		sc.encoding = encodings[round%len(encodings)]
		sc.settings.Hints.Place = []string{"callee", "end"}[round/3%2]
		d := sc.document("p.go")
		whole := InlayHints(d, protocol.Range{End: d.point(len(text))})
		most = max(most, len(whole))
		for i, h := range whole {
			at := offsetOf(t, d, h.Position)
			if sc.settings.Hints.Place == "callee" && !behindCallee(text[:at]) {
				t.Fatalf("round %d: hint %v behind %q", round, h.Label, text[max(0, at-20):at])
			}
			if sc.settings.Hints.Place == "end" && at < len(text) && text[at] != '\n' {
				t.Fatalf("round %d: hint %v before %q", round, h.Label, text[at:])
			}
			if i > 0 && comparePositions(whole[i-1].Position, h.Position) >= 0 {
				t.Fatalf("round %d: hints at %v and %v", round, whole[i-1].Position, h.Position)
			}
		}
		from, to := random.IntN(len(text)+1), random.IntN(len(text)+1)
		part := d.span(position.Span{Start: min(from, to), End: max(from, to)})
		want := slices.DeleteFunc(slices.Clone(whole), func(h protocol.InlayHint) bool {
			if sc.settings.Hints.Place == "end" {
				return h.Position.Line < part.Start.Line || h.Position.Line > part.End.Line
			}
			return comparePositions(h.Position, part.Start) < 0 || comparePositions(part.End, h.Position) < 0
		})
		if diff := cmp.Diff(want, InlayHints(d, part)); diff != "" {
			t.Fatalf("round %d: range %v:\n%s", round, part, diff)
		}
		for range 20 {
			at := d.point(random.IntN(len(text) + 1))
			if h := Hover(d, at); h != nil && (comparePositions(at, h.Range.Start) < 0 || comparePositions(h.Range.End, at) < 0) {
				t.Fatalf("round %d: hover at %v has range %v", round, at, h.Range)
			}
			Calls(d, at)
			Explain(d, at, nil)
			for _, a := range CodeActions(d, protocol.Range{Start: at, End: at}, protocol.CodeActionContext{}, nil) {
				if a.Edit != nil {
					apply(t, d, a.Edit)
				}
			}
		}
		for _, l := range CodeLenses(d) {
			data, _ := ParseData(l.Data)
			if l = ResolveCodeLens(d, l, data); !strings.HasPrefix(l.Command.Command, "inlinelens.") {
				t.Fatalf("round %d: lens %+v", round, l)
			}
		}
	}
	if most < 20 {
		t.Errorf("at most %d hints: nothing was tested", most)
	}
}

// editAtRandom inserts, removes or repeats a piece of text.
func editAtRandom(random *rand.Rand, text []byte) []byte {
	at := random.IntN(len(text))
	n := min(random.IntN(30), len(text)-at)
	switch random.IntN(4) {
	case 0:
		return slices.Delete(text, at, at+n)
	case 1:
		return slices.Insert(text, at, text[at:at+n]...)
	case 2:
		return slices.Insert(text, at, []byte("// 😀 ä\n")...)
	}
	line := bytes.LastIndexByte(text[:at], '\n') + 1
	return slices.Insert(text, line, []byte("func 𝐠() {}\n")...)
}

// behindCallee reports whether text ends with a name that the file calls, or with a
// function literal.
func behindCallee(text []byte) bool {
	for _, name := range []string{"small", "large", "deferring", "apart", "depth", "Open", "f", "TrailingZeros", "Large", "Small", "}", "yield", "range"} {
		if bytes.HasSuffix(text, []byte(name)) {
			return true
		}
	}
	return false
}
