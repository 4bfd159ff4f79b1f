package handlers

import (
	"bytes"
	"go/format"
	"slices"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/position"
)

// caret marks the place at which actions are asked for.
const caret = "‸"

// TestNoinline adds //go:noinline and removes it again. Both texts are as gofmt
// would have them, and with \r\n at the ends of lines the edits have that too.
func TestNoinline(t *testing.T) {
	for _, test := range []struct{ name, without, with string }{
		{"plain", "func f() {}\n", "//go:noinline\nfunc f() {}\n"},
		{"doc comment", "// f is.\nfunc f() {}\n", "// f is.\n//\n//go:noinline\nfunc f() {}\n"},
		{"old doc comment", "/* f is. */\nfunc f() {}\n", "/* f is. */\n//go:noinline\nfunc f() {}\n"},
		{"directive", "//go:nosplit\nfunc f() {}\n", "//go:nosplit\n//go:noinline\nfunc f() {}\n"},
		{"doc comment and directive", "// f is.\n//\n//go:nosplit\nfunc f() {}\n", "// f is.\n//\n//go:nosplit\n//go:noinline\nfunc f() {}\n"},
		{"comment apart", "// Here begins a part.\n\nfunc f() {}\n", "// Here begins a part.\n\n//go:noinline\nfunc f() {}\n"},
		{"method", "type T int\n\nfunc (t T) f() {}\n", "type T int\n\n//go:noinline\nfunc (t T) f() {}\n"},
		{"characters before", "var 𝐱 = `😀`\n\nfunc f() {}\n", "var 𝐱 = `😀`\n\n//go:noinline\nfunc f() {}\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, newline := range []string{"\n", "\r\n"} {
				for _, enc := range encodings {
					without := strings.ReplaceAll("package p\n\n"+test.without, "\n", newline)
					with := strings.ReplaceAll("package p\n\n"+test.with, "\n", newline)
					if got := act(t, without, "func", enc, KindAddNoinline); got != with {
						t.Errorf("%v: added: %q, want %q", enc, got, with)
					}
					if got := act(t, with, "func", enc, KindRemoveNoinline); got != without {
						t.Errorf("%v: removed: %q, want %q", enc, got, without)
					}
				}
			}
			gofmted(t, "package p\n\n"+test.without)
			gofmted(t, "package p\n\n"+test.with)
		})
	}
}

// TestRemoveNoinline has what the other way does not make.
func TestRemoveNoinline(t *testing.T) {
	for _, test := range []struct{ name, source, want string }{
		{"twice", "//go:noinline\n//go:noinline\nfunc f() {}", "func f() {}"},
		{"directive behind", "// f is.\n//\n//go:noinline\n//go:nosplit\nfunc f() {}", "// f is.\n//\n//go:nosplit\nfunc f() {}"},
		{"apart", "//go:noinline\n\n// f is.\nfunc f() {}", "\n// f is.\nfunc f() {}"},
		{"words behind", "//go:noinline as it was\nfunc f() {}", "func f() {}"},
		{"without a line's end", "//go:noinline\nfunc f() {}", "func f() {}"},
	} {
		if got := act(t, "package p\n"+test.source, "func", position.UTF16, KindRemoveNoinline); got != "package p\n"+test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// TestNoNoinline holds that the action is not offered where it makes no sense.
func TestNoNoinline(t *testing.T) {
	for _, source := range []string{
		"func f() { " + caret + " }",
		"func f() {}\n" + caret + "\nvar x = 1",
		"func " + caret + "f()\n",
		"var x = 1; func " + caret + "f() {}",
		"type " + caret + "T int",
	} {
		at := strings.Index(source, caret)
		d := document([]byte("package p\n" + source[:at] + source[at+len(caret):]))
		for _, a := range CodeActions(d, here(d, len("package p\n")+at), protocol.CodeActionContext{}, nil) {
			if *a.Kind == KindAddNoinline || *a.Kind == KindRemoveNoinline {
				t.Errorf("%q: %s", source, a.Title)
			}
		}
	}
}

func TestFixes(t *testing.T) {
	for _, test := range []struct {
		source string
		want   []string // one for each fix, the preferred one first
	}{
		{"// go:noinline\nfunc f() {}\n", []string{"//go:noinline\nfunc f() {}\n", "func f() {}\n"}},
		{"//go:noInline because\nfunc f() {}\n", []string{"//go:noinline because\nfunc f() {}\n", "func f() {}\n"}},
		{"//go:noinline\tbecause\nfunc f() {}\n", []string{"//go:noinline because\nfunc f() {}\n", "func f() {}\n"}},
		{"/*go:noinline*/\nfunc f() {}\n", []string{"//go:noinline\nfunc f() {}\n", "func f() {}\n"}},
		{"/*go:noinline*/ func f() {}\n", []string{"//go:noinline\nfunc f() {}\n", "func f() {}\n"}},
		{"//go:inline\nfunc f() {}\n", []string{"func f() {}\n"}},
		{"// f is.\n//\n//go:inline\nfunc f() {}\n", []string{"// f is.\nfunc f() {}\n"}},
		{"func f() {\n\t//go:noinline\n\tprintln()\n}\n", []string{"func f() {\n\tprintln()\n}\n"}},
		{"func f() {} //go:noinline\n", []string{"func f() {}\n"}},
		{"func f() {} //go:noinline", []string{"func f() {}"}},
		{"//go:noinline\nvar x = 1\n", []string{"var x = 1\n"}},
		{"var x = 1\n//go:noinline", []string{"var x = 1\n"}},
	} {
		for _, newline := range []string{"\n", "\r\n"} {
			source := strings.ReplaceAll("package p\n"+test.source, "\n", newline)
			d := document([]byte(source))
			at := strings.Index(source, "go:")
			var got []string
			for i, a := range CodeActions(d, here(d, at), protocol.CodeActionContext{Only: []protocol.CodeActionKind{protocol.CodeActionKindQuickFix}}, nil) {
				if *a.IsPreferred != (i == 0) {
					t.Errorf("%q: fix %d preferred: %t", source, i, *a.IsPreferred)
				}
				if len(a.Diagnostics) != 1 {
					t.Errorf("%q: %d diagnostics", source, len(a.Diagnostics))
				}
				got = append(got, strings.TrimPrefix(apply(t, d, a.Edit), "package p"+newline))
			}
			want := slices.Clone(test.want)
			for i := range want {
				want[i] = strings.ReplaceAll(want[i], "\n", newline)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q:\n got %q\nwant %q", source, got, want)
			}
		}
	}
}

// TestKinds holds that an editor gets the kinds that it asks for.
func TestKinds(t *testing.T) {
	source := "package p\n//go:inline\nfunc f() {}\n"
	d := document([]byte(source))
	all := d.span(position.Span{Start: strings.Index(source, "//"), End: len(source)})
	for _, test := range []struct {
		context protocol.CodeActionContext
		want    []protocol.CodeActionKind
	}{
		{protocol.CodeActionContext{}, []protocol.CodeActionKind{"quickfix", KindAddNoinline, KindToggleHints}},
		{protocol.CodeActionContext{TriggerKind: protocol.CodeActionTriggerKindInvoked}, []protocol.CodeActionKind{"quickfix", KindAddNoinline, KindToggleHints}},
		{protocol.CodeActionContext{TriggerKind: protocol.CodeActionTriggerKindAutomatic}, []protocol.CodeActionKind{"quickfix"}},
		{protocol.CodeActionContext{Only: []protocol.CodeActionKind{"refactor"}}, []protocol.CodeActionKind{KindAddNoinline}},
		{protocol.CodeActionContext{Only: []protocol.CodeActionKind{KindAddNoinline}}, []protocol.CodeActionKind{KindAddNoinline}},
		{protocol.CodeActionContext{Only: []protocol.CodeActionKind{KindRemoveNoinline}}, nil},
		{protocol.CodeActionContext{Only: []protocol.CodeActionKind{"source"}}, []protocol.CodeActionKind{KindToggleHints}},
		{protocol.CodeActionContext{Only: []protocol.CodeActionKind{"refactor.rew"}}, nil},
		{protocol.CodeActionContext{Only: []protocol.CodeActionKind{"refactor.inline", "quickfix"}}, []protocol.CodeActionKind{"quickfix"}},
	} {
		var got []protocol.CodeActionKind
		for _, a := range CodeActions(d, all, test.context, nil) {
			got = append(got, *a.Kind)
			if !slices.Contains(CodeActionKinds(), *a.Kind) {
				t.Errorf("kind %s is not announced", *a.Kind)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%+v: kinds %q, want %q", test.context, got, test.want)
		}
	}
}

// TestEditForms holds that an edit names the version only to who understands it.
func TestEditForms(t *testing.T) {
	d := document([]byte("package p\n\nfunc f() {}\n"))
	e := d.workspaceEdit(edit{Span: position.Span{Start: 11, End: 11}, text: "x"})
	if len(e.Changes[d.URI]) != 1 || e.DocumentChanges != nil {
		t.Errorf("plain edit: %+v", e)
	}
	d.Client.VersionedEdits = true
	e = d.workspaceEdit(edit{Span: position.Span{Start: 11, End: 11}, text: "x"})
	if e.Changes != nil || len(e.DocumentChanges) != 1 {
		t.Fatalf("versioned edit: %+v", e)
	}
	if v := e.DocumentChanges[0].(*protocol.TextDocumentEdit).TextDocument; v.URI != d.URI || *v.Version != 7 {
		t.Errorf("versioned edit of %s, version %d", v.URI, *v.Version)
	}
}

// act runs the one action of a kind at the last place of a piece of source.
func act(t *testing.T, source, at string, enc position.Encoding, kind protocol.CodeActionKind) string {
	t.Helper()
	d := document([]byte(source))
	d.Encoding = enc
	actions := CodeActions(d, here(d, strings.LastIndex(source, at)), protocol.CodeActionContext{Only: []protocol.CodeActionKind{kind}}, nil)
	if len(actions) != 1 {
		t.Fatalf("%d actions %s in %q", len(actions), kind, source)
	}
	return apply(t, d, actions[0].Edit)
}

// here is the empty range at an offset.
func here(d *Document, offset int) protocol.Range {
	return d.span(position.Span{Start: offset, End: offset})
}

// apply applies an edit of d alone.
func apply(t *testing.T, d *Document, e *protocol.WorkspaceEdit) string {
	t.Helper()
	if e == nil || len(e.Changes) != 1 {
		t.Fatalf("no edit of one document: %+v", e)
	}
	edits := slices.Clone(e.Changes[d.URI])
	slices.Reverse(edits) // they come in order, and must not move each other
	text := slices.Clone(d.Mapper.Text())
	for _, e := range edits {
		s, ok := d.offsets(e.Range)
		if !ok {
			t.Fatalf("range %v is not in the text", e.Range)
		}
		text = slices.Concat(text[:s.Start], []byte(e.NewText), text[s.End:])
	}
	return string(text)
}

func gofmted(t *testing.T, source string) {
	t.Helper()
	got, err := format.Source([]byte(source))
	if err != nil || !bytes.Equal(got, []byte(source)) {
		t.Errorf("gofmt makes %q of %q (%v)", got, source, err)
	}
}
