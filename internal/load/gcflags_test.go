package load

import (
	"maps"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestGcflags holds the flags of units against those with which the go command
// compiles the same packages.
func TestGcflags(t *testing.T) {
	cases := []struct {
		goflags  string
		flags    []string
		patterns []string
	}{
		{flags: []string{"-gcflags=-l"}, patterns: []string{"."}},
		{flags: []string{"-gcflags=-l"}, patterns: []string{"./..."}},
		{flags: []string{"-gcflags", "all=-l -N"}, patterns: []string{"."}},
		{flags: []string{"-gcflags=all=-N", "-gcflags=-l"}, patterns: []string{"."}},
		{flags: []string{"-gcflags=-l", "-gcflags=all=-N"}, patterns: []string{"."}},
		{flags: []string{"-gcflags=-l", "-gcflags="}, patterns: []string{"./..."}},
		{flags: []string{"-gcflags=./shared=-l"}, patterns: []string{"."}},
		{flags: []string{"-gcflags=./...=-l"}, patterns: []string{"."}},
		{flags: []string{"-gcflags=./s...=-l"}, patterns: []string{"./..."}},
		{flags: []string{"-gcflags=example.com/pgolib/...=-l -l"}, patterns: []string{"."}},
		{flags: []string{"-gcflags=std=-l"}, patterns: []string{"./..."}},
		{flags: []string{"-gcflags= ./shared = '-l' \"-N\" "}, patterns: []string{"."}},
		{goflags: "-gcflags=-l", patterns: []string{"."}},
		{goflags: "'-gcflags=all=-l -N' -race", flags: []string{"-gcflags=./shared=-N"}, patterns: []string{"."}},
		{goflags: "-race", flags: []string{"-race=false", "-asan"}, patterns: []string{"."}},
		{goflags: "-trimpath -cover -x -o=bad -ldflags=-s", flags: []string{"-gcflags=-spectre=index"}, patterns: []string{"."}},
	}
	dir := write(t, "pgolib")
	for _, c := range cases {
		t.Run(strings.Join(append(c.flags, c.goflags), " "), func(t *testing.T) {
			t.Parallel()
			env := environ("GOFLAGS=" + c.goflags)
			r := mustLoad(t, Config{Dir: dir, Env: env, BuildFlags: c.flags}, c.patterns...)
			want := compiled(t, dir, env, slices.Concat(c.flags, c.patterns))
			got := make(map[string]string)
			for _, u := range r.Units {
				got[u.Path] = strings.Join(u.Flags, " ")
			}
			// -race and the like bring packages that are linked, not imported.
			maps.DeleteFunc(want, func(path, _ string) bool { _, ok := got[path]; return !ok })
			if !maps.Equal(got, want) {
				t.Errorf("got %q, the go command has %q", got, want)
			}
			mustCompile(t, Config{Dir: dir, Env: env}, r, "-m=1")
		})
	}
}

// compiled returns the flags with which the go command would compile packages,
// of those that the cases have.
func compiled(t *testing.T, dir string, env, args []string) map[string]string {
	t.Helper()
	cmd := exec.Command("go", slices.Concat([]string{"build", "-a", "-n"}, args)...)
	cmd.Dir, cmd.Env = dir, env
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	flags := make(map[string]string)
	for _, m := range regexp.MustCompile(`(?m)/compile"? .* -p (\S+) (.*) -nolocalimports`).FindAllStringSubmatch(string(out), -1) {
		var own []string
		for _, f := range strings.Fields(m[2]) {
			if f == "-l" || f == "-N" || f == "-race" || f == "-asan" || strings.HasPrefix(f, "-spectre=") {
				own = append(own, f)
			}
		}
		flags[m[1]] = strings.Join(own, " ")
	}
	if len(flags) == 0 {
		t.Fatalf("no compile in\n%s", out)
	}
	return flags
}

// What go list builds for the roots is compiled with the flags that go build
// takes for it, and not with those of the roots.
func TestGcflagsOfExportData(t *testing.T) {
	dir := write(t, "pgolib")
	export := func(goflags string, flags ...string) string {
		return unit(t, mustLoad(t, Config{Dir: dir, Env: environ("GOFLAGS=" + goflags), BuildFlags: flags}, "."), "example.com/pgolib/shared").Export
	}
	plain := export("")
	if e := export("-gcflags=-l"); e != plain {
		t.Error("GOFLAGS=-gcflags=-l reaches what the package imports")
	}
	if e := export("", "-gcflags=-l"); e != plain {
		t.Error("-gcflags=-l reaches what the package imports")
	}
	if e := export("", "-gcflags=all=-l"); e == plain {
		t.Error("-gcflags=all=-l does not reach what the package imports")
	}
	both := mustLoad(t, Config{Dir: dir, Env: environ("GOFLAGS=-gcflags=-l")}, "./...")
	if e := unit(t, both, "example.com/pgolib/shared").Export; e == plain {
		t.Error("-gcflags=-l does not reach a package that is named and imported")
	}
	if e := export("-trimpath -cover -ldflags=-s"); e != plain {
		t.Error("flags that are left out reach what the package imports")
	}
}

func TestWrongFlags(t *testing.T) {
	dir := write(t, "pgolib")
	for flag, want := range map[string]string{
		"-gcflags=-o=x":          "-o is for the go command",
		"-gcflags=-pgoprofile=x": "with -pgo",
		"-gcflags=x":             "want flags",
		"-gcflags==-l":           "pattern before = is missing",
		"-gcflags='-l'=x":        "quotation mark",
		"-gcflags=all='-l":       "not closed",
		"-gcflags=all=-N l":      `"l" is not a flag`,
		"-compiler=gccgo":        "only the compiler gc",
		"-C=..":                  "-C cannot be",
		"-json":                  "-json cannot be",
		"-nosuch":                "nosuch",
	} {
		_, err := Load(t.Context(), Config{Dir: dir, BuildFlags: []string{flag}}, ".")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", flag, err, want)
		}
	}
}

func TestFlagNotes(t *testing.T) {
	dir := write(t, "pgolib")
	for goflags, want := range map[string]int{"": 0, "-cover": 1, "-covermode=atomic": 1, "-coverpkg=./...": 1, "-cover=false": 0, "-race": 0} {
		r := mustLoad(t, Config{Dir: dir, Env: environ("GOFLAGS=" + goflags)}, ".")
		if len(r.FlagNotes) != want {
			t.Errorf("%s: notes %q, want %d", goflags, r.FlagNotes, want)
		}
		if err := r.Recall(Config{Dir: dir}); err != nil || len(r.FlagNotes) != want {
			t.Errorf("%s: notes after a recall %q, %v", goflags, r.FlagNotes, err)
		}
	}
}
