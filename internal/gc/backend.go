package gc

import (
	goscanner "go/scanner"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/inlinelens/inlinelens/internal/regular"
)

// IntrinsicPackages returns the paths of the packages of which the compiler's
// back end speaks at all, sorted: it knows intrinsics by the path of their
// package, which stands in its source as a string. That rules out most packages
// without a compile, though not all that it returns have intrinsics, or are
// packages. It returns nil where the toolchain comes without the source of its
// compiler.
func (t *Toolchain) IntrinsicPackages() []string {
	files, err := filepath.Glob(filepath.Join(t.GOROOT, "src", "cmd", "compile", "internal", "ssagen", "*.go"))
	if err != nil {
		return nil
	}
	spoken := make(map[string]bool)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := regular.ReadFile(name)
		if err != nil {
			return nil
		}
		addPaths(spoken, text)
	}
	return slices.Sorted(maps.Keys(spoken))
}

var importPath = regexp.MustCompile(`^[a-z0-9]+(/[a-z0-9]+)*$`)

// addPaths adds the string literals in a Go file that may be import paths of the
// standard library, but for what the file imports.
func addPaths(to map[string]bool, text []byte) {
	var s goscanner.Scanner
	fset := token.NewFileSet()
	s.Init(fset.AddFile("", -1, len(text)), text, func(token.Position, string) {}, 0)
	last, imports := token.ILLEGAL, false
	for {
		_, tok, lit := s.Scan()
		switch {
		case last == token.IMPORT:
			imports = tok == token.LPAREN
			if !imports {
				tok = token.IDENT // import "path"
			}
		case imports && tok == token.RPAREN:
			imports = false
		case imports && tok == token.STRING:
			tok = token.IDENT
		}
		last = tok
		switch tok {
		case token.EOF:
			return
		case token.STRING:
			if v, err := strconv.Unquote(lit); err == nil && importPath.MatchString(v) {
				to[v] = true
			}
		}
	}
}
