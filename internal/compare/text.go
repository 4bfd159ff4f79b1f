package compare

import (
	"go/scanner"
	"go/token"
	"sort"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
)

// texts has the sources of one side as tokens, so that neither comments nor layout count.
type texts struct {
	read  func(file string) ([]byte, bool) // nil where there are no sources
	files map[string]*tokens
}

// tokens are those of one file, in order.
type tokens struct {
	text  []string
	line  []int // of each
	col   []int
	lines []string // the source, by line from 0
}

func (t *texts) file(name string) *tokens {
	if f, ok := t.files[name]; ok {
		return f
	}
	var f *tokens
	if t.read != nil {
		if src, ok := t.read(name); ok {
			f = scan(src)
		}
	}
	if t.files == nil {
		t.files = make(map[string]*tokens)
	}
	t.files[name] = f
	return f
}

func scan(src []byte) *tokens {
	f := &tokens{lines: strings.Split(string(src), "\n")}
	set := token.NewFileSet()
	file := set.AddFile("", -1, len(src))
	var s scanner.Scanner
	s.Init(file, src, func(token.Position, string) {}, 0) // a broken file has no verdicts
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return f
		}
		if tok == token.SEMICOLON && lit == "\n" {
			continue
		}
		if lit == "" {
			lit = tok.String()
		}
		p := file.PositionFor(pos, false)
		f.text, f.line, f.col = append(f.text, lit), append(f.line, p.Line), append(f.col, p.Column)
	}
}

// from returns the index of the first token at or behind a place.
func (f *tokens) from(line, col int) int {
	return sort.Search(len(f.text), func(i int) bool {
		return f.line[i] > line || f.line[i] == line && f.col[i] >= col
	})
}

// body returns the text of a function without its name, and without the name where it
// calls itself; "" where the source is not there, or is not what was compiled.
func (t *texts) body(f *inline.Function) string {
	file := t.file(f.Pos.File)
	if file == nil {
		return ""
	}
	name := linkname.Base(f.Name)
	i, end := file.from(f.Pos.Line, f.Pos.Col), file.from(f.End.Line, f.End.Col)
	if i >= len(file.text) || file.text[i] != name || f.Pos.Col == 0 {
		return "" // a //line directive leads here, or it is init.0
	}
	var b strings.Builder
	for _, text := range file.text[i:max(i, end)] {
		if text != name {
			b.WriteString(text)
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// onLine returns the tokens of a line; "" where there are none.
func (t *texts) onLine(name string, line int) string {
	f := t.file(name)
	if f == nil {
		return ""
	}
	i := f.from(line, 0)
	end := f.from(line+1, 0)
	return strings.Join(f.text[i:end], " ")
}

// around returns the tokens of a line with those of the lines before and behind it that
// have some.
func (t *texts) around(name string, line int) string {
	f := t.file(name)
	if f == nil {
		return ""
	}
	i, end := f.from(line, 0), f.from(line+1, 0)
	if i > 0 {
		i = f.from(f.line[i-1], 0)
	}
	if end < len(f.text) {
		end = f.from(f.line[end]+1, 0)
	}
	return strings.Join(f.text[i:end], " ")
}

// source returns a line as it is written, without what is around it.
func (t *texts) source(name string, line int) string {
	f := t.file(name)
	if f == nil || line < 1 || line > len(f.lines) {
		return ""
	}
	return strings.TrimSpace(f.lines[line-1])
}
