package rewrite

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/format"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// The tests are txtar files: in.go, then what all candidates of each of its
// functions make of it, of which only the functions that change are shown, and
// what was refused. With -update, what follows in.go is written again.
var update = flag.Bool("update", false, "rewrite the expectations")

func TestCandidates(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			text := archive.Files[0].Data
			got := describe(t, text)
			archive.Files = append(archive.Files[:1], txtar.File{Name: "candidates", Data: []byte(got)})
			if *update {
				writeFile(t, file, txtar.Format(archive))
				return
			}
			want := readFile(t, file)
			if diff := cmp.Diff(want, string(txtar.Format(archive))); diff != "" {
				t.Errorf("want - got +:\n%s", diff)
			}
			// Lines that end in a carriage return stay so, and change nothing else.
			crlf := describe(t, bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n")))
			if diff := cmp.Diff(got, crlf); diff != "" && !bytes.Contains(text, []byte("/*")) {
				t.Errorf("with carriage returns: lines with - are those of without:\n%s", diff)
			}
		})
	}
}

// TestOldLoops holds that variables of loops are shared before Go 1.22: a function
// literal that has one would see the next value.
func TestOldLoops(t *testing.T) {
	text := []byte(`package p

func F(list []func() int, c bool) {
	for _, x := range list {
		if c {
			list[0] = func() int { return x() }
			panic(list)
		}
	}
}
`)
	for version, want := range map[string]int{"go1.21": 0, "go1.22": 1} {
		p, file := checkVersion(t, text, version)
		list, _ := p.Candidates(file, text, file.Decls[0].(*ast.FuncDecl))
		list = slices.DeleteFunc(list, func(c Candidate) bool { return c.Kind != ColdPath })
		if len(list) != want {
			t.Errorf("%s: %d candidates, want %d", version, len(list), want)
		}
	}
}

// check parses and type-checks a package of one file.
func check(t *testing.T, text []byte) (*Package, *ast.File) {
	t.Helper()
	return checkVersion(t, text, "")
}

func checkVersion(t *testing.T, text []byte, version string) (*Package, *ast.File) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "in.go", text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	info := &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue),
		Defs:  make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Selections: make(map[*ast.SelectorExpr]*types.Selection),
	}
	cfg := types.Config{Importer: standard, Sizes: types.SizesFor("gc", "amd64"), GoVersion: version}
	pkg, err := cfg.Check("p", fset, []*ast.File{file}, info)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return &Package{Fset: fset, Files: []*ast.File{file}, Types: pkg, Info: info, Sizes: cfg.Sizes}, file
}

var standard = importer.Default()

// describe applies each candidate of each function; the results must be sound and
// formatted.
func describe(t *testing.T, text []byte) string {
	p, file := check(t, text)
	crlf := bytes.Contains(text, []byte("\r\n"))
	var b strings.Builder
	for _, d := range file.Decls {
		d, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		list, refused := p.Candidates(file, text, d)
		for _, c := range list {
			now := Apply(text, c.Edits)
			check(t, now)
			if crlf {
				if bytes.Count(now, []byte("\n")) != bytes.Count(now, []byte("\r\n")) {
					t.Errorf("%s: there are lines without carriage returns:\n%q", d.Name.Name, now)
				}
				now = bytes.ReplaceAll(now, []byte("\r\n"), []byte("\n"))
			}
			if formatted, err := format.Source(now); err != nil || !bytes.Equal(formatted, now) {
				t.Errorf("%s: gofmt does not leave it as it is: %v\n%s", d.Name.Name, err, now)
			}
			fmt.Fprintf(&b, "=== %s: %s %d-%d %s; runs %s\n", d.Name.Name, c.Kind, c.Line, c.EndLine, c.Name, strings.TrimSpace(string(c.Runs)+" "+c.Stays(c.ExitLine)))
			b.WriteString(changed(t, now, d.Name.Name, c.Name))
			if c.Cheaper != nil {
				now := bytes.ReplaceAll(Apply(text, c.Cheaper), []byte("\r\n"), []byte("\n"))
				if formatted, err := format.Source(now); err != nil || !bytes.Equal(formatted, now) {
					t.Errorf("%s: gofmt does not leave the cheaper one as it is: %v\n%s", d.Name.Name, err, now)
				}
				fmt.Fprintf(&b, "--- cheaper:\n")
				b.WriteString(changed(t, now, d.Name.Name, c.Name))
			}
		}
		for _, r := range refused {
			fmt.Fprintf(&b, "=== %s: line %d %s refused: %s\n", d.Name.Name, r.Line, r.Kind, r.Why)
		}
	}
	return b.String()
}

// changed returns the text of a function, and of the part that has moved.
func changed(t *testing.T, text []byte, name, part string) string {
	p, file := check(t, text)
	var b strings.Builder
	for _, d := range file.Decls {
		d, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		start := d.Pos()
		switch {
		case d.Name.Name == name:
		case d.Name.Name == part:
			b.WriteString("\n")
			start = d.Doc.Pos()
		default:
			continue
		}
		b.Write(text[p.offset(start):p.offset(d.End())])
		b.WriteString("\n")
	}
	return b.String()
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func writeFile(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.WriteFile(name, text, 0o666); err != nil {
		t.Fatal(err)
	}
}
