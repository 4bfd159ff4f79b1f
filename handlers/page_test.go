package handlers

import (
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/words"
)

// TestPage writes the same page in both forms.
func TestPage(t *testing.T) {
	for _, test := range []struct {
		name            string
		write           func(p *page)
		markdown, plain string
	}{
		{"text", func(p *page) { p.text("a*b_c [d](e) <f>") }, `a\*b\_c \[d\](e) \<f\>`, "a*b_c [d](e) <f>"},
		{"control characters", func(p *page) { p.text("a\x1b[31m\nb\tc") }, "a\ufffd\\[31m b c", "a\ufffd[31m b c"},
		{"characters that turn text round", func(p *page) { p.text("a\u202eb\u2066c\u2028d") }, "a\ufffdb\ufffdc\ufffdd", "a\ufffdb\ufffdc\ufffdd"},
		{"a link to a command", func(p *page) { p.text("[a](command:b)") }, `\[a\](command:b)`, "[a](command:b)"},
		{"code like a link", func(p *page) { p.code("`[a](command:b)") }, "`` `[a](command:b) ``", "`[a](command:b)"},
		{"an image and an entity", func(p *page) { p.text("![a](b) &lt;") }, `!\[a\](b) \&lt;`, "![a](b) &lt;"},
		{"a long text", func(p *page) { p.text(strings.Repeat("ä", 2000)) }, strings.Repeat("ä", 500) + "…", strings.Repeat("ä", 500) + "…"},
		{"strong", func(p *page) { p.strong("not inlinable") }, "**not inlinable**", "not inlinable"},
		{"code", func(p *page) { p.code("(*T).M") }, "`(*T).M`", "(*T).M"},
		{"code with backquotes", func(p *page) { p.code("a`b``c") }, "```a`b``c```", "a`b``c"},
		{"code that ends with one", func(p *page) { p.code("`a`") }, "`` `a` ``", "`a`"},
		{"code with a line", func(p *page) { p.code("a\n```\nb") }, "````a ``` b````", "a ``` b"},
		{"link", func(p *page) { p.link("a_b.go:1", "file:///a_b.go#L1") }, `[a\_b.go:1](file:///a_b.go#L1)`, "a_b.go:1"},
		{"link to nowhere", func(p *page) { p.link("p.go", "") }, "p.go", "p.go"},
		{"prose", func(p *page) { p.prose("use `-pgo` or *T*") }, "use `-pgo` or \\*T\\*", "use -pgo or *T*"},
		{"paragraphs", func(p *page) { p.paragraph(); p.text("a"); p.paragraph(); p.text("b") }, "a\n\nb", "a\n\nb"},
		{"list", func(p *page) { p.text("a:"); p.item(0); p.text("b"); p.item(1); p.text("c") }, "a:\n- b\n  - c", "a:\n- b\n  - c"},
	} {
		for _, markdown := range []bool{true, false} {
			p := page{markdown: markdown}
			test.write(&p)
			want, kind := test.plain, protocol.MarkupKindPlainText
			if markdown {
				want, kind = test.markdown, protocol.MarkupKindMarkdown
			}
			if got := p.content(); got.Value != want || got.Kind != kind {
				t.Errorf("%s: %s %q, want %s %q", test.name, got.Kind, got.Value, kind, want)
			}
		}
	}
}

// FuzzPageText holds that text cannot become markup: every character of it that
// begins some in Markdown is escaped, and nothing is lost.
func FuzzPageText(f *testing.F) {
	f.Add("cost 12 *exceeds* `budget`")
	f.Add("\\[a](b)\n# c")
	f.Fuzz(func(t *testing.T, s string) {
		p := page{markdown: true}
		p.text(s)
		var read strings.Builder
		rest := p.content().Value
		for rest != "" {
			if after, ok := strings.CutPrefix(rest, `\`); ok {
				rest = after
			} else if strings.ContainsAny(rest[:1], "\\`*_[]<>|~&\n") {
				t.Fatalf("%q is written as %q", s, p.content().Value)
			}
			read.WriteByte(rest[0])
			rest = rest[1:]
		}
		if want := strings.Map(words.Printable, bounded(s)); read.String() != want {
			t.Fatalf("%q is read as %q", s, read.String())
		}
	})
}
