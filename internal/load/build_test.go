package load

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWorkspace(t *testing.T) {
	cfg := Config{Dir: write(t, "workspace")}
	r := mustLoad(t, cfg, "./one/...", "example.com/two/...")
	wantStrings(t, "roots", rootIDs(r), "example.com/one", "example.com/two/sub")
	if one, two := unit(t, r, "example.com/one"), unit(t, r, "example.com/two/sub"); one.Lang != "go1.22" || two.Lang != "go1.23" || two.Module != "example.com/two" {
		t.Errorf("%+v, %+v", one, two)
	}
	if r.Env.Work != filepath.Join(cfg.Dir, "go.work") {
		t.Errorf("go.work: %q", r.Env.Work)
	}
	mustCompile(t, cfg, r)
	wantFailure(t, ErrNoModule, "go work use", cfg, "./three")
	cfg.Env = environ("GOWORK=off")
	cfg.Dir = filepath.Join(cfg.Dir, "three")
	mustCompile(t, cfg, mustLoad(t, cfg, "."))
}

func TestVendor(t *testing.T) {
	cfg := Config{Dir: write(t, "vendored")}
	r := mustLoad(t, cfg)
	u := r.Roots[0]
	sub := u.Imports["example.com/dep/sub"]
	if sub == nil || sub.Dir != filepath.Join(cfg.Dir, "vendor", "example.com", "dep", "sub") || sub.Lang != "go1.21" || sub.Module != "example.com/dep" {
		t.Fatalf("%+v", sub)
	}
	mustCompile(t, cfg, r)
	put(t, filepath.Join(cfg.Dir, "vendor", "modules.txt"), "")
	wantFailure(t, ErrModFiles, "go mod vendor", cfg)
}

func TestCgo(t *testing.T) {
	cfg := Config{Dir: write(t, "native"), Env: environ("CGO_ENABLED=1")}
	// As a root that nothing imports, as one that another root imports, and as a
	// dependency.
	for _, patterns := range [][]string{{"./cgo"}, {"./cgo", "./user"}, {"./user"}} {
		r := mustLoad(t, cfg, patterns...)
		u := unit(t, r, "example.com/native/cgo")
		wantStrings(t, "the user's files", bases(u.GoFiles), "plain.go", "cgo.go")
		if !u.Cgo || u.Complete() || len(u.Files) != 4 || slices.Contains(u.Files, filepath.Join(u.Dir, "cgo.go")) {
			t.Errorf("%q: %+v", patterns, u)
		}
		names, _ := u.Sources()
		wantStrings(t, "the compiler's files", bases(names), "plain.go", "_cgo_gotypes.go", "cgo.cgo1.go", "_cgo_import.go")
		if u.Imports["runtime/cgo"] == nil || u.Imports["runtime/cgo"].Export == "" {
			t.Errorf("%q: runtime/cgo: %+v", patterns, u.Imports["runtime/cgo"])
		}
		if out, err := compile(t, cfg, r, u); err != nil {
			t.Errorf("compile: %v\n%s", err, out)
		}
		mustCompile(t, cfg, r)
	}
	cfg.Tests = true
	r := mustLoad(t, cfg, "./cgo")
	if u := unit(t, r, "example.com/native/cgo [example.com/native/cgo.test]"); !u.Cgo || len(u.Files) != 5 {
		t.Errorf("%+v", u)
	}
	mustCompile(t, cfg, r)

	cfg = Config{Dir: cfg.Dir, Env: environ("CGO_ENABLED=1", "CC=/nowhere/cc")}
	u := unit(t, mustLoad(t, cfg, "./cgo"), "example.com/native/cgo")
	oneError(t, u, ListError, "/nowhere/cc")

	// The standard library's own.
	cfg = Config{Dir: t.TempDir(), Env: environ("CGO_ENABLED=1")}
	r = mustLoad(t, cfg, "os/user")
	if !r.Roots[0].Cgo {
		t.Errorf("%+v", r.Roots[0])
	}
	mustCompile(t, cfg, r)
}

func TestAssembly(t *testing.T) {
	cfg := Config{Dir: write(t, "native"), Env: environ("GOARCH=amd64", "CGO_ENABLED=0")}
	r := mustLoad(t, cfg, "./asm")
	u := r.Roots[0]
	wantStrings(t, "other files", bases(u.OtherFiles), "asm_amd64.s")
	if u.Complete() {
		t.Error("a body in assembly is no error")
	}
	mustCompile(t, cfg, r)
}

// snapshot reads the files that must never change, with their times.
func snapshot(t *testing.T, files ...string) map[string]string {
	t.Helper()
	m := map[string]string{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if os.IsNotExist(err) {
			m[f] = "absent"
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		m[f] = info.ModTime().Format(time.RFC3339Nano) + "\n" + string(text)
	}
	return m
}

const (
	syncMod = "golang.org/x/sync v0.10.0"
	syncSum = "golang.org/x/sync v0.10.0 h1:3NQrjDixjgGwUOCaF8w2+VYHv0Ve/vGYSbdkTa98gmQ=\n" +
		"golang.org/x/sync v0.10.0/go.mod h1:Czt+wKu1gCyEFDUtn0jG5QVvpJ6rzVqr5aXyt9drQfk=\n"
	syncUse = "package p\n\nimport _ \"golang.org/x/sync/errgroup\"\n"
)

func TestModuleCache(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "go.mod"), "module example.com/m\n\ngo 1.22\n\nrequire "+syncMod+"\n")
	put(t, filepath.Join(dir, "go.sum"), syncSum)
	put(t, filepath.Join(dir, "p.go"), syncUse)
	cfg := Config{Dir: dir}
	r := mustLoad(t, cfg, ".", "golang.org/x/sync/singleflight")
	mustCompile(t, cfg, r)
	if u := unit(t, r, "golang.org/x/sync/errgroup"); u.Lang != "go1.18" || u.Module != "golang.org/x/sync" {
		t.Errorf("%+v", u)
	}
}

func TestModuleFilesAreNotWritten(t *testing.T) {
	dir := t.TempDir()
	mod, sum, work := filepath.Join(dir, "go.mod"), filepath.Join(dir, "go.sum"), filepath.Join(dir, "go.work.sum")
	put(t, filepath.Join(dir, "p.go"), syncUse)
	const head = "module example.com/m\n\ngo 1.22\n"
	for _, c := range []struct {
		name         string
		mod, sum     string
		work         bool
		env          string
		flags        []string
		want         error  // of the failure; nil for none
		text, hidden string // of it, or of the root's error
	}{
		{name: "no requirement", mod: head, text: "go get golang.org/x/sync/errgroup"},
		{name: "no sum", mod: head + "\nrequire " + syncMod + "\n", text: "go.sum"},
		{name: "untidy", mod: head + "\nrequire   " + syncMod + " // indirect\n\n\n", sum: syncSum},
		{name: "mod=mod by flag", mod: head + "\nrequire " + syncMod + "\n", flags: []string{"-mod=mod"}},
		{name: "mod=mod by GOFLAGS", mod: head + "\nrequire   " + syncMod + "\n", env: "GOFLAGS=-mod=mod"},
		{name: "workspace", mod: head + "\nrequire " + syncMod + "\n", work: true, want: ErrModFiles, text: "go mod download"},
		{name: "needs another", mod: head + "\nrequire example.com/dep v1.0.0\n\nreplace example.com/dep => ./dep\n", want: ErrModFiles, text: `run "go mod tidy"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			put(t, mod, c.mod)
			put(t, filepath.Join(dir, "dep", "go.mod"), "module example.com/dep\n\ngo 1.23\n")
			for _, f := range []string{sum, work, filepath.Join(dir, "go.work")} {
				if err := os.RemoveAll(f); err != nil {
					t.Fatal(err)
				}
			}
			if c.sum != "" {
				put(t, sum, c.sum)
			}
			if c.work {
				put(t, filepath.Join(dir, "go.work"), "go 1.22\n\nuse .\n")
			}
			before := snapshot(t, mod, sum, work)
			cfg := Config{Dir: dir, BuildFlags: c.flags}
			if c.env != "" {
				cfg.Env = environ(c.env)
			}
			r, err := Load(t.Context(), cfg, ".")
			if after := snapshot(t, mod, sum, work); !maps.Equal(before, after) {
				t.Errorf("written: before %q, after %q", before, after)
			}
			if c.want != nil {
				checkFailure(t, err, c.want, c.text)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if c.text != "" {
				oneError(t, r.Roots[0], DependencyError, c.text)
				return
			}
			mustCompile(t, cfg, r)
		})
	}
}

func TestOverlay(t *testing.T) {
	dir := write(t, "basic")
	ownTemp(t)
	dep := filepath.Join(dir, "dep", "dep.go")
	unsaved := map[string][]byte{
		filepath.Join(dir, "a", "a.go"):   []byte("package a\n\nimport (\n\t\"fmt\"\n\n\t\"example.com/dep\"\n)\n\nfunc A() string { return fmt.Sprint(dep.New()) }\n"),
		filepath.Join(dir, "a", "new.go"): []byte("package a\n\nimport _ \"sort\"\n"),
		dep:                               []byte("package dep\n\nfunc New() int { return 1 }\n"),
	}
	plain := mustLoad(t, Config{Dir: dir}, "./a")
	cfg := Config{Dir: dir, Overlay: unsaved}
	r := mustLoad(t, cfg, "./a")
	a := r.Roots[0]
	wantStrings(t, "files", bases(a.Files), "a.go", "new.go")
	if a.Imports["fmt"] == nil || a.Imports["sort"] == nil || a.Imports["strings"] != nil {
		t.Errorf("imports: %v", slices.Sorted(maps.Keys(a.Imports)))
	}
	if e := a.Imports["example.com/dep"].Export; e == "" || e == unit(t, plain, "example.com/dep").Export {
		t.Errorf("dep's export data %q is not that of its unsaved text", e)
	}

	// The same from a file, whose names may be relative, and both at once: the
	// unsaved text is the newer.
	text := filepath.Join(dir, "text")
	put(t, text, string(unsaved[dep]))
	put(t, filepath.Join(dir, "overlay.json"), `{"Replace": {"dep/dep.go": "text", "a/a.go": "nowhere", "a/ignored.go": ""}}`)
	cfg = Config{
		Dir: dir, BuildFlags: []string{"-overlay", "overlay.json"},
		Overlay: map[string][]byte{filepath.Join(dir, "a", "a.go"): unsaved[filepath.Join(dir, "a", "a.go")]},
	}
	both := mustLoad(t, cfg, "./a")
	if both.Roots[0].Imports["example.com/dep"].Export != a.Imports["example.com/dep"].Export {
		t.Error("the two overlays give other export data than one")
	}
	wantStrings(t, "ignored", bases(both.Roots[0].Ignored), "a_windows.go", "tagged.go")
}

// Errors in unsaved text are told of the file that it is for.
func TestOverlayErrors(t *testing.T) {
	dir := write(t, "basic")
	dep := filepath.Join(dir, "dep", "dep.go")
	for name, text := range map[string]string{
		"syntax": "package dep\n\nfunc 1() {}\n",
		"types":  "package dep\n\nfunc New() int { return \"\" }\n",
		"clause": "",
	} {
		t.Run(name, func(t *testing.T) {
			r := mustLoad(t, Config{Dir: dir, Overlay: map[string][]byte{dep: []byte(text)}}, "./a")
			broken := unit(t, r, "example.com/dep")
			if len(broken.Errors) == 0 || broken.Errors[0].File != dep {
				t.Errorf("the errors are %+v, not in %s", broken.Errors, dep)
			}
			if e := oneError(t, r.Roots[0], DependencyError, "it does not compile"); !strings.Contains(e.Message, dep) || strings.Contains(e.Message, ".inlinelens-") {
				t.Errorf("the importing package is told %q", e.Message)
			}
		})
	}
}

// ownTemp gives the test a temporary directory that nobody else uses, and holds
// at its end that nothing is left there.
func ownTemp(t *testing.T) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "tmp")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		left, err := os.ReadDir(dir)
		if err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	})
	t.Setenv("TMPDIR", dir)
}

// TestTempInModule shows that the go command does not look for packages in a
// load's temporary directory, where listings that run at once make and remove
// directories.
func TestTempInModule(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "go.mod"), "module example.com/m\n\ngo 1.22\n")
	put(t, filepath.Join(dir, "m.go"), "package m\n")
	l := &loader{env: &GoEnv{tmp: dir}}
	var err error
	if l.tmp, err = l.newTempDir(); err != nil {
		t.Fatal(err)
	}
	defer l.removeTemp()
	put(t, filepath.Join(l.tmp.Path, "go-build1", "x.go"), "package x\n")
	r := mustLoad(t, Config{Dir: dir}, "./...")
	wantStrings(t, "roots", rootIDs(r), "example.com/m")
}

// writeProfile records a real CPU profile.
func writeProfile(t *testing.T, file string) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := pprof.StartCPUProfile(f); err != nil {
		t.Fatal(err)
	}
	n := 0
	for end := time.Now().Add(200 * time.Millisecond); time.Now().Before(end); {
		n += len(strings.ToUpper("profile"))
	}
	pprof.StopCPUProfile()
	t.Log(n)
}

func TestDefaultPGO(t *testing.T) {
	cfg := Config{Dir: write(t, "pgo")}
	profile := filepath.Join(cfg.Dir, "cmd", "hot", "default.pgo")
	writeProfile(t, profile)
	r := mustLoad(t, cfg, "./...")
	wantStrings(t, "roots", rootIDs(r), "example.com/pgo/cmd/cold", "example.com/pgo/cmd/hot", "example.com/pgo/shared")
	hot, cold, shared := r.Roots[1], r.Roots[0], r.Roots[2]
	if hot.PGO != profile || cold.PGO != "" || shared.PGO != "" {
		t.Errorf("profiles: %q, %q, %q", hot.PGO, cold.PGO, shared.PGO)
	}
	if cold.Imports["example.com/pgo/shared"] != shared {
		t.Error("cold does not use the plain shared")
	}
	own := hot.Imports["example.com/pgo/shared"]
	if own.ID != "example.com/pgo/shared [example.com/pgo/cmd/hot]" || own.Path != shared.Path || own.PGO != profile || own.Root {
		t.Errorf("%+v", own)
	}
	if own.Export == "" || own.Export == shared.Export {
		t.Errorf("export data with the profile %q, without %q", own.Export, shared.Export)
	}
	mustCompile(t, cfg, r)

	// What the go command builds for the commands is the same.
	out, err := exec.Command("go", "list", "-C", cfg.Dir, "-export", "-deps", "-pgo="+profile, "-f", "{{.ImportPath}} [example.com/pgo/cmd/hot]\t{{.Export}}", "./shared").Output()
	if err != nil {
		t.Fatal(err)
	}
	same := 0
	for line := range strings.Lines(string(out)) {
		id, export, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if u := r.Units[id]; u != nil && u.Export != "" {
			same++
			if u.Export != export {
				t.Errorf("%s: export data %s, the go command's is %s", id, u.Export, export)
			}
		}
	}
	if same < 2 {
		t.Errorf("only %d units to compare", same)
	}

	cfg.Tests = true
	r = mustLoad(t, cfg, "./cmd/hot")
	for _, u := range r.Roots {
		if u.PGO != profile {
			t.Errorf("%s: profile %q", u.ID, u.PGO)
		}
	}
	mustCompile(t, cfg, r)

	cfg = Config{Dir: cfg.Dir, BuildFlags: []string{"-pgo=off"}}
	r = mustLoad(t, cfg, "./cmd/hot")
	if u := r.Roots[0]; u.PGO != "" || u.Imports["example.com/pgo/shared"].Export != shared.Export {
		t.Errorf("%+v", u)
	}
}

func TestPGOFile(t *testing.T) {
	dir := write(t, "pgo")
	profile := filepath.Join(dir, "my.pgo")
	writeProfile(t, profile)
	plain := mustLoad(t, Config{Dir: dir}, "./cmd/cold")
	for name, cfg := range map[string]Config{
		"flag":    {Dir: dir, BuildFlags: []string{"-pgo=my.pgo"}},
		"GOFLAGS": {Dir: dir, Env: environ("GOFLAGS=-pgo=" + profile)},
	} {
		t.Run(name, func(t *testing.T) {
			r := mustLoad(t, cfg, "./cmd/cold")
			for _, u := range r.Units {
				if u.PGO != profile {
					t.Errorf("%s: profile %q", u.ID, u.PGO)
				}
			}
			if unit(t, r, "unicode/utf8").Export == unit(t, plain, "unicode/utf8").Export {
				t.Error("the export data is that of a build without the profile")
			}
			mustCompile(t, cfg, r)
		})
	}
}

func TestCgoErrors(t *testing.T) {
	dir := write(t, "native")
	put(t, filepath.Join(dir, "cgo", "cgo.go"), "package cgo\n\n// #include <nowhere.h>\nimport \"C\"\n\nfunc Twice(n int) int { return n }\n")
	cfg := Config{Dir: dir, Env: environ("CGO_ENABLED=1")}
	for _, patterns := range [][]string{{"./cgo"}, {"./cgo", "./user"}} {
		r := mustLoad(t, cfg, patterns...)
		if e := oneError(t, unit(t, r, "example.com/native/cgo"), ListError, "nowhere.h"); at(e) != "cgo.go:3:11" {
			t.Errorf("%q: %s", patterns, at(e))
		}
	}
	oneError(t, unit(t, mustLoad(t, cfg, "./user"), "example.com/native/user"), DependencyError, "nowhere.h")
}

// The go command prepares a profile for the compiler when it builds, not when it
// lists. A load with a profile that was never built with has the export data of a
// build with it all the same.
func TestProfileNeverUsed(t *testing.T) {
	for _, release := range []string{"go1.23.12", "local"} {
		t.Run(release, func(t *testing.T) {
			dir := write(t, "pgolib")
			env := environ("GOTOOLCHAIN=" + release)
			writeProfile(t, filepath.Join(dir, "my.pgo")) // no two are the same
			r := mustLoad(t, Config{Dir: dir, Env: env, BuildFlags: []string{"-pgo=my.pgo"}}, ".")

			run := func(args ...string) string {
				cmd := exec.Command("go", args...)
				cmd.Dir, cmd.Env = dir, env
				out, err := cmd.Output()
				if err != nil {
					t.Fatal(err)
				}
				return strings.TrimSpace(string(out))
			}
			run("build", "-pgo=my.pgo", "./shared")
			want := run("list", "-export", "-pgo=my.pgo", "-f", "{{.Export}}", "./shared")
			plain := run("list", "-export", "-pgo=off", "-f", "{{.Export}}", "./shared")
			if want == plain {
				t.Fatal("the go command builds the same with the profile and without")
			}
			if got := unit(t, r, "example.com/pgolib/shared").Export; got != want {
				t.Errorf("export data %s; a build with the profile has %s, one without %s", got, want, plain)
			}
		})
	}
}

func TestBadProfile(t *testing.T) {
	dir := write(t, "pgolib")
	for name, text := range map[string]string{"my.pgo": "no profile", "empty.pgo": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"my.pgo", "none.pgo"} {
		r := mustLoad(t, Config{Dir: dir, BuildFlags: []string{"-pgo=" + name}}, ".")
		u := r.Roots[0]
		if e := oneError(t, u, ListError, "the profile cannot be used"); e.File != filepath.Join(dir, name) || len(u.Errors) > 1 {
			t.Errorf("%s: %+v", name, u.Errors)
		}
	}
	// An empty profile is one without samples.
	cfg := Config{Dir: dir, BuildFlags: []string{"-pgo=empty.pgo"}}
	mustCompile(t, cfg, mustLoad(t, cfg, "."))
}

// TestTemporaryFiles shows where the C compiler is told to put temporary files: where
// they go when a load is interrupted.
func TestTemporaryFiles(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the compiler's stand-in is a shell script")
	}
	cc, err := exec.Command("go", "env", "CC").Output()
	if err != nil {
		t.Fatal(err)
	}
	bin, tmp := t.TempDir(), t.TempDir()
	seen := filepath.Join(bin, "seen")
	script := "#!/bin/sh\necho \"$TMPDIR\" >>" + seen + "\nexec " + strings.TrimSpace(string(cc)) + " \"$@\"\n"
	if err := os.WriteFile(filepath.Join(bin, "cc"), []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	cfg := Config{Dir: write(t, "native"), Env: environ("CC="+filepath.Join(bin, "cc"), "TMPDIR="+tmp)}
	mustLoad(t, cfg, "./user")
	text, err := os.ReadFile(seen)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, filepath.Join(tmp, ".inlinelens-")) {
			t.Errorf("the C compiler's directory is %s", line)
		}
	}
}
