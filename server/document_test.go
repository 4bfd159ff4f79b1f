package server

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

func TestFilePath(t *testing.T) {
	if runtime.GOOS == "windows" {
		for u, want := range map[string]string{"file:///c%3A/a%20b/x.go": `c:\a b\x.go`, "file:///C:/x.go": `c:\x.go`, "file:///x.go": ""} {
			if got, _ := filePath(uri.URI(u)); got != want {
				t.Errorf("%s: %q, want %q", u, got, want)
			}
		}
		return
	}
	for u, want := range map[string]string{
		"file:///a/b.go":                       "/a/b.go",
		"file:///a/with%20blank/b.go":          "/a/with blank/b.go",
		"file:///a/with blank/b.go":            "/a/with blank/b.go",
		"file:///a/%E6%97%A5%E6%9C%AC/b.go":    "/a/日本/b.go",
		"file:///a/日本/b.go":                    "/a/日本/b.go",
		"file:///a/b%23c%3Fd.go":               "/a/b#c?d.go",
		"file:///a/100%25.go":                  "/a/100%.go",
		"file:///a/../b/./c.go":                "/b/c.go",
		"file:///c%3A/Users/x.go":              "/c:/Users/x.go",
		"file:///C:/Users/x.go":                "/c:/Users/x.go",
		"file:///a%2Fb.go":                     "/a/b.go",
		"file:///a/%zz.go":                     "/a/%zz.go",
		"file:///a/b%00.go":                    "",
		"file://localhost/a/b.go":              "/a/b.go",
		"file://server/share/x.go":             "",
		"untitled:Untitled-1":                  "",
		"git:/a/b.go?%7B%22ref%22%3A%22%22%7D": "",
		"vscode-notebook-cell:/a/b.ipynb#W0":   "",
		"http://example.com/a.go":              "",
		"":                                     "",
		"a.go":                                 "",
		":":                                    "",
	} {
		if got, ok := filePath(uri.URI(u)); got != want || ok != (want != "") {
			t.Errorf("%s: %q, want %q", u, got, want)
		}
	}
}

// TestApply makes random edits in each encoding, and holds the texts against
// those that a slice of characters leaves.
func TestApply(t *testing.T) {
	alphabet := []string{"a", "b", "\t", "\n", "\r\n", "é", "日", "😀", "𝒳", ""}
	pick := func(r *rand.Rand, n int) string {
		var b strings.Builder
		for range r.IntN(n) {
			b.WriteString(alphabet[r.IntN(len(alphabet))])
		}
		return b.String()
	}
	for _, encoding := range []position.Encoding{position.UTF8, position.UTF16, position.UTF32} {
		r := rand.New(rand.NewPCG(1, uint64(encoding)))
		for range 300 {
			text := pick(r, 60)
			d := newDocument("file:///x.go", "/x.go", 1, []byte(text))
			var changes []string
			for range 1 + r.IntN(4) {
				characters := []rune(text)
				// Between \r and \n there is no position.
				at := func() int {
					for {
						i := r.IntN(len(characters) + 1)
						if i == 0 || i == len(characters) || characters[i-1] != '\r' || characters[i] != '\n' {
							return i
						}
					}
				}
				start, end := at(), at()
				if start > end {
					start, end = end, start
				}
				replacement := pick(r, 10)
				changes = append(changes, fmt.Sprintf(`{"range":{"start":%s,"end":%s},"text":%q}`,
					point16(characters[:start], encoding), point16(characters[:end], encoding), replacement))
				text = string(characters[:start]) + replacement + string(characters[end:])
			}
			raw := "[" + strings.Join(changes, ",") + "]"
			// %q is JSON for what the alphabet has.
			parsed, err := parseChanges(jsontext.Value(raw))
			if err != nil {
				t.Fatalf("%s: %v", raw, err)
			}
			got, err := d.apply(parsed, encoding)
			if err != nil || string(got) != text {
				t.Fatalf("%v: %q after %s: %q, %v; want %q", encoding, d.text, raw, got, err, text)
			}
		}
	}
}

// point16 is the position behind characters, as JSON.
func point16(characters []rune, encoding position.Encoding) string {
	text := string(characters)
	line := strings.Count(text, "\n")
	last := text[strings.LastIndexByte(text, '\n')+1:]
	n := len(last)
	switch encoding {
	case position.UTF16:
		n = len(utf16.Encode([]rune(last)))
	case position.UTF32:
		n = utf8.RuneCountInString(last)
	}
	return fmt.Sprintf(`{"line":%d,"character":%d}`, line, n)
}

func TestApplyOdd(t *testing.T) {
	at := func(line, character, toLine, toCharacter any) string {
		return fmt.Sprintf(`{"range":{"start":{"line":%v,"character":%v},"end":{"line":%v,"character":%v}},"text":"X"}`, line, character, toLine, toCharacter)
	}
	for _, test := range []struct{ name, changes, want, bad string }{
		{"none", `[]`, "ab\ncd", ""},
		{"null", `null`, "ab\ncd", ""},
		{"whole", `[{"text":"new"}]`, "new", ""},
		{"whole, as null", `[{"range":null,"text":"new"}]`, "new", ""},
		{"whole, then a part", `[{"text":"new"},` + at(0, 0, 0, 1) + `]`, "Xew", ""},
		{"length is ignored", `[{"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":1}},"rangeLength":99,"text":""}]`, "b\ncd", ""},
		{"behind the line", `[` + at(0, 1, 0, 99) + `]`, "aX\ncd", ""},
		{"behind the last line", `[` + at(1, 0, 4294967295, 4294967295) + `]`, "ab\nX", ""},
		{"all behind", `[` + at(7, 7, 9, 9) + `]`, "ab\ncdX", ""},
		{"unpaired surrogate", `[{"text":"\ud800"}]`, "\uFFFD", ""},

		{"backwards", `[` + at(1, 0, 0, 0) + `]`, "", "ends before it"},
		{"negative", `[` + at(0, -1, 0, 1) + `]`, "", "-1"},
		{"fraction", `[` + at(0, 0.5, 0, 1) + `]`, "", "0.5"},
		{"too large", `[` + at(0, 0, 0, 99999999999) + `]`, "", "99999999999"},
		{"no end", `[{"range":{"start":{"line":0,"character":0}},"text":"X"}]`, "", "lacks"},
		{"no character", `[{"range":{"start":{"line":0},"end":{"line":0,"character":0}},"text":"X"}]`, "", "lacks"},
		{"no text", `[{"range":null}]`, "", "no text"},
		{"null text", `[{"text":null}]`, "", "no text"},
		{"no list", `{"text":"new"}`, "", "unmarshal JSON object"},
		{"nothing", ``, "", "JSON"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDocument("file:///x.go", "/x.go", 1, []byte("ab\ncd"))
			var got []byte
			changes, err := parseChanges(jsontext.Value(test.changes))
			if err == nil {
				got, err = d.apply(changes, position.UTF16)
			}
			if test.bad != "" {
				if err == nil || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(test.bad)) {
					t.Errorf("%q, %v; want an error with %q", got, err, test.bad)
				}
			} else if err != nil || string(got) != test.want {
				t.Errorf("%q, %v; want %q", got, err, test.want)
			}
			if string(d.text) != "ab\ncd" {
				t.Errorf("the document itself is %q now", d.text)
			}
		})
	}
}

// TestLost loses the text of a document, and finds it again with the whole.
func TestLost(t *testing.T) {
	d := newDocument("file:///x.go", "/x.go", 1, []byte("ab")).withoutText(2)
	part, err := parseChanges(jsontext.Value(`[{"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":1}},"text":"X"}]`))
	if err != nil {
		t.Fatal(err)
	}
	for _, changes := range [][]change{part, nil} {
		if got, err := d.apply(changes, position.UTF8); err == nil {
			t.Errorf("a text that is not known became %q", got)
		}
	}
	whole := "new"
	got, err := d.apply(append([]change{{Text: &whole}}, part...), position.UTF8)
	if err != nil || string(got) != "Xew" {
		t.Errorf("%q, %v", got, err)
	}
}

// TestShift holds that a document's Shift is made once for what was compiled.
func TestShift(t *testing.T) {
	d := newDocument("file:///x.go", "/x.go", 1, []byte("package p\n\nfunc f() {}\n"))
	f := &workspace.File{Text: []byte("package p\nfunc f() {}\n"), Blocks: []position.Span{{Start: 10, End: 21}}}
	s := d.shiftFrom(f)
	if got, ok := s.Offset(15); !ok || got != 16 {
		t.Errorf("15 is %d, %v", got, ok)
	}
	if d.shiftFrom(f) != s {
		t.Error("made again for the same")
	}
	if d.shiftFrom(&workspace.File{Text: f.Text, Blocks: f.Blocks}) == s {
		t.Error("not made again for another")
	}
}
