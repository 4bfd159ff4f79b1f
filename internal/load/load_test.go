package load

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
)

func TestModule(t *testing.T) {
	cfg := Config{Dir: write(t, "basic")}
	r := mustLoad(t, cfg, "./...")
	wantStrings(t, "roots", rootIDs(r),
		"example.com/basic/a", "example.com/basic/b", "example.com/basic/c", "example.com/basic/cmd/tool")
	if r.Env.GOOS != runtime.GOOS || r.Env.GOROOT == "" || !strings.HasPrefix(r.Env.Version, "go1.") {
		t.Errorf("environment: %+v", r.Env)
	}

	a := unit(t, r, "example.com/basic/a")
	wantStrings(t, "files of a", bases(a.Files), "a.go")
	wantStrings(t, "ignored files of a", bases(a.Ignored), "a_windows.go", "ignored.go", "tagged.go")
	if a.Lang != "go1.23" || a.Module != "example.com/basic" || a.Std || a.Name != "a" || a.LinkPath != a.Path {
		t.Errorf("a: %+v", a)
	}
	dep := unit(t, r, "example.com/dep")
	if a.Imports["example.com/dep"] != dep || dep.Root || dep.Lang != "go1.22" || dep.Module != "example.com/dep" {
		t.Errorf("dep: %+v", dep)
	}
	if dep.Dir != filepath.Join(cfg.Dir, "dep") || dep.Export == "" {
		t.Errorf("dep: %+v", dep)
	}
	fmtUnit := unit(t, r, "strings")
	if !fmtUnit.Std || fmtUnit.Lang != "" || fmtUnit.Module != "" || fmtUnit.Export == "" || len(fmtUnit.Files) == 0 {
		t.Errorf("strings: %+v", fmtUnit)
	}
	tool := unit(t, r, "example.com/basic/cmd/tool")
	if tool.Name != "main" || tool.LinkPath != "main" || tool.Export != "" {
		t.Errorf("tool: %+v", tool)
	}
	mustCompile(t, cfg, r)
	// A dependency can be compiled as well.
	for _, id := range []string{"example.com/dep", "strings", "internal/bytealg", "sync"} {
		if out, err := compile(t, cfg, r, unit(t, r, id), "-D", ""); err != nil {
			t.Errorf("compile %s: %v\n%s", id, err, out)
		}
	}
}

// The point of loading in two steps: what is about to be compiled here is not
// compiled by the go command before.
func TestRootsAreNotBuilt(t *testing.T) {
	cfg := Config{Dir: write(t, "basic"), Env: environ("GOFLAGS=")}
	r := mustLoad(t, cfg, "./a", "./c")
	for _, u := range r.Roots {
		if u.Export != "" {
			t.Errorf("%s was built", u.ID)
		}
	}
	for id, u := range r.Units {
		if !u.Root && u.Export == "" && id != "unsafe" {
			t.Errorf("%s has no export data", id)
		}
	}
	// Nor is a root after an edit: a build would have found the mistake in it.
	file := filepath.Join(r.Env.GOROOT, "src", "net", "http", "status.go")
	edit := Config{Dir: cfg.Dir, Overlay: map[string][]byte{file: []byte("package http\n\nvar _ int = \"no number\"\n")}}
	if u := mustLoad(t, edit, "net/http").Roots[0]; u.Export != "" || len(u.Errors) > 0 {
		t.Errorf("net/http was built: %+v", u.Errors)
	}
	// Another root imports c's import, so that one is built.
	r = mustLoad(t, cfg, "./b", "./c")
	if unit(t, r, "example.com/basic/b").Export == "" || unit(t, r, "example.com/basic/c").Export != "" {
		t.Error("want b built, for c imports it, and c not built")
	}
}

func TestClosure(t *testing.T) {
	r := mustLoad(t, Config{Dir: write(t, "basic")}, "./cmd/tool")
	tool := r.Roots[0]
	order := tool.Closure()
	if len(order) != len(r.Units) {
		t.Errorf("the closure has %d units of %d", len(order), len(r.Units))
	}
	place := map[*Unit]int{}
	for i, u := range order {
		place[u] = i
	}
	for _, u := range order {
		for _, dep := range u.Imports {
			if place[dep] >= place[u] {
				t.Errorf("%s comes before %s, which it imports", u.ID, dep.ID)
			}
		}
	}
	for range 5 {
		if !slices.Equal(tool.Closure(), order) {
			t.Fatal("the order changes")
		}
	}
}

func TestTags(t *testing.T) {
	dir := write(t, "basic")
	for name, cfg := range map[string]Config{
		"flag":    {Dir: dir, BuildFlags: []string{"-tags=special,other"}, Env: environ("CGO_ENABLED=0")},
		"two":     {Dir: dir, BuildFlags: []string{"-tags", "special"}, Env: environ("CGO_ENABLED=0")},
		"GOFLAGS": {Dir: dir, Env: environ("CGO_ENABLED=0", "GOFLAGS=-tags=special")},
	} {
		t.Run(name, func(t *testing.T) {
			r := mustLoad(t, cfg, "./a")
			wantStrings(t, "files", bases(r.Roots[0].Files), "a.go", "tagged.go")
			if r.Roots[0].Imports["example.com/basic/b"].Export == "" {
				t.Error("b has no export data")
			}
			mustCompile(t, cfg, r)
		})
	}
}

func TestOtherPlatform(t *testing.T) {
	cfg := Config{Dir: write(t, "basic"), Env: environ("GOOS=windows", "GOARCH=arm64")}
	r := mustLoad(t, cfg, "./a")
	wantStrings(t, "files", bases(r.Roots[0].Files), "a.go", "a_windows.go")
	if r.Env.GOOS != "windows" || r.Env.GOARCH != "arm64" {
		t.Errorf("environment: %+v", r.Env)
	}
	mustCompile(t, cfg, r)
}

func TestEmbed(t *testing.T) {
	cfg := Config{Dir: write(t, "basic"), Tests: true}
	r := mustLoad(t, cfg, "./b")
	b := unit(t, r, "example.com/basic/b")
	text, err := b.EmbedCfg()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Patterns map[string][]string
		Files    map[string]string
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	wantStrings(t, "static", got.Patterns["static"], "static/a.txt", "static/deep/b.txt")
	wantStrings(t, "all:hidden", got.Patterns["all:hidden/*.txt"], "hidden/.h.txt")
	wantStrings(t, "quoted", got.Patterns["with space.txt"], "with space.txt")
	wantStrings(t, "one", got.Patterns["static/a.txt"], "static/a.txt")
	if got.Files["static/deep/b.txt"] != filepath.Join(cfg.Dir, "b", "static", "deep", "b.txt") {
		t.Errorf("files: %v", got.Files)
	}
	mustCompile(t, cfg, r) // the test variants embed files of their own
	if c, err := unit(t, r, "strings").EmbedCfg(); c != nil || err != nil {
		t.Errorf("strings embeds %s, %v", c, err)
	}
}

func TestEmbeds(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"static", "static/a", true},
		{"static", "statically/a", false},
		{"static", "static/.a", false},
		{"static", "static/_d/a", false},
		{"all:static", "static/_d/.a", true},
		{"static/*", "static/.a", true},
		{"static/*", "static/d/.a", false},
		{"static/.d", "static/.d/a", true},
		{".", "a/b", true},
		{".", ".a", false},
		{"all:.", ".a", true},
		{"*.txt", "d/a.txt", false},
	} {
		if got, err := embeds(c.pattern, c.name); got != c.want || err != nil {
			t.Errorf("%s, %s: %v, %v", c.pattern, c.name, got, err)
		}
	}
	if _, err := embeds("[", "a"); err == nil {
		t.Error("a malformed pattern is accepted")
	}
}

func TestTestVariants(t *testing.T) {
	cfg := Config{Dir: write(t, "basic"), Tests: true}
	r := mustLoad(t, cfg, "./...")
	const inB = " [example.com/basic/b.test]"
	wantStrings(t, "roots", rootIDs(r),
		"example.com/basic/a", "example.com/basic/b", "example.com/basic/b"+inB, "example.com/basic/b_test"+inB,
		"example.com/basic/c", "example.com/basic/cmd/tool")
	b := unit(t, r, "example.com/basic/b"+inB)
	if b.Variant != "test" || b.Path != "example.com/basic/b" || b.ForTest != b.Path {
		t.Errorf("%+v", b)
	}
	wantStrings(t, "files of b's test variant", bases(b.Files), "b.go", "b_test.go")
	x := unit(t, r, "example.com/basic/b_test"+inB)
	if x.Variant != "xtest" || x.Path != "example.com/basic/b_test" || x.Name != "b_test" {
		t.Errorf("%+v", x)
	}
	// c imports b, so b's external test needs another c.
	c := x.Imports["example.com/basic/c"]
	if c.ID != "example.com/basic/c"+inB || c.Root || c.Imports["example.com/basic/b"] != b {
		t.Errorf("%+v", c)
	}
	plain := unit(t, r, "example.com/basic/c")
	if c.Export == "" || b.Export == "" || c.Export == plain.Export {
		t.Errorf("export data of the variant %q, of the package under test %q, of the plain package %q", c.Export, b.Export, plain.Export)
	}
	if x.Export != "" {
		t.Error("the external test was built")
	}
	// What the go command builds for the test is the same.
	out, err := exec.Command("go", "list", "-C", cfg.Dir, "-export", "-deps", "-test", "-f", "{{.ImportPath}}\t{{.Export}}", "./b").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range []*Unit{b, c} {
		if !strings.Contains(string(out), u.ID+"\t"+u.Export+"\n") {
			t.Errorf("%s: export data %s is not the go command's", u.ID, u.Export)
		}
	}
	files, _ := x.PackageFiles()
	if files["example.com/basic/b"] != b.Export || files["example.com/basic/c"] != c.Export || files["testing"] == "" {
		t.Errorf("%v", files)
	}
	mustCompile(t, cfg, r)
	if out, err := compile(t, cfg, r, c); err != nil {
		t.Errorf("compile %s: %v\n%s", c.ID, err, out)
	}
}

func TestStd(t *testing.T) {
	cfg := Config{Dir: t.TempDir()} // outside any module
	r := mustLoad(t, cfg, "net/http")
	u := r.Roots[0]
	if !u.Std || u.Module != "" || u.Complete() != true {
		t.Errorf("%+v", u)
	}
	idna := u.Imports["golang.org/x/net/idna"]
	if idna == nil || idna.Path != "vendor/golang.org/x/net/idna" || !idna.Std {
		t.Fatalf("idna: %+v", idna)
	}
	files, paths := u.PackageFiles()
	if files[idna.Path] != idna.Export || idna.Export == "" || paths["golang.org/x/net/idna"] != idna.Path {
		t.Errorf("idna: %q, %q", files[idna.Path], paths["golang.org/x/net/idna"])
	}
	mustCompile(t, cfg, r)

	r = mustLoad(t, cfg, "unsafe", "builtin", "sync")
	if f := unit(t, r, "unsafe").Files; f != nil {
		t.Errorf("unsafe: %v", f)
	}
	if f := unit(t, r, "builtin").Files; f != nil {
		t.Errorf("builtin: %v", f)
	}
	if unit(t, r, "sync").Complete() {
		t.Error("sync has functions without bodies")
	}
}

func TestRace(t *testing.T) {
	dir := write(t, "basic")
	plain := mustLoad(t, Config{Dir: dir}, "./a")
	cfg := Config{Dir: dir, BuildFlags: []string{"-race"}}
	r := mustLoad(t, cfg, "./a")
	if unit(t, r, "example.com/dep").Export == unit(t, plain, "example.com/dep").Export {
		t.Error("the export data is that of a build without -race")
	}
	mustCompile(t, cfg, r, "-race")
	if e, ok := r.Excluded(filepath.Join(r.Env.GOROOT, "src", "internal", "race", "norace.go")); !ok || !strings.Contains(e.Message, "tag race is set") {
		t.Errorf("norace.go: %v %+v", ok, e)
	}
}

func TestFileArguments(t *testing.T) {
	cfg := Config{Dir: write(t, "basic")}
	r := mustLoad(t, cfg, "a/a.go", "a/a_windows.go")
	u := r.Roots[0]
	wantStrings(t, "files", bases(u.Files), "a.go", "a_windows.go")
	if len(r.Roots) != 1 || u.ID != "command-line-arguments" || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "_windows is for GOOS=windows") {
		t.Errorf("%v, notes %q", rootIDs(r), r.Notes)
	}
	mustCompile(t, cfg, r)
}

func BenchmarkLoad(b *testing.B) {
	status := filepath.Join(goroot(b), "src", "net", "http", "status.go")
	text, err := os.ReadFile(status)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name, pattern string
		overlay       map[string][]byte
		tests         bool
	}{
		{"net-http", "net/http", nil, false},
		{"net-http-edited", "net/http", map[string][]byte{status: append(text, "var edited = 1\n"...)}, false},
		{"net-http-tests", "net/http", nil, true},
		{"std", "std", nil, false},
	} {
		b.Run(c.name, func(b *testing.B) {
			cfg, pattern := Config{Dir: b.TempDir(), Overlay: c.overlay, Tests: c.tests}, c.pattern
			if _, err := Load(b.Context(), cfg, pattern); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := Load(b.Context(), cfg, pattern); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func goroot(b *testing.B) string {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}
