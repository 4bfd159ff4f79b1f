package load

import (
	"bytes"
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"
)

// Header returns what of a Go file's text a load depends on: all of it down to
// the end of the last import (build constraints, //go:debug lines and the
// preambles of cgo stand there), and the //go:embed directives behind that. ok is
// false for a text whose imports do not parse, or whose directives may be inside
// of something that has no end.
//
// While the headers of a package's files stay as they are, and no file comes or
// goes, a load of the package finds the same again.
func Header(text []byte) (header string, ok bool) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", text, parser.ImportsOnly|parser.SkipObjectResolution)
	if err != nil {
		return "", false
	}
	end := f.Name.End()
	for _, d := range f.Decls {
		end = max(end, d.End())
	}
	at := fset.PositionFor(end, false).Offset
	var b strings.Builder
	b.Write(text[:at])
	if !appendEmbeds(&b, text[at:]) {
		return "", false
	}
	return b.String(), true
}

var embedDirective = []byte("//go:embed")

// appendEmbeds appends the //go:embed directives of what stands behind the
// imports, each on a line of its own. It reports false if it cannot tell them from
// what only looks like one.
func appendEmbeds(b *strings.Builder, text []byte) bool {
	if !bytes.Contains(text, embedDirective) {
		return true
	}
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	s.Init(file, text, nil, scanner.ScanComments)
	for {
		_, tok, lit := s.Scan()
		switch {
		case tok == token.EOF:
			return s.ErrorCount == 0
		case tok == token.COMMENT && strings.HasPrefix(lit, string(embedDirective)):
			b.WriteByte('\n')
			b.WriteString(lit)
		}
	}
}
