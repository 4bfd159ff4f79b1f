package assertion

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/syntax"
)

// Prefix is how a directive begins.
const Prefix = "//inlinelens:"

// MayHave reports whether a text seems to have directives. Most files have none, and need
// not be parsed.
func MayHave(text []byte) bool { // also where the name is written InlineLens
	return bytes.Contains(text, []byte("ens:")) || bytes.Contains(text, []byte("gcassert:"))
}

// InSource finds the directives in a Go file, of the given absolute name. Where the file
// has syntax errors, it finds those that can be placed.
func InSource(name string, text []byte) List {
	if !MayHave(text) {
		return List{}
	}
	fset := token.NewFileSet()
	file, _ := syntax.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if file == nil || !file.FileStart.IsValid() {
		return List{}
	}
	s := &source{name: name, text: text, file: file, fset: fset, tokens: fset.File(file.FileStart)}
	for _, group := range file.Comments {
		for _, c := range group.List {
			s.comment(group, c)
		}
	}
	return s.found
}

// A source is a file in which directives are looked for.
type source struct {
	name   string
	text   []byte
	file   *ast.File
	fset   *token.FileSet
	tokens *token.File
	found  List

	commentMap map[*ast.CommentGroup]ast.Node // as gcassert has it; made when it is needed
}

// comment looks for directives in a comment.
func (s *source) comment(group *ast.CommentGroup, c *ast.Comment) {
	if body, ok := strings.CutPrefix(c.Text, Prefix); ok && (body == "" || !isBlank(body[0])) {
		s.directive(group, c, body)
		return
	}
	if meant, ok := misspelt(c.Text); ok {
		s.fail(c, fmt.Sprintf("this is no directive: write %s%s, with no blanks", Prefix, meant))
		return
	}
	if m := gcassertDirective.FindStringSubmatch(c.Text); m != nil {
		s.gcassert(group, c, m[1])
	}
}

func (s *source) directive(group *ast.CommentGroup, c *ast.Comment, body string) {
	a, err := (*Assertion)(nil), errors.New("the directive is not UTF-8 text")
	if utf8.ValidString(body) {
		a, err = parse(strings.TrimRight(body, "\r"), false, "")
	}
	if err != nil {
		s.fail(c, err.Error())
		return
	}
	s.add(a, c, s.target(a, group, c))
}

func (s *source) add(a *Assertion, c *ast.Comment, at Target) {
	a.At, a.Pos, a.End = &at, s.position(c.Pos()), s.position(c.End())
	s.found.Assertions = append(s.found.Assertions, a)
}

func (s *source) fail(c *ast.Comment, message string) {
	s.found.Errors = append(s.found.Errors, &SyntaxError{
		Pos: s.position(c.Pos()), End: s.position(c.End()), Text: c.Text, Message: message,
	})
}

var meantAsDirective = regexp.MustCompile(`^(?://|/\*)[ \t]*(?i:inlinelens)[ \t]*:[ \t]*((?:inlined|inlinable|exempt|cost)\b.*?)[ \t]*(?:\*/)?$`)

// misspelt returns what somebody wanted to assert with a comment that is no directive.
func misspelt(comment string) (meant string, ok bool) {
	if m := meantAsDirective.FindStringSubmatch(comment); m != nil {
		return m[1], true
	}
	return "", false
}

// gcassertDirective is what gcassert takes for a directive, anywhere in a comment.
var gcassertDirective = regexp.MustCompile(`// ?gcassert:([\w,]+)`)

// gcassert reads a comment of gcassert's.
func (s *source) gcassert(group *ast.CommentGroup, c *ast.Comment, list string) {
	for word := range strings.SplitSeq(list, ",") {
		switch word {
		case "inline":
			s.add(&Assertion{Kind: Inlined, GCAssert: true, Text: "gcassert:inline"}, c, s.gcassertTarget(group))
		case "bce", "noescape":
			what := map[string]string{"bce": "bounds checks", "noescape": "escapes"}[word]
			s.fail(c, fmt.Sprintf("gcassert:%s is not checked: inlinelens knows nothing of %s yet; check it with gcassert", word, what))
			s.found.Errors[len(s.found.Errors)-1].Refused = true
		default:
			s.fail(c, fmt.Sprintf("unknown assertion %q of gcassert: want inline, bce or noescape", word))
		}
	}
}

// position is where the compiler says that something is: //line directives count.
func (s *source) position(p token.Pos) inline.Position {
	at := s.fset.Position(p)
	return inline.Position{File: at.Filename, Line: at.Line, Col: at.Column}
}
