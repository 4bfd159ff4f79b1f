package load

import (
	"bytes"
	gobuild "go/build"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestHeader(t *testing.T) {
	const text = `// A licence.

//go:build linux

// Package p has a comment.
//
//go:debug panicnil=1
package p // the clause

// #include <stdio.h>
import "C"

import (
	_ "embed"
	"fmt"
)

// F prints.
func F() { fmt.Println() }

//go:embed a.txt
var a string
`
	header, ok := Header([]byte(text))
	if !ok {
		t.Fatal("it does not parse")
	}
	for _, part := range []string{"//go:build linux", "//go:debug", "#include", `"fmt"`, "//go:embed a.txt"} {
		if !strings.Contains(header, part) {
			t.Errorf("the header lacks %s", part)
		}
	}
	for _, change := range []struct {
		old, new string
		same     bool
	}{
		{"Println()", "Print()", true},
		{"// F prints.", "//go:noinline", true},
		{"var a string", "var a string\n\nfunc G() {", true},
		{"linux", "windows", false},
		{"panicnil=1", "panicnil=0", false},
		{"package p", "package q", false},
		{"<stdio.h>", "<stdlib.h>", false},
		{`"fmt"`, `"log"`, false},
		{`"fmt"`, "\"fmt\"\n\t\"log\"", false},
		{"a.txt", "b.txt", false},
		{"//go:embed a.txt", "\t//go:embed\ta.txt b.txt", false},
	} {
		changed, ok := Header([]byte(strings.Replace(text, change.old, change.new, 1)))
		if !ok || (changed == header) != change.same {
			t.Errorf("%q in the place of %q: the header is the same: %v, parses: %v", change.new, change.old, changed == header, ok)
		}
	}
	for _, broken := range []string{"", "package", "pakcage p", "package p; import (", "package p\nimport \"fmt", "/*"} {
		if _, ok := Header([]byte(broken)); ok {
			t.Errorf("%q has a header", broken)
		}
	}
}

// FuzzHeader holds that go/build finds the same in two texts with the same
// header, whatever is behind it.
func FuzzHeader(f *testing.F) {
	for _, head := range []string{
		"package p\n", "//go:build ignore\n\npackage p\n\nimport \"fmt\"\n", "\ufeffpackage p\nimport _ \"embed\"\n",
		"//go:debug x=1\npackage main\nimport (\n\"a\";\"b\"\n)\n", "package p\n\n// #cgo LDFLAGS: -lm\nimport \"C\"\n", "package p; import _ \"embed\"; ",
	} {
		f.Add(head, "func f() {}\n", "func f() { g() }\n")
		f.Add(head, "//go:embed x\nvar x string\n", "var y string\n//go:embed x\n")
		f.Add(head, "/* */ //go:embed x\nvar x string\n", "var x string\n")
		f.Add(head, "import \"late\"\n", "`\n//go:embed x`\n")
		f.Add(head, "var x = 1 //go:embed x\n", "/*\n//go:embed x\n*/")
	}
	f.Fuzz(func(t *testing.T, head, a, b string) {
		textA, textB := head+a, head+b
		headerA, okA := Header([]byte(textA))
		headerB, okB := Header([]byte(textB))
		if !okA || !okB || headerA != headerB {
			return
		}
		if listA, listB := listed(textA), listed(textB); !reflect.DeepEqual(listA, listB) {
			t.Errorf("%q and %q have the header %q, and go/build finds\n%+v\n%+v", textA, textB, headerA, listA, listB)
		}
	})
}

// listed returns what go/build finds in a package of one file, without positions.
func listed(text string) map[string]any {
	ctxt := gobuild.Default
	ctxt.ReadDir = func(string) ([]fs.FileInfo, error) { return []fs.FileInfo{oneFile("p.go")}, nil }
	ctxt.IsDir = func(string) bool { return true }
	ctxt.OpenFile = func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader([]byte(text))), nil }
	p, err := ctxt.ImportDir(filepath.Join(os.TempDir(), "p"), 0)
	found := map[string]any{
		"name": p.Name, "files": p.GoFiles, "cgo": p.CgoFiles, "ignored": p.IgnoredGoFiles, "invalid": p.InvalidGoFiles,
		"imports": p.Imports, "embeds": p.EmbedPatterns, "flags": p.CgoLDFLAGS, "tags": p.AllTags, "failed": err != nil,
	}
	var directives []string
	for _, d := range p.Directives {
		directives = append(directives, d.Text)
	}
	found["directives"] = directives
	return found
}

// oneFile is the entry of a regular file of that name.
type oneFile string

func (f oneFile) Name() string     { return string(f) }
func (oneFile) Size() int64        { return 0 }
func (oneFile) Mode() fs.FileMode  { return 0o666 }
func (oneFile) ModTime() time.Time { return time.Time{} }
func (oneFile) IsDir() bool        { return false }
func (oneFile) Sys() any           { return nil }
