package handlers

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"

	"github.com/hbollon/go-edlib"

	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/syntax"
)

// This file finds directives about inlining in Go source, and those that were meant
// to be some. What it holds to was seen with the compilers of Go 1.22 to 1.26:
//
//   - A directive is a // comment on a line of its own, with no blank behind the
//     slashes. Its verb ends with the first blank; a tab does not end it.
//   - //go:noinline holds for the function declaration behind it, across blank lines
//     and other comments. Anywhere else, and behind anything else on its line, the
//     compiler refuses it: "misplaced compiler directive".
//   - A verb that the compiler does not know is ignored without a message, unless
//     something stands before it on its line.

// A directiveKind says what a comment is to the compiler.
type directiveKind uint8

const (
	notDirective    directiveKind = iota
	exact                         // //go:noinline as the compiler wants it
	misspelt                      // meant as //go:noinline, and not understood
	asksForInlining               // asks for inlining, which no directive does
)

// A directive is a comment about inlining.
type directive struct {
	position.Span // of the comment, in the current text, without the line's end
	kind          directiveKind
	fixed         string // with kind misspelt: how the comment is to be written
	strict        bool   // it begins as directives do, with //go:
	onOwnLine     bool   // nothing stands before it on its line
	// target is the function declaration that it stands before; nil elsewhere.
	target *ast.FuncDecl
}

// A parsedText is the current text, parsed as far as it can be.
type parsedText struct {
	text   []byte
	file   *ast.File
	tokens *token.File
	broken bool // there are syntax errors, so that places may be wrong
}

// parse reads a Go file; nil if there is nothing to be read.
func parse(text []byte) *parsedText {
	fset := token.NewFileSet()
	file, err := syntax.ParseFile(fset, "", text, parser.ParseComments|parser.SkipObjectResolution)
	if file == nil || !file.FileStart.IsValid() {
		return nil
	}
	return &parsedText{text: text, file: file, tokens: fset.File(file.FileStart), broken: err != nil}
}

// parseClause reads the package clause of a Go file; nil if there is nothing to be read.
func parseClause(text []byte) *parsedText {
	fset := token.NewFileSet()
	file, _ := parser.ParseFile(fset, "", text, parser.PackageClauseOnly|parser.SkipObjectResolution)
	if file == nil || !file.FileStart.IsValid() {
		return nil
	}
	return &parsedText{text: text, file: file, tokens: fset.File(file.FileStart)}
}

func (s *parsedText) offset(p token.Pos) int { return s.tokens.Offset(p) }

// directives returns those of the text, in order. Most files have none, and are
// not parsed.
func directives(text []byte) (*parsedText, []directive) {
	if !mayHaveDirective(text) {
		return nil, nil
	}
	s := parse(text)
	if s == nil {
		return nil, nil
	}
	return s, s.directives()
}

// directives returns those of the file, in order.
func (s *parsedText) directives() []directive {
	var found []directive
	for _, group := range s.file.Comments {
		for i, c := range group.List {
			kind, fixed, strict := classify(c.Text)
			if kind == notDirective {
				continue
			}
			d := directive{kind: kind, fixed: fixed, strict: strict, target: s.target(c)}
			d.Start = s.offset(c.Pos())
			d.End = s.commentEnd(d.Start)
			d.onOwnLine = len(bytes.TrimLeft(s.text[s.lineStart(d.Start):d.Start], " \t")) == 0
			if strict || d.target != nil && d.onOwnLine && endsParagraph(group, i) {
				found = append(found, d)
			}
		}
	}
	return found
}

// mayHaveDirective reports whether text has, in a comment or not, what could be one.
func mayHaveDirective(text []byte) bool {
	for i := 0; ; i++ {
		n := bytes.IndexByte(text[i:], ':')
		if n < 0 {
			return false
		}
		i += n
		if i < 2 || text[i-2]|0x20 != 'g' || text[i-1]|0x20 != 'o' {
			continue
		}
		verb := text[i+1 : min(i+1+maxVerb, len(text))]
		if end := bytes.IndexAny(verb, " \t\r\n*"); end >= 0 {
			verb = verb[:end]
		}
		if kindOf(string(verb)) != notDirective {
			return true
		}
	}
}

// maxVerb is the length of verbs that are looked at, in bytes.
const maxVerb = 24

// classify tells what a comment is from its text, and how a misspelt one is to be
// written. strict says that it has the form of directives, which no prose has.
func classify(comment string) (kind directiveKind, fixed string, strict bool) {
	if body, ok := strings.CutPrefix(comment, "//go:"); ok {
		verb, rest, blank := strings.Cut(body, " ")
		if verb == "noinline" {
			return exact, "", true
		}
		if blank {
			rest = " " + rest
		}
		if before, behind, tab := strings.Cut(verb, "\t"); tab {
			verb, rest = before, " "+behind+rest
		}
		return kindOf(verb), "//go:noinline" + rest, true
	}
	body := strings.TrimSuffix(strings.TrimPrefix(comment, "/*"), "*/")
	body = strings.TrimSpace(strings.TrimLeft(body, "/"))
	if len(body) < len("go:") || !strings.EqualFold(body[:len("go:")], "go:") || strings.ContainsAny(body, " \t\n") {
		return notDirective, "", false
	}
	return kindOf(body[len("go:"):]), "//go:noinline", false
}

// kindOf tells what was meant by a verb without its go:.
func kindOf(name string) directiveKind {
	letters := strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z':
			return r
		}
		return -1
	}, name)
	switch letters {
	case "inline", "alwaysinline", "forceinline", "mustinline", "inlinealways", "inlineable", "inlinable":
		return asksForInlining
	case "noinline", "neverinline", "dontinline", "donotinline", "notinline", "noinlining", "inlinenever":
		return misspelt
	}
	if len(letters) <= maxVerb && edlib.OSADamerauLevenshteinDistance(letters, "noinline") <= 2 {
		return misspelt
	}
	return notDirective
}

// endsParagraph reports whether no prose goes on behind the i'th comment of a group.
func endsParagraph(group *ast.CommentGroup, i int) bool {
	if i+1 == len(group.List) {
		return true
	}
	next := group.List[i+1].Text
	return strings.TrimSpace(strings.TrimPrefix(next, "//")) == "" || strings.HasPrefix(next, "//go:")
}

// target returns the function declaration that a comment stands before: where the
// compiler would take a directive for it.
func (s *parsedText) target(c *ast.Comment) *ast.FuncDecl {
	behind := s.file.Name.End()
	for _, d := range s.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && behind <= c.Pos() && c.Pos() < nameOf(f) {
			return f
		}
		behind = d.End()
	}
	return nil
}

// nameOf is where the name of a function begins, or the receiver before it: up to
// there the compiler takes directives.
func nameOf(f *ast.FuncDecl) token.Pos {
	if f.Recv != nil {
		return f.Recv.Pos()
	}
	return f.Name.Pos()
}

// lineStart returns where the line starts that an offset is in.
func (s *parsedText) lineStart(offset int) int {
	return bytes.LastIndexByte(s.text[:offset], '\n') + 1
}

// commentEnd returns where a comment ends that starts at an offset: the parser
// leaves returns out of a comment's text, so that its length does not tell.
func (s *parsedText) commentEnd(start int) int {
	rest := s.text[start:]
	if bytes.HasPrefix(rest, []byte("/*")) {
		if i := bytes.Index(rest, []byte("*/")); i >= 0 {
			return start + i + len("*/")
		}
		return len(s.text)
	}
	if i := bytes.IndexByte(rest, '\n'); i >= 0 {
		rest = rest[:i]
	}
	return start + len(bytes.TrimRight(rest, "\r"))
}
