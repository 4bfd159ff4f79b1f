package position

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// A decl is a top-level declaration of a file, as go/parser sees it.
type decl struct {
	Span
	name  string // of what it declares first, or "import"
	code  int    // where it starts behind its doc comment
	after int    // where the declaration before it, or the package clause, ends
	// comments are the //go: comments since the declaration before it.
	comments []Span
}

// directives returns the //go: comments in front of offset at of d's file.
func (d decl) directives(file string, at int) string {
	all := ""
	for _, c := range d.comments {
		if c.Start < at {
			all += strings.TrimRight(file[c.Start:c.End], " \t\r") + "\n"
		}
	}
	return all
}

// declsOf returns the declarations of a file with their doc comments, and false
// if the file has syntax errors.
func declsOf(text []byte) ([]decl, bool) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, false
	}
	offset := func(p token.Pos) int { return fset.PositionFor(p, false).Offset }
	var decls []decl
	end := offset(file.Name.End())
	for _, d := range file.Decls {
		found := decl{Span: Span{offset(d.Pos()), offset(d.End())}, code: offset(d.Pos()), after: end}
		var doc *ast.CommentGroup
		switch d := d.(type) {
		case *ast.FuncDecl:
			found.name, doc = d.Name.Name, d.Doc
		case *ast.GenDecl:
			doc = d.Doc
			found.name = d.Tok.String()
			if len(d.Specs) > 0 {
				switch spec := d.Specs[0].(type) {
				case *ast.ValueSpec:
					found.name = spec.Names[0].Name
				case *ast.TypeSpec:
					found.name = spec.Name.Name
				}
			}
		}
		if doc != nil {
			found.Start = offset(doc.Pos())
		}
		for _, group := range file.Comments {
			for _, c := range group.List {
				at := offset(c.Pos())
				if at >= end && at < found.code && strings.HasPrefix(c.Text, "//go:") {
					length := bytes.IndexByte(append(text[at:len(text):len(text)], '\n'), '\n')
					found.comments = append(found.comments, Span{at, at + length})
				}
			}
		}
		end = found.End
		decls = append(decls, found)
	}
	return decls, true
}

func mustDecls(t testing.TB, text string) []decl {
	decls, ok := declsOf([]byte(text))
	if !ok {
		t.Fatalf("the test's file has syntax errors:\n%s", text)
	}
	return decls
}

func spans(decls []decl) []Span {
	var s []Span
	for _, d := range decls {
		s = append(s, d.Span)
	}
	return s
}

// kept returns the names of the declarations that s finds in the current text,
// and checks that their text stands there.
func kept(t *testing.T, s *Shift, compiled string, decls []decl, current string) []string {
	t.Helper()
	var names []string
	for _, d := range decls {
		to, ok := s.Offset(d.Start)
		if !ok {
			continue
		}
		names = append(names, d.name)
		text := compiled[d.Start:d.End]
		if !strings.HasPrefix(current[to:], text) {
			t.Errorf("%s is not at offset %d:\n%s", d.name, to, current)
		}
		for i := range len(text) + 1 {
			at, ok := s.Offset(d.Start + i)
			if !ok || at != to+i {
				t.Errorf("%s: Offset(%d) = %d, %v; want %d", d.name, d.Start+i, at, ok, to+i)
			}
			back, ok := s.Back(to + i)
			if !ok || back != d.Start+i {
				t.Errorf("%s: Back(%d) = %d, %v; want %d", d.name, to+i, back, ok, d.Start+i)
			}
		}
	}
	return names
}

const shop = `package shop // sells

import "fmt"

// Price is in cents.
type Price int

var rate, _ = 3, "/*" // percent

//go:noinline
func tax(p Price) Price { return p * 3 / 100 }

//go:nosplit

// Total adds the tax.
func Total(p Price) Price {
	const note = ` + "`" + `
func tax(p Price) Price { return 0 }
` + "`" + `
	return p + tax(p) // cents
}

func Print(p Price) {
	fmt.Println(p) /* to the
	terminal */
}
`

func TestShift(t *testing.T) {
	all := []string{"import", "Price", "rate", "tax", "Total", "Print"}
	without := func(names ...string) []string {
		return slices.DeleteFunc(slices.Clone(all), func(n string) bool { return slices.Contains(names, n) })
	}
	replace := func(pairs ...string) string {
		s := shop
		for i := 0; i < len(pairs); i += 2 {
			if strings.Count(s, pairs[i]) != 1 {
				t.Fatalf("%q is %d times in the text", pairs[i], strings.Count(s, pairs[i]))
			}
			s = strings.Replace(s, pairs[i], pairs[i+1], 1)
		}
		return s
	}
	const doc = "// Total adds the tax.\n"
	for _, tt := range []struct {
		name, current string
		want          []string
	}{
		{"nothing", shop, all},
		{"a line at the start", "// Copyright\n\n" + shop, all},
		{"a line at the end", shop + "\n// end\n", all},
		{"no line end at the end", strings.TrimSuffix(shop, "\n"), all},
		{"a new function", replace("func Print", "func free() bool { return true }\n\nfunc Print"), all},
		{"a comment between", replace("func Print", "/* now\n\n`to */ // paper: \"\n\nfunc Print"), all},
		{"a comment behind", replace("// percent", "/* ‰ */ // per mille"), all},
		{"the package's name", replace("package shop", "package store"), all},
		{"a doc comment for a function without", replace("func Print", "// Print prints.\nfunc Print"), all},
		{"indented", replace("func Print", "\t func Print"), all},
		{"behind a semicolon", replace("// percent\n\n", "; "), all},

		{"a body", replace("p * 3", "p * 4"), without("tax")},
		{"a doc comment", replace("in cents", "in pence"), without("Price")},
		{"the first and the last", replace("fmt\"\n", "log\"\n", "Println", "Print"), without("import", "Print")},
		{"a value goes on", replace("// percent", "+ 2"), without("rate")},
		{"a value goes on behind a comment", replace("// percent", "/* per */ + 2"), without("rate")},
		{"removed", replace("\nfunc Print(p Price) {\n\tfmt.Println(p) /* to the\n\tterminal */\n}\n", ""), without("Print")},
		{"everything removed", "", nil},
		{"CRLF", strings.ReplaceAll(shop, "\n", "\r\n"), []string{"import", "rate"}},

		{"commented out by line", replace("type Price", "// type Price"), without("Price")},
		{"commented out, one", replace("func Print", "/* func Print", "terminal */\n}", "terminal */"), without("Print")},
		{"commented out, several", replace("// Price is", "/*\n// Price is", "//go:noinline", "*/\n//go:noinline"), without("Price", "rate")},
		{"commented out, across blocks", replace("// Price is", "/*\n// Price is", "Price int", "*/Price int"), without("Price")},
		{"commented out, to the end of a line", replace("import", "/*\nimport", "type Price int\n", "type Price int */\n"), without("import", "Price")},
		{"in a raw string", replace("var rate", "const s = `\nvar rate", "// percent", "// percent\n`"), without("rate")},
		{"behind code", replace("func Print", "x func Print"), without("Print")},
		{"copied into a comment", replace("func Print", "/*\nfunc Print(p Price) {}\n*/\nfunc Print"), all},
		{"copied into a raw string", replace("func Print", "const s = `\nfunc Print(p Price) {\n`\n\nfunc Print"), all},
		{"an opening comment, still open", replace("type Price", "/* type Price"), without("Price")},
		{"an opening quote, still open", replace("type Price", "` type Price"), without("Price")},
		{"an opening brace, still open", replace("p * 3", "{ p * 3"), without("tax")},

		{"a directive", replace("func Print", "//go:noinline\nfunc Print"), without("Print")},
		{"a directive with a line between", replace("func Print", "//go:noinline\n\nfunc Print"), without("Print")},
		{"a directive above the doc comment", replace("// Price is", "//go:notinheap\n// Price is"), without("Price")},
		{"a directive gone", replace("//go:nosplit\n\n", ""), without("Total")},
		{"a directive in the doc comment", replace(doc, doc+"//\n//go:noinline\n"), without("Total")},
		{"a directive for another", replace("func Print", "//go:noinline\nfunc free() {}\n\nfunc Print"), all},
		{"a declaration into a directive", replace("var rate, _ = 3, \"/*\" // percent\n\n", "//go:noinline\n\n"), without("rate", "tax")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			decls := mustDecls(t, shop)
			s := NewShift([]byte(shop), spans(decls), []byte(tt.current))
			got := kept(t, s, shop, decls, tt.current)
			if !slices.Equal(got, tt.want) {
				t.Errorf("kept %q, want %q", got, tt.want)
			}
		})
	}
}

func TestShiftOutsideBlocks(t *testing.T) {
	decls := mustDecls(t, shop)
	blocks := spans(decls)
	comment := strings.Index(shop, "// sells")

	s := NewShift([]byte(shop), blocks, []byte(shop))
	for _, offset := range []int{0, comment, len(shop)} {
		if got, ok := s.Offset(offset); !ok || got != offset {
			t.Errorf("the same text: Offset(%d) = %d, %v", offset, got, ok)
		}
		if got, ok := s.Back(offset); !ok || got != offset {
			t.Errorf("the same text: Back(%d) = %d, %v", offset, got, ok)
		}
	}
	outside := []int{-1, len(shop) + 1}
	for _, offset := range outside {
		if got, ok := s.Offset(offset); ok {
			t.Errorf("the same text: Offset(%d) = %d", offset, got)
		}
		if got, ok := s.Back(offset); ok {
			t.Errorf("the same text: Back(%d) = %d", offset, got)
		}
	}

	s = NewShift([]byte(shop), blocks, []byte(shop+"\n"))
	for _, offset := range append(outside, 0, comment, len(shop)) {
		if got, ok := s.Offset(offset); ok {
			t.Errorf("an edited text: Offset(%d) = %d", offset, got)
		}
		if got, ok := s.Back(offset); ok {
			t.Errorf("an edited text: Back(%d) = %d", offset, got)
		}
	}
}

// TestShiftImproperBlocks has blocks that no file has.
func TestShiftImproperBlocks(t *testing.T) {
	const text = "var a = 1\nvar b = 2\n"
	a := Span{0, 9}
	for _, blocks := range [][]Span{
		{a, {5, 19}},
		{a, {10, 21}},
		{{-1, 3}, a},
		{a, {12, 12}, {14, 13}},
	} {
		s := NewShift([]byte(text), blocks, []byte("\n"+text))
		if got, ok := s.Offset(4); !ok || got != 5 {
			t.Errorf("%v: Offset(4) = %d, %v; want 5", blocks, got, ok)
		}
		if got, ok := s.Offset(14); ok {
			t.Errorf("%v: Offset(14) = %d", blocks, got)
		}
	}
}

// declaration returns a declaration that no other n has; some span several
// lines, and some begin like others.
func declaration(n int) string {
	switch n % 4 {
	case 0:
		return fmt.Sprintf("func init() {\n\tf(%d)\n}", n)
	case 1:
		return fmt.Sprintf("// F%d is used.\n//\n//go:noinline\nfunc F%d() string {\n\treturn `/* %d\n` + \"`\"\n}", n, n, n)
	case 2:
		return fmt.Sprintf("var v%d = f(%d)", n, n)
	default:
		return fmt.Sprintf("const (\n\tc%d = '`' /* */\n\td%d\n)", n, n)
	}
}

// between returns what can stand between declarations.
func between(n int) string {
	return []string{
		"\n", "\n\n", " // behind\n", "; ", "\n\n// apart: `\n\n", "\n/*\nfunc init() {\n*/\n", "\r\n\r\n", "\n\nfunc new() {\n\tgo func() {}()\n}\n",
	}[n%8]
}

// build returns a file of declarations and what is between them.
func build(declarations []string, gap func(i int) string) string {
	var b strings.Builder
	b.WriteString("package p\n")
	for i, d := range declarations {
		b.WriteString(d + gap(i))
	}
	return b.String() + "\n"
}

// FuzzShiftEdits edits what is between declarations, moves some of them, and
// edits one of them inside: all others, and only they, are found at their place.
func FuzzShiftEdits(f *testing.F) {
	f.Add([]byte{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8}, uint8(4), uint8(9), false)
	f.Add([]byte{0, 0, 0, 0, 0, 7, 0, 0, 0}, uint8(0), uint8(0), false)
	f.Add([]byte{8, 7, 6, 5, 4, 3, 2, 1}, uint8(7), uint8(200), true)
	f.Add([]byte{}, uint8(0), uint8(0), true)
	f.Fuzz(func(t *testing.T, edits []byte, edited, at uint8, move bool) {
		var declarations []string
		for i := range len(edits) {
			declarations = append(declarations, declaration(i))
		}
		compiled := build(declarations, between)
		blocks := make([]Span, len(declarations))
		for i, d := range declarations {
			start := strings.Index(compiled, d)
			blocks[i] = Span{start, start + len(d)}
		}

		// Now the current text: "q" goes into a word of one declaration.
		changed := -1
		if len(edits) > 0 {
			changed = int(edited) % len(edits)
			d := declarations[changed]
			i := int(at) % (len(d) - 2)
			for !isLetter(d[i]) || !isLetter(d[i+1]) {
				i = (i + 1) % (len(d) - 1)
			}
			declarations[changed] = d[:i+1] + "q" + d[i+1:]
		}
		places := slices.Clone(declarations)
		if move && len(places) > 2 {
			places[0], places[2] = places[2], places[0]
		}
		current := build(places, func(i int) string { return between(int(edits[i])) })

		s := NewShift([]byte(compiled), blocks, []byte(current))
		for i, d := range declarations {
			for _, offset := range []int{0, len(d) / 2} {
				got, ok := s.Offset(blocks[i].Start + offset)
				if want := strings.Index(current, d) + offset; i != changed && (!ok || got != want) {
					t.Fatalf("declaration %d is at %d, %v; want %d, in\n%s\nwas\n%s", i, got, ok, want, current, compiled)
				} else if i == changed && ok {
					t.Fatalf("declaration %d was edited, and is found at %d in\n%s\nwas\n%s", i, got, current, compiled)
				}
			}
		}
	})
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// FuzzShift compares with go/parser where both texts have no syntax errors: what
// is found is a declaration of the current text, and all that can be found are.
func FuzzShift(f *testing.F) {
	f.Add(shop, strings.ReplaceAll(shop, "func Print", "/* `\nfunc Print"))
	f.Add(shop, strings.ReplaceAll(shop, "func Print", "var a, b = `/*`, \"\n*/\"; func Print"))
	f.Add(shop, shop[50:]+shop[20:])
	f.Add("package p\nvar a = 1; var b = 2", "package p;var b = 2\nvar a = 1")
	f.Add("package p\nvar a = 1\nvar a = 1\n", "package p\nvar a = 1\n\nvar a = 1\nvar a = 1 // x")
	f.Add("package p\nvar a = 1 /* x\n */ ; var b = `\n`", "package p\nvar a = 1 /* x\n */ + 2 ; var b = `\n`")
	f.Add("package p\nvar a = `*/`\nvar b = 2\nvar c = 3", "package p\n/* var c = 3\nvar a = `*/\nvar b = 2\n")
	f.Fuzz(checkShift)
}

// fragments are what FuzzShiftFragments makes files of.
var fragments = []string{
	"\n", "\n\n", "; ", " ", "// c\n", "/* c */", "/*", "*/", "`", "\"", "'", "//go:noinline\n", "/*\n", "*/\n", "x", "}", "{\n", "+ 1", "\r\n", "(", ")",
	"var a = 1", "var b = `\nvar a = 1\n`", "var c = \"/*\"", "func f() {\n\tg('`')\n}", "func g() {\n\t/* `\nvar a = 1\n` */\n}",
	"// D is.\nvar D = 1", "/* E\n is */ var E = `*/`", "type t int", "import \"C\"", "const (\n\td = 1 // */\n\te = 2\n)", "//go:nosplit\n\n",
}

// FuzzShiftFragments is FuzzShift with texts that have few syntax errors: each
// byte stands for a fragment.
func FuzzShiftFragments(f *testing.F) {
	f.Add([]byte{21, 0, 24, 0, 26, 0}, []byte{0, 21, 0, 27, 1, 24, 26})
	f.Add([]byte{22, 0, 25, 4, 30, 0}, []byte{12, 22, 0, 25, 4, 30, 0})
	f.Add([]byte{31, 28, 2, 21, 0}, []byte{11, 28, 2, 21, 0, 31})
	f.Fuzz(func(t *testing.T, compiled, current []byte) {
		text := func(code []byte) string {
			var b strings.Builder
			b.WriteString("package p\n")
			for _, c := range code {
				b.WriteString(fragments[int(c)%len(fragments)])
			}
			return b.String()
		}
		checkShift(t, text(compiled), text(current))
	})
}

// checkShift checks all that can be said of a shift between two texts.
func checkShift(t *testing.T, compiled, current string) {
	t.Logf("compiled:\n%s\n\ncurrent:\n%s\n", compiled, current)
	decls, ok := declsOf([]byte(compiled))
	blocks := spans(decls)
	if !ok {
		for start := 0; start < len(compiled); {
			end := start + 1 + len(compiled[start:])/3
			blocks = append(blocks, Span{start, min(end, len(compiled))})
			start = end + 1
		}
	}
	s := NewShift([]byte(compiled), blocks, []byte(current))
	if s.size >= 0 {
		return
	}
	end := 0
	for _, m := range s.back {
		if m.to < end || compiled[m.Start:m.End] != current[m.to:m.to+m.End-m.Start] {
			t.Fatalf("%v overlaps or is not its text, in %v", m, s.back)
		}
		end = m.to + m.End - m.Start
		for offset := m.Start; offset <= m.End; offset++ {
			to, ok := s.Offset(offset)
			if back, ok2 := s.Back(to); !ok || !ok2 || back != offset && offset < m.End {
				t.Fatalf("offset %d leads to %d (%v), which leads to %d (%v)", offset, to, ok, back, ok2)
			}
		}
	}
	now, ok2 := declsOf([]byte(current))
	if !ok || !ok2 {
		return
	}
	for _, d := range decls {
		text := compiled[d.Start:d.End]
		directives := d.directives(compiled, d.Start)
		to, found := s.Offset(d.Start)
		// Its doc comment may be longer now, or go/parser may take it for the comment
		// of what stands before it.
		isDecl := func(n decl) bool {
			return n.after <= to && to <= n.code && n.End == to+len(text) && n.directives(current, to) == directives
		}
		if found && !slices.ContainsFunc(now, isDecl) {
			t.Fatalf("%q is not declared at %d, under %q", text, to, directives)
		}
		alike := func(decls []decl, file string) (found []decl) {
			for _, other := range decls {
				if file[other.Start:other.End] == text {
					found = append(found, other)
				}
			}
			return found
		}
		there := alike(now, current)
		taken := func(n decl) bool { // by a declaration whose text is a part of this one
			return slices.ContainsFunc(s.back, func(m move) bool { return m.to < n.End && m.to+m.End-m.Start > n.Start })
		}
		if !found && len(there) == 1 && !taken(there[0]) && len(alike(decls, compiled)) == 1 && there[0].directives(current, there[0].Start) == directives {
			t.Fatalf("%q is not found, but it is still at %d", text, there[0].Start)
		}
	}
}

// BenchmarkShift has a file of 150 kB with 300 declarations.
func BenchmarkShift(b *testing.B) {
	var declarations []string
	for i := range 300 {
		line := fmt.Sprintf("\tif x := f%d(a, b); x != nil { // check\n\t\treturn \"x\"\n\t}\n", i)
		declarations = append(declarations, fmt.Sprintf("// F%d does it.\nfunc F%d(a, b int) string {\n%s}", i, i, strings.Repeat(line, 8)))
	}
	gap := func(int) string { return "\n\n" }
	compiled := []byte(build(declarations, gap))
	blocks := make([]Span, len(declarations))
	for i, d := range declarations {
		start := bytes.Index(compiled, []byte(d))
		blocks[i] = Span{start, start + len(d)}
	}
	edit := func(at ...int) []byte {
		edited := slices.Clone(declarations)
		for _, i := range at {
			edited[i] = strings.Replace(edited[i], "nil", "zero", 1)
		}
		return []byte(build(edited, gap))
	}
	everywhere := make([]int, len(declarations))
	for i := range everywhere {
		everywhere[i] = i
	}
	half := len(compiled) / 2
	for _, bb := range []struct {
		name    string
		current []byte
	}{
		{"same", bytes.Clone(compiled)},
		{"one", edit(150)},
		{"first-and-last", edit(0, 299)},
		{"every-tenth", edit(everywhere[:30]...)},
		{"all", edit(everywhere...)},
		{"crlf", bytes.ReplaceAll(compiled, []byte("\n"), []byte("\r\n"))},
		{"halves-swapped", slices.Concat(compiled[half:], compiled[:half])},
		{"open-comments", slices.Concat(bytes.Repeat([]byte("/*`\n"), 20000), compiled)},
		{"directives", slices.Concat(bytes.Repeat([]byte("//go:x\n"), 20000), compiled[10:])},
	} {
		b.Run(bb.name, func(b *testing.B) {
			for b.Loop() {
				NewShift(compiled, blocks, bb.current)
			}
		})
	}
	b.Run("offset", func(b *testing.B) {
		s := NewShift(compiled, blocks, edit(150))
		for b.Loop() {
			s.Offset(half / 2)
		}
	})
}
