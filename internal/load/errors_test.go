package load

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// wantFailure loads in vain.
func wantFailure(t *testing.T, kind error, text string, cfg Config, patterns ...string) {
	t.Helper()
	r, err := Load(t.Context(), cfg, patterns...)
	if err == nil {
		t.Fatalf("no failure; roots %q, failures %v", rootIDs(r), r.Failures)
	}
	checkFailure(t, err, kind, text)
}

func checkFailure(t *testing.T, err, kind error, text string) {
	t.Helper()
	var f *Failure
	if !errors.As(err, &f) || !errors.Is(err, kind) {
		t.Fatalf("got %#v, want a Failure that is %v", err, kind)
	}
	if !strings.Contains(f.Error(), text) {
		t.Errorf("%q does not say %q", f, text)
	}
	if f.Tried == "" || f.Why == "" || strings.Contains(f.Error(), "\n") {
		t.Errorf("%#v", f)
	}
	t.Log(f)
}

func TestErrorsOfPackages(t *testing.T) {
	cfg := Config{Dir: write(t, "errors"), Env: environ("CGO_ENABLED=0")}
	r := mustLoad(t, cfg, "./...")
	for _, name := range []string{"good", "syntax", "body", "typeerr", "middle", "top", "missing", "misspelt", "cycle/a", "cycle/b", "empty", "two"} {
		if !unit(t, r, "example.com/errors/"+name).Root {
			t.Errorf("%s is no root", name)
		}
	}
	if len(r.Failures) > 0 {
		t.Errorf("failures: %v", r.Failures)
	}

	u := unit(t, r, "example.com/errors/good")
	if len(u.Errors) > 0 {
		t.Errorf("good: %+v", u.Errors)
	}
	if e := oneError(t, unit(t, r, "example.com/errors/syntax"), ListError, "string literal not terminated"); at(e) != "imports.go:3:8" {
		t.Errorf("syntax: %s", at(e))
	}
	// A function's body is for the compiler to read.
	if u := unit(t, r, "example.com/errors/body"); len(u.Errors) > 0 || len(u.Files) != 1 {
		t.Errorf("body: %+v", u)
	}
	if e := oneError(t, unit(t, r, "example.com/errors/empty"), ListError, "expected 'package'"); at(e) != "empty.go:1:1" {
		t.Errorf("empty: %s", at(e))
	}
	oneError(t, unit(t, r, "example.com/errors/two"), ListError, "found packages")
	oneError(t, unit(t, r, "example.com/errors/cycle/a"), ListError, "import cycle not allowed")

	typeerr := unit(t, r, "example.com/errors/typeerr")
	if e := oneError(t, typeerr, CompileError, "undefined: undefinedName"); at(e) != "typeerr.go:4:9" {
		t.Errorf("typeerr: %s", at(e))
	}
	oneError(t, typeerr, CompileError, "cannot use 1")
	if typeerr.Export != "" {
		t.Error("typeerr has export data")
	}
	e := oneError(t, unit(t, r, "example.com/errors/middle"), DependencyError, "it does not compile")
	if at(e) != "middle.go:3:8" || !strings.Contains(e.Message, filepath.Join("typeerr", "typeerr.go")+":4:9: undefined: undefinedName") {
		t.Errorf("middle: %s %s", at(e), e.Message)
	}
	e = oneError(t, unit(t, r, "example.com/errors/top"), DependencyError, "it needs example.com/errors/typeerr, which does not compile")
	if at(e) != "top.go:6:2" {
		t.Errorf("top: %s", at(e))
	}
	e = oneError(t, unit(t, r, "example.com/errors/missing"), DependencyError, "go get example.com/nowhere/pkg")
	if at(e) != "missing.go:5:4" {
		t.Errorf("missing: %s %s", at(e), e.Message)
	}
	e = oneError(t, unit(t, r, "example.com/errors/misspelt"), DependencyError, "ftm is not in std")
	if at(e) != "misspelt.go:3:10" {
		t.Errorf("misspelt: %s", at(e))
	}
}

func TestExcludedPackage(t *testing.T) {
	cfg := Config{Dir: write(t, "errors"), Env: environ("CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64")}
	r := mustLoad(t, cfg, "./excluded", "./good")
	u := unit(t, r, "example.com/errors/excluded")
	oneError(t, u, ListError, "build constraints exclude all Go files")
	if e := oneError(t, u, ListError, "_windows is for GOOS=windows, and GOOS is linux"); at(e) != "x_windows.go:0:0" {
		t.Errorf("%s", at(e))
	}
	e := oneError(t, u, ListError, "excluded by //go:build (linux && special) || plan9: the tag special is not set (-tags=special sets it), GOOS is linux")
	if at(e) != "tagged.go:3:1" {
		t.Errorf("%s", at(e))
	}
	oneError(t, u, ListError, `it imports "C", and cgo is off`)
	if _, ok := r.Excluded(filepath.Join(cfg.Dir, "good", "good.go")); ok {
		t.Error("good.go is not excluded")
	}
}

// TestExcludedAmongOthers holds that a wildcard passes over a package of which
// nothing is for this target, as go build does, and that a name does not.
func TestExcludedAmongOthers(t *testing.T) {
	const path = "net/internal/cgotest" // for darwin only
	cfg := Config{Dir: t.TempDir(), Env: environ("GOOS=linux", "GOARCH=amd64")}
	for _, u := range mustLoad(t, cfg, "net/internal/...").Roots {
		if u.Path == path || len(u.Errors) > 0 {
			t.Errorf("%s: %v", u.Path, u.Errors)
		}
	}
	oneError(t, unit(t, mustLoad(t, cfg, "net/internal/...", path), path), ListError, "GOOS is linux")
}

func TestExplain(t *testing.T) {
	x := excluder{env: GoEnv{GOOS: "linux", GOARCH: "arm64", Version: "go1.24.1", Cgo: true}, tags: []string{"mine"}}
	x.read = func(string) ([]byte, error) { return []byte("package p\n"), nil }
	for _, c := range []struct{ text, want string }{
		{"//go:build ignore", "excluded by //go:build ignore: the tag ignore marks files that do not belong to the package"},
		{"//go:build !linux", "GOOS is linux"},
		{"//go:build !unix || windows", "GOOS is linux"},
		{"//go:build amd64", "GOARCH is arm64"},
		{"//go:build go1.25", "this is go1.24.1"},
		{"//go:build !go1.20", "this is go1.24.1"},
		{"//go:build !cgo", "cgo is on"},
		{"//go:build linux && !mine", "the tag mine is set"},
		{"//go:build race", "-race sets it"},
		{"// +build windows\n// +build !mine", "GOOS is linux"},
		{"/* a\n b */ //go:build windows", "GOOS is linux"},
		{"//go:build linux && (arm64 || amd64) && go1.22 && !windows && gc && cgo && unix && mine", ""},
		{"//go:build goexperiment.whatever", ""},
		{"package p\n\n//go:build windows", ""},
		{"//go:build ((", ""},
		{"", ""},
	} {
		x.read = func(string) ([]byte, error) { return []byte(c.text + "\n\npackage p\n"), nil }
		e, ok := x.why("/dir/file.go")
		if ok != (c.want != "") || !strings.Contains(e.Message, c.want) {
			t.Errorf("%q: %v %+v", c.text, ok, e)
		}
	}
	x.read = func(string) ([]byte, error) { return []byte("package p\n"), nil }
	for name, want := range map[string]string{
		"a_windows.go":            "GOOS is linux",
		"a_linux_amd64.go":        "GOARCH is arm64",
		"a_windows_arm64.go":      "GOOS is linux",
		"a_linux_arm64.go":        "",
		"a_windows_arm64_test.go": "GOOS is linux",
		"linux_amd64.go":          "GOARCH is arm64",
		"windows.go":              "",
		"a_unix.go":               "",
		"a_linux.go":              "",
		"_a.go":                   "begin with '_'",
		".a.go":                   "begin with '.'",
	} {
		e, ok := x.why("/dir/" + name)
		if ok != (want != "") || !strings.Contains(e.Message, want) {
			t.Errorf("%s: %v %+v", name, ok, e)
		}
	}
}

func TestPatternsThatNameNothing(t *testing.T) {
	dir := write(t, "errors")
	cfg := Config{Dir: dir}
	for pattern, text := range map[string]string{
		"./nowhere":             "directory not found",
		"./nowhere/...":         "no such file or directory",
		"./good/deeper/...":     "no such file or directory",
		"no.such/thing...":      "no package matches the pattern",
		"./nogo":                "no Go files in",
		"nowhere":               "is not in std",
		"example.com/errors/no": "", // the go command's own words
		"nowhere.go":            "nowhere.go",
		"./good/nowhere.go":     "nowhere.go",
		"go.mod":                "go.mod",
	} {
		t.Run(strings.ReplaceAll(pattern, "/", "_"), func(t *testing.T) {
			_, err := Load(t.Context(), cfg, pattern)
			var f *Failure
			if !errors.As(err, &f) {
				t.Fatalf("got %v, want a failure", err)
			}
			if !errors.Is(err, ErrNoMatch) || !strings.Contains(f.Why, text) || f.Do == "" {
				t.Errorf("%#v", f)
			}
			t.Log(f)
		})
	}
	wantFailure(t, ErrNoMatch, "go get example.com/other/module", cfg, "example.com/other/module")
	wantFailure(t, ErrNoMatch, "no directory", Config{Dir: filepath.Join(dir, "nowhere")}, ".")

	// One that names something goes on.
	r := mustLoad(t, cfg, "./good", "./nowhere", "no.such/thing...", "./good/...")
	wantStrings(t, "roots", rootIDs(r), "example.com/errors/good")
	if len(r.Failures) != 2 {
		t.Errorf("failures: %v", r.Failures)
	}
}

func TestOnlyTests(t *testing.T) {
	cfg := Config{Dir: write(t, "errors")}
	r := mustLoad(t, cfg, "./tests")
	oneError(t, unit(t, r, "example.com/errors/tests"), ListError, "no Go files but tests")
	r = mustLoad(t, cfg, "./good", "./tests/...")
	wantStrings(t, "roots", rootIDs(r), "example.com/errors/good")
	cfg.Tests = true
	r = mustLoad(t, cfg, "./tests")
	wantStrings(t, "roots", rootIDs(r), "example.com/errors/tests [example.com/errors/tests.test]")
	mustCompile(t, cfg, r)
}

func TestOutsideModules(t *testing.T) {
	cfg := Config{Dir: t.TempDir()}
	put(t, filepath.Join(cfg.Dir, "p.go"), "package p\n")
	for _, pattern := range []string{".", "./...", "example.com/p"} {
		wantFailure(t, ErrNoModule, "go mod init", cfg, pattern)
	}
	r := mustLoad(t, cfg, "p.go") // the go command takes files anywhere
	mustCompile(t, cfg, r)
	in := Config{Dir: write(t, "errors")}
	wantFailure(t, ErrNoModule, "name packages of the main module", in, cfg.Dir)
}

func TestOddFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a path with spaces", "größe-世界")
	put(t, filepath.Join(dir, "go.mod"), "module example.com/odd\n\ngo 1.22\n")
	put(t, filepath.Join(dir, "bom", "bom.go"), "\ufeffpackage bom\n\nimport \"strings\"\n\nvar _ = strings.ToUpper\n")
	put(t, filepath.Join(dir, "crlf", "crlf.go"), "//go:build !windows\r\n\r\npackage crlf\r\n\r\nimport _ \"embed\"\r\n\r\n//go:embed wörter.txt\r\nvar s string\r\n")
	put(t, filepath.Join(dir, "crlf", "wörter.txt"), "x")
	put(t, filepath.Join(dir, "utf8", "utf8.go"), "package utf8\n\nvar s = \"\xff\xfe\"\n")
	put(t, filepath.Join(dir, "utf8imp", "utf8.go"), "package utf8imp\n\nimport \"\xff\"\n")
	put(t, filepath.Join(dir, "zero", "zero.go"), "package zero\n\x00\n")
	put(t, filepath.Join(dir, "link", "ok.go"), "package link\n")
	if err := os.Symlink(filepath.Join(dir, "nowhere"), filepath.Join(dir, "link", "gone.go")); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "locked", "locked.go"), "package locked\n")
	if err := os.Chmod(filepath.Join(dir, "locked", "locked.go"), 0); err != nil {
		t.Fatal(err)
	}
	cfg := Config{Dir: dir}
	r := mustLoad(t, cfg, "./...")
	for _, name := range []string{"bom", "crlf"} {
		u := unit(t, r, "example.com/odd/"+name)
		if len(u.Errors) > 0 {
			t.Errorf("%s: %+v", name, u.Errors)
		}
		if out, err := compile(t, cfg, r, u); err != nil {
			t.Errorf("compile %s: %s", name, out)
		}
	}
	for _, name := range []string{"utf8", "utf8imp", "zero", "link", "locked"} {
		u := unit(t, r, "example.com/odd/"+name)
		out, err := compile(t, cfg, r, u)
		t.Logf("%s: %+v; the compiler: %s", name, u.Errors, out)
		readable := name == "locked" && os.Geteuid() == 0
		if (len(u.Errors) == 0 && err == nil) != readable {
			t.Errorf("%s: %+v", name, u.Errors)
		}
	}
	if e := oneError(t, unit(t, r, "example.com/odd/link"), ListError, "gone.go"); !strings.HasSuffix(e.File, "gone.go") {
		t.Errorf("link: %+v", e)
	}
	if !slices.ContainsFunc(r.Roots, func(u *Unit) bool { return strings.Contains(u.Dir, "größe-世界") }) {
		t.Error("the directory's name is lost")
	}
}

func TestNoGo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	wantFailure(t, ErrNoGo, "https://go.dev/dl", Config{Dir: t.TempDir()}, "fmt")
}

func TestToolchainFailures(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "go.mod"), "module example.com/future\n\ngo 1.999\n")
	put(t, filepath.Join(dir, "p.go"), "package p\n")
	wantFailure(t, ErrToolchain, "GOTOOLCHAIN=auto", Config{Dir: dir, Env: environ("GOTOOLCHAIN=local")}, ".")
	for _, name := range []string{"go1.998.0", "nonsense"} {
		wantFailure(t, ErrToolchain, "set GOTOOLCHAIN", Config{Dir: t.TempDir(), Env: environ("GOTOOLCHAIN=" + name)}, "fmt")
	}
	wantFailure(t, ErrGoTooOld, "go1.21.13 is too old", Config{Dir: t.TempDir(), Env: environ("GOTOOLCHAIN=go1.21.13")}, "fmt")
}

func TestBadSettings(t *testing.T) {
	dir := write(t, "errors")
	wantFailure(t, ErrGoCommand, "flag provided but not defined: -nonsense", Config{Dir: dir, BuildFlags: []string{"-nonsense"}}, "./good")
	wantFailure(t, ErrGoCommand, "GOFLAGS", Config{Dir: dir, Env: environ("GOFLAGS=nonsense")}, "./good")
	wantFailure(t, ErrGoCommand, "-overlay", Config{Dir: dir, BuildFlags: []string{"-overlay=nowhere.json"}}, "./good")
	put(t, filepath.Join(dir, "bad.json"), "{")
	wantFailure(t, ErrGoCommand, "is not JSON", Config{Dir: dir, BuildFlags: []string{"-overlay=bad.json"}}, "./good")
	put(t, filepath.Join(dir, "fmt", "fmt.go"), "package fmt\n\nimport _ \"fmt\"\n")
	for setting, text := range map[string]string{
		"GOCACHE=off": "build cache is disabled",
		"GOCACHE=" + filepath.Join(dir, "go.mod"): "build cache",
		"GOOS=nonsense":   "unsupported GOOS/GOARCH pair nonsense",
		"GOPATH=relative": "GOPATH entry is relative",
		"TMPDIR=" + filepath.Join(dir, "nowhere"): "nowhere",
	} {
		wantFailure(t, ErrGoCommand, text, Config{Dir: dir, Env: environ(setting)}, "./fmt")
	}
	wantFailure(t, ErrNoGo, "unset GOROOT", Config{Dir: dir, Env: environ("GOROOT=" + filepath.Join(dir, "nowhere"))}, "./good")
	put(t, filepath.Join(dir, "go.mod"), "module example.com/errors\n\nnonsense\n")
	wantFailure(t, ErrModFiles, "correct go.mod", Config{Dir: dir}, "./good")
}
