package crosscheck

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/prove"
)

// copied are packages of std that import nothing internal, and each other.
var copied = prove.Or([]string{"compress/flate", "encoding/hex", "regexp", "regexp/syntax"}, []string{
	"bufio", "compress/bzip2", "compress/flate", "compress/lzw", "container/heap", "container/list", "encoding/base64",
	"encoding/csv", "encoding/hex", "encoding/json", "go/scanner", "go/token", "html", "index/suffixarray", "regexp", "regexp/syntax",
	"text/scanner", "text/tabwriter", "text/template/parse", "unicode/utf8",
})

// copiedModule makes a module of packages of std as a release has them, so that they can
// be edited and compiled by each later release. It returns the directory, and the texts
// by absolute name.
func copiedModule(t testing.TB, release string) (dir string, texts map[string][]byte) {
	t.Helper()
	root := filepath.Join(goroot(t, release), "src")
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	texts = make(map[string][]byte)
	for _, path := range copied {
		names, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(path), "*.go"))
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: no files, %v", path, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			to := filepath.Join(dir, filepath.FromSlash(path), filepath.Base(name))
			texts[to] = withCopiedImports(t, text)
			if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(to, texts[to], 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module copied\n\ngo 1.22\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	return dir, texts
}

// withCopiedImports has a file import the copies.
func withCopiedImports(t testing.TB, text []byte) []byte {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", text, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range slices.Backward(f.Imports) {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil && slices.Contains(copied, path) {
			at := fset.Position(spec.Path.Pos()).Offset + 1
			text = slices.Insert(text, at, []byte("copied/")...)
		}
	}
	return text
}
