package ci

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/inlinelens/inlinelens/internal/prove"
	"github.com/inlinelens/inlinelens/internal/testprogram"
)

// gate is the test of a module that uses lenstest.
const gate = `package shop_test

import (
	"testing"

	"github.com/inlinelens/inlinelens/lenstest"
)

func TestInlining(t *testing.T) { lenstest.Check(t, "./...") }
`

// gatedModule makes a module whose root has the test, and whose package price, which the
// test does not import, has what is asserted.
func gatedModule(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	lenstest, err := filepath.Abs("../../lenstest")
	if err != nil {
		t.Fatal(err)
	}
	write(t, root, map[string]string{
		"go.mod": "module example.com/shop\n\ngo 1.22\n\nrequire github.com/inlinelens/inlinelens/lenstest v0.0.0\n\n" +
			"replace github.com/inlinelens/inlinelens/lenstest => " + lenstest + "\n",
		"gate_test.go":   gate,
		"shop.go":        "package shop\n",
		"price/price.go": strings.Replace(shop, "package shop", "package price", 1),
	})
	return root
}

// gateOf runs the module's test with variables set.
func gateOf(root string, env []string, args ...string) (string, error) {
	cmd := exec.Command("go", append([]string{"test", "."}, args...)...) // without the dot, no result is kept
	cmd.Dir = root
	cmd.Env = append(append(os.Environ(), "GOFLAGS=", "GOWORK=off", "INLINELENS="), env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestLenstest runs the tests of a module that uses lenstest.
func TestLenstest(t *testing.T) {
	t.Setenv("INLINELENS_CACHE", t.TempDir())
	program := testprogram.Path(t)
	root := gatedModule(t)
	with := []string{"INLINELENS=" + program}

	out, err := gateOf(root, with)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err = gateOf(root, with); err != nil || !strings.Contains(out, "(cached)") {
		t.Errorf("the result is not kept: %v\n%s", err, out)
	}

	// A package that the test does not import is edited. The kept result must not count.
	write(t, root, map[string]string{"price/price.go": strings.Replace(expensive, "package shop", "package price", 1)})
	out, err = gateOf(root, with)
	for _, want := range []string{
		"gate_test.go:9: \n        price/price.go:4:6: example.com/shop/price.Round: not inlinable: cost 137 exceeds budget 80\n",
		"        price/price.go:17:15: example.com/shop/price.Total -> example.com/shop/price.Round: not inlined: cost 137 exceeds budget 80\n",
		"price/price.go:16:3: asserted here: inlined",
		"FAIL",
	} {
		if err == nil || !strings.Contains(out, want) {
			t.Errorf("%v, without %q:\n%s", err, want, out)
		}
	}

	// What is asserted in a file is edited, too.
	write(t, root, map[string]string{"price/price.go": strings.Replace(shop, "package shop", "package price", 1)})
	if out, err = gateOf(root, with); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	write(t, root, map[string]string{".inlinelens": "inlinable ./price.Runde\n"})
	if out, err = gateOf(root, with); err == nil || !strings.Contains(out, "        .inlinelens:1:1: ") {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestLenstestCannot holds that a test fails where nothing could be checked.
func TestLenstestCannot(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Log("the programs of this test are shell scripts")
		return
	}
	t.Setenv("INLINELENS_CACHE", t.TempDir())
	program := testprogram.Path(t)
	root := gatedModule(t)
	script := func(text string) string {
		name := filepath.Join(t.TempDir(), "inlinelens")
		if err := os.WriteFile(name, []byte("#!/bin/sh\n"+text+"\n"), 0o777); err != nil {
			t.Fatal(err)
		}
		return name
	}
	goBin, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name    string
		program string
		pattern string
		want    string
	}{
		{"no such program", "/nowhere/inlinelens", "./...", "the environment variable INLINELENS: "},
		{"a program that does nothing", script("exit 0"), "./...", "printed no judgment; is it an older version?"},
		{"a program that only fails", script("exit 1"), "./...", "printed no judgment"},
		{"a program that fails without a finding", script(`echo '{"kind":"judgment","schema":1}'; exit 3`), "./...", "exit status 3, without a finding"},
		{"a program that passes with a finding", script(`echo '{"kind":"judgment","schema":1}'; echo '{"kind":"finding","level":"failed","subject":"x"}'`), "./...", "ended with status 0, and has findings"},
		{"another schema", script(`echo '{"kind":"judgment","schema":2}'`), "./...", "prints schema 2, and this package reads 1"},
		{"no JSON", script(`echo ok`), "./...", "cannot be read"},
		{"no such package", program, "./none", "inlinelens check: exit status 2"},
		{"a flag that there is not", program, `-x-y", "./...`, "unknown flag -x-y"},
	} {
		t.Run(test.name, func(t *testing.T) {
			write(t, root, map[string]string{"gate_test.go": strings.Replace(gate, "./...", test.pattern, 1)})
			out, err := gateOf(root, []string{"INLINELENS=" + test.program})
			if err == nil || !strings.Contains(out, test.want) || !strings.Contains(out, "gate_test.go:9: lenstest: ") {
				t.Errorf("%v, without %q:\n%s", err, test.want, out)
			}
		})
	}
	write(t, root, map[string]string{"gate_test.go": gate})
	t.Run("not installed", func(t *testing.T) {
		out, err := gateOf(root, []string{"PATH=" + filepath.Dir(goBin) + ":/usr/bin:/bin", "GOBIN=" + t.TempDir()})
		if err == nil || !strings.Contains(out, "go get -tool github.com/inlinelens/inlinelens/cmd/inlinelens") {
			t.Errorf("%v\n%s", err, out)
		}
	})
	t.Run("found", func(t *testing.T) {
		path := "PATH=" + filepath.Dir(goBin) + ":/usr/bin:/bin"
		for name, env := range map[string][]string{
			"PATH":  {path + ":" + filepath.Dir(program)},
			"GOBIN": {path, "GOBIN=" + filepath.Dir(program)},
		} {
			if out, err := gateOf(root, env); err != nil {
				t.Errorf("in %s: %v\n%s", name, err, out)
			}
		}
	})
	t.Run("stuck", func(t *testing.T) {
		began := time.Now()
		out, err := gateOf(root, []string{"INLINELENS=" + script("trap '' INT; exec sleep 60")}, "-timeout=7s")
		if took := time.Since(began); err == nil || took > 30*time.Second || !strings.Contains(out, "did not end in the time of the test") {
			t.Errorf("after %v: %v\n%s", took, err, out)
		}
	})
}

// TestLenstestReleases runs the module's test with each Go release: the package needs no
// newer one than the compilers that can be checked.
func TestLenstestReleases(t *testing.T) {
	t.Setenv("INLINELENS_CACHE", t.TempDir())
	program := testprogram.Path(t)
	root := gatedModule(t)
	for _, toolchain := range prove.Or([]string{prove.Oldest, prove.Newest}, prove.Releases()) {
		out, err := gateOf(root, []string{"INLINELENS=" + program, "GOTOOLCHAIN=" + toolchain})
		if err != nil {
			t.Errorf("%s: %v\n%s", toolchain, err, out)
		}
		cmd := exec.Command("go", "vet", ".")
		cmd.Dir = "../../lenstest"
		cmd.Env = append(os.Environ(), "GOTOOLCHAIN="+toolchain, "GOWORK=off")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", toolchain, err, out)
		}
	}
}

// TestLenstestTool runs the test of a module that has the program as a tool.
func TestLenstestTool(t *testing.T) {
	t.Setenv("INLINELENS_CACHE", t.TempDir())
	root := gatedModule(t)
	main, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"mod", "edit", "-replace=github.com/inlinelens/inlinelens=" + main, "-require=github.com/inlinelens/inlinelens@v0.0.0", "-tool=github.com/inlinelens/inlinelens/cmd/inlinelens", "-go=1.26.0"},
		{"mod", "tidy"},
	} {
		cmd := exec.Command("go", args...)
		cmd.Dir = root
		cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go %v: %v\n%s", args, err, out)
		}
	}
	goBin, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	out, err := gateOf(root, []string{"PATH=" + filepath.Dir(goBin) + string(filepath.ListSeparator) + "/usr/bin" + string(filepath.ListSeparator) + "/bin", "GOBIN=" + t.TempDir()})
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
