package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"
	"golang.org/x/tools/go/packages"

	"github.com/inlinelens/inlinelens/internal/prove"
)

// The test binary is also the driver program that a test names: it answers the
// driver's protocol with what the go command lists, under IDs of its own, as a
// build system that has labels would.
func TestMain(m *testing.M) {
	if os.Getenv("INLINELENS_TEST_DRIVER") != "" {
		if err := drive(); err != nil {
			os.Stderr.WriteString(err.Error())
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

func drive() error {
	if os.Getenv("INLINELENS_TEST_DRIVER") == "fail" {
		return errors.New("the build system is ill")
	}
	if os.Getenv("INLINELENS_TEST_DRIVER") == "endless" {
		for text := bytes.Repeat([]byte("{"), 1<<16); ; {
			if _, err := os.Stdout.Write(text); err != nil {
				return err
			}
		}
	}
	var req packages.DriverRequest
	if err := json.NewDecoder(os.Stdin).Decode(&req); err != nil {
		return err
	}
	pkgs, err := packages.Load(&packages.Config{
		Mode: req.Mode, Tests: req.Tests, BuildFlags: req.BuildFlags, Overlay: req.Overlay,
		Env: append(req.Env, "GOPACKAGESDRIVER=off"),
	}, os.Args[1:]...)
	if err != nil {
		return err
	}
	resp := packages.DriverResponse{Compiler: "gc", Arch: "amd64"}
	for _, p := range pkgs {
		resp.Roots = append(resp.Roots, "//"+p.ID)
	}
	label := func(p *packages.Package) {
		p.ID = "//" + p.ID
		resp.Packages = append(resp.Packages, p)
	}
	packages.Visit(pkgs, nil, label)
	return json.NewEncoder(os.Stdout).Encode(resp)
}

func TestDriver(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := write(t, "basic")
	cfg := Config{Dir: dir, Env: environ("GOPACKAGESDRIVER="+exe, "INLINELENS_TEST_DRIVER=1")}
	r := mustLoad(t, cfg, "./a", "./b")
	wantStrings(t, "roots", rootIDs(r), "//example.com/basic/a", "//example.com/basic/b")
	a := r.Roots[0]
	if a.Path != "example.com/basic/a" || a.Dir != filepath.Join(dir, "a") || a.Std {
		t.Errorf("%+v", a)
	}
	if u := a.Imports["strings"]; !u.Std || u.Export == "" || len(u.Files) == 0 {
		t.Errorf("%+v", u)
	}
	mustCompile(t, cfg, r)

	tested := mustLoad(t, Config{Dir: dir, Env: cfg.Env, Tests: true}, "./b")
	var variants []string
	for _, u := range tested.Roots {
		variants = append(variants, u.Variant)
	}
	wantStrings(t, "variants", variants, "", "test", "xtest")
	mustCompile(t, cfg, tested)

	cfg.Overlay = map[string][]byte{filepath.Join(dir, "a", "a.go"): []byte("package a\n\nimport \"sort\"\n\nvar _ = sort.Ints\n")}
	r = mustLoad(t, cfg, "./a")
	if r.Roots[0].Imports["sort"] == nil {
		t.Error("the driver did not see the unsaved text")
	}

	cfg = Config{Dir: dir, Env: environ("GOPACKAGESDRIVER="+exe, "INLINELENS_TEST_DRIVER=fail")}
	wantFailure(t, ErrGoCommand, "the build system is ill", cfg, "./a")

	defer func(most uint64) { mostGrowth = most }(mostGrowth)
	mostGrowth = 128 << 20
	cfg = Config{Dir: dir, Env: environ("GOPACKAGESDRIVER="+exe, "INLINELENS_TEST_DRIVER=endless")}
	wantFailure(t, ErrGoCommand, "prints without end", cfg, "./a")
	if now := heapObjects(); now > 2<<30 {
		t.Errorf("%d bytes were read", now)
	}

	// "off" is the go command.
	r = mustLoad(t, Config{Dir: dir, Env: environ("GOPACKAGESDRIVER=off", "INLINELENS_TEST_DRIVER=fail")}, "./a")
	wantStrings(t, "roots", rootIDs(r), "example.com/basic/a")
}

func TestToolchains(t *testing.T) {
	dir := write(t, "basic")
	put(t, filepath.Join(dir, "go.mod"), "module example.com/basic\n\ngo 1.22\n\nrequire example.com/dep v1.2.3\n\nreplace example.com/dep => ./dep\n")
	for _, version := range slices.DeleteFunc(prove.Releases(), func(s string) bool { return s == "local" }) {
		t.Run(version, func(t *testing.T) {
			cfg := Config{Dir: dir, Env: environ("GOTOOLCHAIN=" + version)}
			r := mustLoad(t, cfg, "./a", "./c")
			if r.Env.Version != version || !strings.Contains(r.Env.GOROOT, version) {
				t.Errorf("%+v", r.Env)
			}
			if u := unit(t, r, "strings"); !u.Std || !strings.HasPrefix(u.Dir, r.Env.GOROOT) {
				t.Errorf("%+v", u)
			}
			wantStrings(t, "roots", rootIDs(r), "example.com/basic/a", "example.com/basic/c")
			mustCompile(t, cfg, r)
		})
	}
}

// A cancelled load ends the go command, and the compilers that it started.
func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Load(ctx, Config{Dir: t.TempDir()}, "fmt"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v", err)
	}

	// An empty build cache, so that there is something to build for a while. Its
	// name marks the processes.
	cache := filepath.Join(t.TempDir(), "cache")
	dir := t.TempDir()
	ownTemp(t)
	cfg := Config{Dir: dir, Env: environ("GOCACHE=" + cache)}
	ctx, cancel = context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := Load(ctx, cfg, "net/http")
		done <- err
	}()
	waitFor(t, "a compiler to run", func() bool {
		return slices.ContainsFunc(processes(t, "GOCACHE="+cache), func(exe string) bool { return exe == "compile" })
	})
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled while building: %v", err)
	}
	waitFor(t, "the processes to end", func() bool { return len(processes(t, "GOCACHE="+cache)) == 0 })
}
