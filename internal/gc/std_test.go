package gc

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/inlinelens/inlinelens/internal/prove"
)

// releases are the toolchains that the tests run. "" is the one that runs the test.
var releases = func() []string {
	list := prove.Releases()
	list[slices.Index(list, "local")] = ""
	return list
}()

// env returns the environment that selects a release, and further settings.
func testEnv(release string, more ...string) []string {
	env := append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	if release != "" {
		env = append(env, "GOTOOLCHAIN="+release)
	}
	return append(env, more...)
}

var toolchains sync.Map // release + settings -> *Toolchain

// findToolchain returns the toolchain of a release.
func findToolchain(t testing.TB, release string, more ...string) *Toolchain {
	t.Helper()
	key := release + " " + strings.Join(more, " ")
	if tc, ok := toolchains.Load(key); ok {
		return tc.(*Toolchain)
	}
	tc, err := FindToolchain(t.Context(), t.TempDir(), testEnv(release, more...))
	if err != nil {
		t.Fatal(err)
	}
	toolchains.Store(key, tc)
	return tc
}

// testCompiler returns a compiler whose files are checked to be gone at the end.
func testCompiler(t testing.TB, tc *Toolchain) *Compiler {
	t.Helper()
	parent := t.TempDir()
	temp, err := NewTemp(parent)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		temp.ending.Wait()
		entries, err := os.ReadDir(temp.Dir)
		if err != nil {
			t.Error(err)
		}
		for _, e := range entries {
			t.Errorf("left in the temporary directory: %s", e.Name())
		}
		if err := temp.Close(); err != nil {
			t.Error(err)
		}
		if left := leftOf(t, parent); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	})
	return NewCompiler(tc, temp)
}

// A listed is what the go command says about a package.
type listed struct {
	ImportPath, Dir, Export string
	CompiledGoFiles         []string
	SFiles                  []string
	ImportMap               map[string]string
	Standard                bool
}

// goList lists the packages that patterns name and their dependencies, with
// export data, in dir.
func goList(t testing.TB, tc *Toolchain, dir string, args ...string) []listed {
	t.Helper()
	goCmd := filepath.Join(tc.GOROOT, "bin", "go")
	args = append([]string{"list", "-export", "-compiled", "-deps", "-json=ImportPath,Dir,Export,CompiledGoFiles,SFiles,ImportMap,Standard"}, args...)
	cmd := exec.Command(goCmd, args...)
	cmd.Dir = dir
	cmd.Env = append(tc.Env, "GOTOOLCHAIN=local", "CGO_ENABLED=0")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, &stderr)
	}
	var pkgs []listed
	for dec := jsontext.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := json.UnmarshalDecode(dec, &p); errors.Is(err, io.EOF) {
			return pkgs
		} else if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
}

// packageFiles returns the export data of pkgs.
func packageFiles(pkgs []listed) map[string]string {
	m := map[string]string{}
	for _, p := range pkgs {
		if p.Export != "" {
			m[p.ImportPath] = p.Export
		}
	}
	return m
}

// stdJob returns the compile of a package of the standard library. flags are
// the go command's, and the compiler's if it has them too.
func stdJob(t testing.TB, tc *Toolchain, path string, flags ...string) Job {
	t.Helper()
	pkgs := goList(t, tc, t.TempDir(), append(flags, path)...)
	p := pkgs[len(pkgs)-1]
	if p.ImportPath != path {
		t.Fatalf("go list %s ends with %s", path, p.ImportPath)
	}
	job := Job{
		Dir:         p.Dir,
		ImportPath:  path,
		PackageFile: packageFiles(pkgs),
		ImportMap:   p.ImportMap,
		Std:         p.Standard,
		Flags:       flags,
	}
	for _, f := range p.CompiledGoFiles {
		if !filepath.IsAbs(f) {
			f = filepath.Join(p.Dir, f)
		}
		job.Files = append(job.Files, f)
	}
	return job
}
