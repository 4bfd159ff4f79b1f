package position

import (
	"fmt"
	"strings"
	"testing"
)

// before has functions whose lines can be told from each other.
const before = `package p

var table = []int{
	one(1),
	two(2),
}

// Small adds.
func Small(x int) int { return x + 1 }

func (t *Type) Large(x int) int {
	x = first(x)
	if x > 0 {
		x = second(x)
	}
	return third(x)
}

func last() { fourth() }
`

// TestEditedLines edits before, and holds which lines of edited declarations remain,
// and where the declarations are found.
func TestEditedLines(t *testing.T) {
	for _, test := range []struct {
		name     string
		from, to string
		// lines are those of edited declarations that remain, heads the first lines of
		// these declarations as they are now.
		lines, heads string
	}{
		{
			"a line", "x = first(x)", "x = first (x)",
			"func (t *Type) Large(x int) int {|if x > 0 {|x = second(x)|}|return third(x)|}", "func (t *Type) Large(x int) int {",
		},
		{"a blank at the end of a line", "first(x)", "first(x) ", "func (t *Type) Large(x int) int {|x = first(x)|if x > 0 {|x = second(x)|}|return third(x)|}", "func (t *Type) Large(x int) int {"},
		{
			"a new line", "\treturn third(x)", "\tx++\n\treturn third(x)",
			"func (t *Type) Large(x int) int {|x = first(x)|if x > 0 {|x = second(x)|}|return third(x)|}", "func (t *Type) Large(x int) int {",
		},
		{
			"lines that are wrapped", "\tx = first(x)\n", "\tif x < 9 {\n\t\tx = first(x)\n\t}\n",
			"func (t *Type) Large(x int) int {|x = first(x)|if x > 0 {|x = second(x)|}|return third(x)|}", "func (t *Type) Large(x int) int {",
		},
		{
			"a comment around lines", "\tif x > 0 {\n", "\t/*\n\tif x > 0 {\n*/\n",
			"func (t *Type) Large(x int) int {|x = first(x)|x = second(x)|}|return third(x)|}", "func (t *Type) Large(x int) int {",
		},
		{
			"a raw string around lines", "\tif x > 0 {\n", "\t_ = `\n\tif x > 0 {\n`\n",
			"func (t *Type) Large(x int) int {|x = first(x)|x = second(x)|}|return third(x)|}", "func (t *Type) Large(x int) int {",
		},
		{"a line that is commented out", "\tx = first(x)", "\t// x = first(x)", "func (t *Type) Large(x int) int {|if x > 0 {|x = second(x)|}|return third(x)|}", "func (t *Type) Large(x int) int {"},
		{"a doc comment", "// Small adds.", "// Small adds one.", "func Small(x int) int { return x + 1 }", "func Small(x int) int { return x + 1 }"},
		{"the only line", "x + 1 }", "x + 2 }", "", "func Small(x int) int { return x + 2 }"},
		{"a blank in the first line", "func Small(x", "func Small (x", "", "func Small (x int) int { return x + 1 }"},
		{"a new name", "func Small(x", "func Smaller(x", "", "func Smaller(x int) int { return x + 1 }"},
		{"a name that is gone", "func Small(x", "func (x", "", "func (x int) int { return x + 1 }"},
		{"another function in its place", "func Small(x int) int { return x + 1 }", "func other() {}", "", ""},
		{"a function that is gone", "// Small adds.\nfunc Small(x int) int { return x + 1 }\n", "", "", ""},
		{"a brace that is missing", "\treturn third(x)\n}\n", "\treturn third(x)\n", "func (t *Type) Large(x int) int {|x = first(x)|if x > 0 {|x = second(x)|}|return third(x)", "func (t *Type) Large(x int) int {"},
		{"a variable", "\tone(1),\n", "\tone(11),\n", "var table = []int{|two(2),|}", "var table = []int{"},
		{"the last one", "fourth()", "fifth()", "", "func last() { fifth() }"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if strings.Count(before, test.from) != 1 {
				t.Fatalf("%q is there %d times", test.from, strings.Count(before, test.from))
			}
			current := strings.Replace(before, test.from, test.to, 1)
			blocks := spans(mustDecls(t, before))
			s := NewShift([]byte(before), blocks, []byte(current))
			var lines, heads []string
			for line, delta := range s.Lines {
				text := before[line.Start:line.End]
				if now := current[line.Start+delta : line.End+delta]; now != text {
					t.Errorf("%q leads to %q", text, now)
				}
				for _, at := range []int{line.Start + delta, line.End + delta} {
					if found, d, ok := s.LineAt(at); !ok || found != line || d != delta {
						t.Errorf("offset %d leads back to %v by %d, %v; want %v by %d", at, found, d, ok, line, delta)
					}
				}
				if _, ok := s.Offset(line.Start); ok {
					t.Errorf("%q is in a declaration that was not edited", text)
				}
				lines = append(lines, text)
			}
			for _, b := range blocks {
				if at, ok := s.Head(b.Start); ok {
					line, _, _ := strings.Cut(current[at:], "\n")
					heads = append(heads, line)
				}
			}
			if got := strings.Join(lines, "|"); got != test.lines {
				t.Errorf("lines\n\t%s\nwant\n\t%s", got, test.lines)
			}
			if got := strings.Join(heads, "|"); got != test.heads {
				t.Errorf("heads %q, want %q", got, test.heads)
			}
		})
	}
}

// Text of another size in all of many functions takes no time that is noticed.
func TestManyEditedLines(t *testing.T) {
	var was, now strings.Builder
	was.WriteString("package p\n")
	now.WriteString("package p\n")
	for i := range 300 {
		fmt.Fprintf(&was, "\nfunc f%d() {\n%s}\n", i, strings.Repeat("\tcall()\n\tother()\n", 100))
		fmt.Fprintf(&now, "\nfunc f%d() {\n%s}\n", i, strings.Repeat("\tother()\n\tcalled()\n\tcall()\n", 100))
	}
	s := NewShift([]byte(was.String()), spans(mustDecls(t, was.String())), []byte(now.String()))
	n := 0
	for range s.Lines {
		n++
	}
	if n < 300*2 {
		t.Errorf("%d lines remain", n)
	}
	if s.edited.compared > maxCompared {
		t.Errorf("%d pairs of lines were compared", s.edited.compared)
	}
}
