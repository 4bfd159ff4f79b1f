package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/testprogram"
)

// TestLanguageOfHelp reads the help of each command, as the program prints it. It asks
// the program which commands there are.
func TestLanguageOfHelp(t *testing.T) {
	program := testprogram.Path(t)
	help := func(args ...string) string {
		out, err := exec.Command(program, args...).Output()
		if err != nil {
			t.Fatal(args, err)
		}
		return string(out)
	}
	report(t, "help", plain(help("help")))
	commands := 0
	for line := range strings.Lines(help("__complete", "help", "")) {
		name, _, ok := strings.Cut(line, "\t")
		if !ok {
			break // the directive for the shell
		}
		commands++
		report(t, "help "+name, plain(help("help", name)))
	}
	if commands < 5 {
		t.Errorf("there are %d commands only", commands)
	}
}

// TestWordsOfSource holds that no text in the program's source has unwanted words.
func TestWordsOfSource(t *testing.T) {
	files := 0
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := entry.Name(); entry.IsDir() && (name == "node_modules" || name == "testdata" || name == "out" || name == "dist" || len(name) > 2 && name[0] == '.') {
			return filepath.SkipDir
		}
		switch {
		case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
			files++
			for _, fault := range unwantedLiterals(t, path) {
				t.Error(fault)
			}
		case strings.HasSuffix(path, ".lua"), strings.HasSuffix(path, ".ts") && strings.Contains(filepath.ToSlash(path), "/src/"):
			files++
			for _, fault := range unwantedIn(read(t, path)) {
				t.Errorf("%s: %s", path, fault)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 200 {
		t.Errorf("there are %d files only", files)
	}
}

// unwantedLiterals returns a line for each unwanted word in the strings of a Go file.
func unwantedLiterals(t *testing.T, path string) []string {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil && strings.Contains(text, " ") { // otherwise a name
				for _, fault := range unwantedIn(text) {
					found = append(found, fset.Position(lit.Pos()).String()+": "+fault)
				}
			}
		}
		return true
	})
	return found
}
