package load

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// write lays out an archive of testdata in a new directory. Windows line ends
// and other bytes that an archive cannot hold are written by the tests.
func write(t *testing.T, archive string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	ar, err := txtar.ParseFile(filepath.Join("testdata", archive+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range ar.Files {
		put(t, filepath.Join(dir, filepath.FromSlash(f.Name)), string(f.Data))
	}
	return dir
}

func put(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// environ is the environment of the tests' process with changes.
func environ(changes ...string) []string { return append(os.Environ(), changes...) }

func mustLoad(t *testing.T, cfg Config, patterns ...string) *Result {
	t.Helper()
	r, err := Load(t.Context(), cfg, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	checkShape(t, r, cfg)
	return r
}

// checkShape holds what is true of every result.
func checkShape(t *testing.T, r *Result, cfg Config) {
	t.Helper()
	for id, u := range r.Units {
		if u.ID != id {
			t.Errorf("unit %s is filed under %s", u.ID, id)
		}
		for path, dep := range u.Imports {
			if r.Units[dep.ID] != dep {
				t.Errorf("%s imports %s as %q, which is no unit of the result", id, dep.ID, path)
			}
		}
		for _, f := range slices.Concat(u.Files, u.GoFiles, u.OtherFiles, u.Ignored, u.EmbedFiles) {
			if !filepath.IsAbs(f) {
				t.Errorf("%s: %s is not absolute", id, f)
			}
		}
	}
	for _, u := range r.Roots {
		if !u.Root || r.Units[u.ID] != u {
			t.Errorf("root %s is not among the units", u.ID)
		}
		if strings.HasSuffix(u.ID, ".test") || strings.Contains(u.ID, ".test]") && !cfg.Tests {
			t.Errorf("%s must not be a root", u.ID)
		}
	}
}

// unit returns the unit with an ID.
func unit(t *testing.T, r *Result, id string) *Unit {
	t.Helper()
	u := r.Units[id]
	if u == nil {
		t.Fatalf("there is no unit %q among %q", id, slices.Sorted(maps.Keys(r.Units)))
	}
	return u
}

func rootIDs(r *Result) []string {
	var ids []string
	for _, u := range r.Roots {
		ids = append(ids, u.ID)
	}
	return ids
}

func bases(files []string) []string {
	var names []string
	for _, f := range files {
		names = append(names, filepath.Base(f))
	}
	return names
}

func wantStrings(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

// compile gives the unit to the real compiler, with nothing but what the unit
// says: the proof that it says enough. It returns the compiler's output.
func compile(t *testing.T, cfg Config, r *Result, u *Unit, flags ...string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	packageFile, importMap := u.PackageFiles()
	var importcfg strings.Builder
	for _, path := range slices.Sorted(maps.Keys(importMap)) {
		fmt.Fprintf(&importcfg, "importmap %s=%s\n", path, importMap[path])
	}
	for _, path := range slices.Sorted(maps.Keys(packageFile)) {
		fmt.Fprintf(&importcfg, "packagefile %s=%s\n", path, packageFile[path])
	}
	put(t, filepath.Join(dir, "importcfg"), importcfg.String())
	args := []string{
		"tool", "compile", "-o", filepath.Join(dir, "out.o"), "-p", u.LinkPath, "-nolocalimports",
		"-importcfg", filepath.Join(dir, "importcfg"),
	}
	embedcfg, err := u.EmbedCfg()
	if err != nil {
		return err.Error(), err
	}
	if embedcfg != nil {
		put(t, filepath.Join(dir, "embedcfg"), string(embedcfg))
		args = append(args, "-embedcfg", filepath.Join(dir, "embedcfg"))
	}
	if u.Lang != "" {
		args = append(args, "-lang", u.Lang)
	}
	if u.Std {
		args = append(args, "-std")
	}
	if u.Complete() {
		args = append(args, "-complete")
	}
	if u.PGO != "" {
		args = append(args, "-pgoprofile", u.PGO)
	}
	args = append(args, flags...)
	names, replace := u.Sources()
	var trim, files []string
	for _, name := range names {
		file := name
		if r := replace[name]; r != "" {
			file = r
			trim = append(trim, r+"=>"+name)
		}
		files = append(files, file)
	}
	args = append(append(args, "-trimpath="+strings.Join(trim, ";")), files...)
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = cfg.Dir
	cmd.Env = append(slices.Clone(cfg.Env), "PWD="+cfg.Dir)
	if cfg.Env == nil {
		cmd.Env = environ("PWD=" + cfg.Dir)
	}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// mustCompile compiles every root.
func mustCompile(t *testing.T, cfg Config, r *Result, flags ...string) {
	t.Helper()
	for _, u := range r.Roots {
		if out, err := compile(t, cfg, r, u, flags...); err != nil {
			t.Errorf("compile %s: %v\n%s", u.ID, err, out)
		}
	}
}

// oneError finds the unit's error with a text in it.
func oneError(t *testing.T, u *Unit, kind ErrorKind, text string) Error {
	t.Helper()
	for _, e := range u.Errors {
		if e.Kind == kind && strings.Contains(e.Message, text) {
			return e
		}
	}
	t.Fatalf("%s has no %s error with %q: %+v", u.ID, kind, text, u.Errors)
	return Error{}
}

func at(e Error) string { return fmt.Sprintf("%s:%d:%d", filepath.Base(e.File), e.Line, e.Col) }
