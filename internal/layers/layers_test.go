package layers

import (
	"bytes"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

const module = "github.com/inlinelens/inlinelens/"

// A pkg is what "go list -json" says of one package.
type pkg struct {
	ImportPath   string
	Doc          string
	GoFiles      []string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// rel is the package's path below the module.
func (p pkg) rel() string { return strings.TrimPrefix(p.ImportPath, module) }

func TestLayers(t *testing.T) {
	pkgs := list(t)
	for _, bad := range check(pkgs) {
		t.Error(bad)
	}
	// The table may name a layer that is still to be built, but never one package twice.
	seen := map[string]bool{}
	for _, r := range layers {
		if seen[r.path] {
			t.Errorf("%s is listed twice", r.path)
		}
		seen[r.path] = true
	}
}

// check returns one sentence for each breach of the rules.
func check(pkgs []pkg) []string {
	var bad []string
	say := func(p pkg, why string) { bad = append(bad, p.rel()+": "+why) }
	byPath := make(map[string]pkg)
	for _, p := range pkgs {
		byPath[p.ImportPath] = p
	}
	for _, p := range pkgs {
		if !strings.HasPrefix(p.ImportPath, module) {
			continue
		}
		if strings.TrimSpace(p.Doc) == "" && len(p.GoFiles) > 0 {
			say(p, "has no package comment")
		}
		if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "misc", "shared"}, path.Base(p.ImportPath)) {
			say(p, "is named for nothing: name it for its subject")
		}
		me, inProgram := layerOf(p.rel())
		isSupport := slices.ContainsFunc(support, func(w string) bool { return within(p.rel(), w) })
		if inProgram == isSupport {
			say(p, "must be listed either as a layer or as support: give it a place in layers.go")
			continue
		}
		if isSupport {
			continue
		}
		for _, imp := range p.Imports {
			switch {
			case imp == "os/exec" && !me.runs:
				say(p, "imports os/exec: only internal/gc and internal/load start processes")
			case strings.HasPrefix(imp, "go.lsp.dev/") && !me.protocol:
				say(p, "imports "+imp+": the protocol stays at the edge")
			case me.level == 0 && strings.Contains(strings.Split(imp, "/")[0], "."):
				say(p, "imports "+imp+": it holds values only and imports nothing but the standard library")
			}
			if !strings.HasPrefix(imp, module) {
				continue
			}
			to, ok := layerOf(strings.TrimPrefix(imp, module))
			switch {
			case !ok:
				say(p, "imports the support package "+imp)
			case to.path != me.path && to.level >= me.level:
				say(p, "imports "+to.path+", which is not below it")
			}
		}
		if way := wayToProcesses(p, byPath, map[string]bool{}); me.pure && way != nil {
			say(p, "can start processes, through "+strings.Join(way, ", "))
		}
		// Tests may start a compiler to have something true to compare with,
		// but a test that reaches upwards tests the wrong package.
		for _, imp := range slices.Concat(p.TestImports, p.XTestImports) {
			to, ok := layerOf(strings.TrimPrefix(imp, module))
			if ok && strings.HasPrefix(imp, module) && to.level > me.level {
				say(p, "its tests import "+to.path+", which is above it")
			}
		}
	}
	return bad
}

// wayToProcesses returns the packages through which p leads to os/exec, nil if it
// does not.
func wayToProcesses(p pkg, byPath map[string]pkg, seen map[string]bool) []string {
	for _, imp := range p.Imports {
		if imp == "os/exec" {
			return []string{imp}
		}
		if seen[imp] {
			continue
		}
		seen[imp] = true
		if way := wayToProcesses(byPath[imp], byPath, seen); way != nil {
			return append([]string{imp}, way...)
		}
	}
	return nil
}

// layerOf finds the layer of a package: folders below it belong to it.
func layerOf(rel string) (layer, bool) {
	for _, r := range layers {
		if within(rel, r.path) {
			return r, true
		}
	}
	return layer{}, false
}

func within(rel, folder string) bool {
	return rel == folder || strings.HasPrefix(rel, folder+"/")
}

// list runs "go list" over the module and all that it imports.
func list(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Doc,GoFiles,Imports,TestImports,XTestImports", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %v\n%s", err, exit.Stderr)
		}
		t.Fatalf("go list: %v", err)
	}
	var pkgs []pkg
	for dec := jsontext.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		switch err := json.UnmarshalDecode(dec, &p); {
		case errors.Is(err, io.EOF):
			if len(pkgs) == 0 {
				t.Fatal("go list named no package")
			}
			return pkgs
		case err != nil:
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
}

// TestCheck shows that each rule can be broken.
func TestCheck(t *testing.T) {
	good := pkg{Doc: "Package x is.", GoFiles: []string{"x.go"}}
	with := func(rel string, imports ...string) pkg {
		p := good
		p.ImportPath, p.Imports = module+rel, imports
		return p
	}
	undocumented := with("internal/gc")
	undocumented.Doc = ""
	testsUp := with("internal/gc")
	testsUp.TestImports = []string{module + "internal/rewrite"}
	// A package that every layer may import by its level.
	runner := with("internal/reaper", "os/exec")
	for _, test := range []struct {
		name string
		pkg  pkg
		want string // "" for no breach
	}{
		{"downwards", with("internal/resolve", "fmt", "golang.org/x/tools/go/packages", module+"internal/remark", module+"internal/inline"), ""},
		{"own folder", with("internal/gc", module+"internal/gc/corpus"), ""},
		{"upwards", with("internal/gc", module+"internal/resolve"), "not below it"},
		{"sideways", with("internal/remark", module+"internal/load"), "not below it"},
		{"a runner of processes beside it", with("internal/resolve", module+"internal/gc"), "not below it"},
		{"a runner of processes below it", with("internal/cost", module+"internal/reaper"), "can start processes, through " + module + "internal/reaper, os/exec"},
		{"may have one below it", with("internal/engine", module+"internal/reaper"), ""},
		{"starts processes", with("internal/engine", "os/exec"), "only internal/gc and internal/load"},
		{"may start processes", with("internal/load", "os/exec"), ""},
		{"speaks the protocol", with("internal/report", "go.lsp.dev/protocol"), "stays at the edge"},
		{"may speak the protocol", with("handlers/hover", "go.lsp.dev/protocol", module+"internal/engine"), ""},
		{"values import a library", with("internal/inline", "golang.org/x/sync/errgroup"), "nothing but the standard library"},
		{"imports a support package", with("internal/engine", module+"internal/bench"), "imports the support package"},
		{"no comment", undocumented, "no package comment"},
		{"a name for nothing", with("internal/gc/util"), "name it for its subject"},
		{"no place", with("internal/attic"), "give it a place"},
		{"tests reach upwards", testsUp, "its tests import internal/rewrite"},
	} {
		got := strings.Join(check([]pkg{test.pkg, runner}), "\n")
		if test.want == "" && got != "" || !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}
