package load

import (
	"bytes"
	"go/parser"
	"go/token"
	"strings"
)

// Header returns what of a Go file's text a load depends on: all of it down to
// the end of the last import (build constraints, //go:debug lines and the
// preambles of cgo stand there), and the //go:embed lines behind that. ok is
// false for a text whose imports do not parse.
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
	for line := range bytes.Lines(text[at:]) {
		if line := bytes.TrimSpace(line); bytes.HasPrefix(line, []byte("//go:embed")) {
			b.WriteByte('\n')
			b.Write(line)
		}
	}
	return b.String(), true
}
