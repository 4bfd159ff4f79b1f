package load

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// putModule writes a module with one package.
func putModule(t *testing.T, dir, path string) {
	t.Helper()
	put(t, filepath.Join(dir, "go.mod"), "module "+path+"\n\ngo 1.22\n")
	put(t, filepath.Join(dir, "x.go"), "package x\n")
}

// TestModuleAdvice holds, for layouts of modules, what is advised where a pattern names
// nothing, and that it helps: the command that is advised is run, or the pattern tried.
func TestModuleAdvice(t *testing.T) {
	workspace := func(t *testing.T, dir string) {
		putModule(t, filepath.Join(dir, "a"), "example.com/a")
		putModule(t, filepath.Join(dir, "b"), "example.com/b")
		putModule(t, filepath.Join(dir, "c"), "example.com/c")
		put(t, filepath.Join(dir, "docs", "d.go"), "package docs\n")
		put(t, filepath.Join(dir, "go.work"), "go 1.22\n\nuse (\n\t./a\n\t./b\n)\n")
	}
	nested := func(t *testing.T, dir string) {
		putModule(t, dir, "example.com/n")
		putModule(t, filepath.Join(dir, "inner"), "example.com/n/inner")
	}
	several := func(t *testing.T, dir string) {
		putModule(t, filepath.Join(dir, "x"), "example.com/x")
		putModule(t, filepath.Join(dir, "deep", "y"), "example.com/y")
	}
	for _, test := range []struct {
		name, in, pattern string
		layout            func(t *testing.T, dir string)
		advice            string
		run               string // a command of the advice, which makes the pattern good
		instead           string // a pattern of the advice
		at                string // a directory of the advice, in which ./... is good
	}{
		{"root of a workspace", ".", "./...", workspace, `name the modules that go.work lists: ./a/..., ./b/...`, "", "./a/...", ""},
		{"all of a workspace", ".", "./...", workspace, `"work" names all of them`, "", "work", ""},
		{"its directory", ".", ".", workspace, `name the modules that go.work lists: ./a/...`, "", "./a/...", ""},
		{"in no module of the workspace", "docs", ".", workspace, `name the modules that go.work lists: ../a/...`, "", "../a/...", ""},
		{"not listed", "c", ".", workspace, `go.work does not list the module example.com/c: add it with "go work use ."`, "go work use .", "", ""},
		{"not listed, below it", "c", "./...", workspace, `add it with "go work use ."`, "go work use .", "", ""},
		{"not listed, from the root", ".", "./c", workspace, `add it with "go work use ./c"`, "go work use ./c", "", ""},
		{"not listed, all of it", ".", "./c/...", workspace, `add it with "go work use ./c"`, "go work use ./c", "", ""},
		{"not listed, from beside", "a", "../c", workspace, `add it with "go work use ../c"`, "go work use ../c", "", ""},
		{"not listed, by its path", ".", "example.com/c", workspace, `which is in ./c: add it with "go work use ./c"`, "go work use ./c", "", ""},
		{"nothing is there", ".", "./nowhere", workspace, "check the spelling", "", "", ""},
		{"nothing below", ".", "./nowhere/...", workspace, "check the spelling", "", "", ""},
		{"nested", ".", "./inner", nested, `./inner is in another module, example.com/n/inner: run it in ./inner`, "go work init . ./inner", "", ""},
		{"nested, all of it", ".", "./inner/...", nested, `run it in ./inner`, "", "", "inner"},
		{"nested, by its path", ".", "example.com/n/inner", nested, `its module is in ./inner: run it there, or join the modules with "go work init . ./inner"`, "go work init . ./inner", "", ""},
		{"around a nested one", "inner", "..", nested, `.. is in another module, example.com/n: run it in ..`, "go work init . ..", "", ""},
		{"beside a module", "x", "../deep/y", several, `run it in ../deep/y`, "go work init . ../deep/y", "", ""},
		{"modules below", ".", "./...", several, `run it in the directory of a module (./deep/y, ./x), or join them with "go work init" and "go work use -r ."`, "", "", "x"},
		{"one module below", "deep", "./...", several, `run it in the directory of the module: ./y`, "", "", "deep/y"},
		{"no module", ".", "./...", func(t *testing.T, dir string) { put(t, filepath.Join(dir, "p.go"), "package p\n") }, `create one with "go mod init"`, "go mod init example.com/p", "", ""},
		{"a directory", ".", "inner", nested, `a directory begins with ./: did you mean ./inner?`, "", "", "inner"},
		{"a directory, all of it", ".", "docs/...", workspace, `did you mean ./docs/...?`, "", "", ""},
		{"not even near", "inner", "example.com/other", nested, "check the spelling, or add its module", "", "", ""},
	} {
		t.Run(strings.ReplaceAll(test.name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			test.layout(t, root)
			cfg := Config{Dir: filepath.Join(root, test.in), Env: environ("GOWORK=", "GOFLAGS=", "GOPROXY=off")}
			_, err := Load(t.Context(), cfg, test.pattern)
			var f *Failure
			if !errors.As(err, &f) || !strings.Contains(f.Do, test.advice) || strings.Contains(f.Error(), "\n") {
				t.Fatalf("got %v, want the advice %q", err, test.advice)
			}
			if test.run != "" {
				words := strings.Fields(test.run)
				cmd := exec.Command(words[0], words[1:]...)
				cmd.Dir, cmd.Env = cfg.Dir, cfg.Env
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("%s: %v: %s", test.run, err, out)
				}
				mustLoad(t, cfg, test.pattern)
			}
			if test.instead != "" {
				mustLoad(t, cfg, test.instead)
			}
			if test.at != "" {
				mustLoad(t, Config{Dir: filepath.Join(root, test.at), Env: cfg.Env}, "./...")
			}
		})
	}
}

// TestLongOutput holds that much of the go command's is told in a few lines.
func TestLongOutput(t *testing.T) {
	dir := t.TempDir()
	requires, modules := "", ""
	for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
		requires += "require example.com/" + name + " v1.0.0\n"
		modules += "# example.com/other" + name + " v1.0.0\n"
	}
	put(t, filepath.Join(dir, "go.mod"), "module example.com/m\n\ngo 1.22\n\n"+requires)
	put(t, filepath.Join(dir, "vendor", "modules.txt"), modules)
	put(t, filepath.Join(dir, "m.go"), "package m\n")
	_, err := Load(t.Context(), Config{Dir: dir, Env: environ("GOWORK=off", "GOFLAGS=")}, ".")
	var f *Failure
	if !errors.As(err, &f) || f.More != 3 || strings.Count(f.Why, "; ") != 2 || !strings.Contains(f.Error(), `; and 3 more lines; run "go mod vendor"`) {
		t.Fatalf("%#v", err)
	}
	for _, line := range []string{"example.com/a@v1.0.0", "example.com/f@v1.0.0", "To sync the vendor directory"} {
		if !strings.Contains(f.Output, line) {
			t.Errorf("no %q in %s", line, f.Output)
		}
	}
}
