package gc

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// fakeGo makes a directory with a go command that answers as given, and
// returns an environment whose PATH has only that.
func fakeGo(t *testing.T, answer string) (goCmd string, env []string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	goCmd = filepath.Join(dir, "go")
	if err := os.Symlink(self, goCmd); err != nil {
		t.Fatal(err)
	}
	return goCmd, []string{"PATH=" + dir, roleVar + "=go", argVar + "=" + answer, "HOME=" + dir}
}

func checkMessage(t *testing.T, err error, want ...string) {
	t.Helper()
	if err == nil {
		t.Error("no error")
		return
	}
	for _, s := range append(want, "tried ") {
		if !strings.Contains(err.Error(), s) {
			t.Errorf("%q does not say %q", err, s)
		}
	}
}

func TestNoGo(t *testing.T) {
	empty := t.TempDir()
	// A relative entry of PATH must not count, and a file that cannot be run neither.
	writeFile(t, filepath.Join(empty, "bin", "go"), []byte("not a program"))
	work := t.TempDir()
	writeFile(t, filepath.Join(work, "go"), []byte("#!/bin/sh\ntouch "+work+"/ran\n"))
	if err := os.Chmod(filepath.Join(work, "go"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(work)
	for _, path := range []string{"", empty, filepath.Join(empty, "bin"), ".", empty + ":.:"} {
		_, err := FindToolchain(t.Context(), work, []string{"PATH=" + path})
		if !errors.Is(err, ErrNoGo) {
			t.Errorf("PATH=%s: %v", path, err)
		}
		checkMessage(t, err, "PATH="+path, "install Go")
	}
	if _, err := os.Stat(filepath.Join(work, "ran")); !errors.Is(err, os.ErrNotExist) {
		t.Error("the go command of the working directory was run")
	}
}

func TestTooOld(t *testing.T) {
	for version, old := range map[string]bool{
		"go1.21.13": true, "go1.4": true, "go1": true, "go1.21rc2": true,
		"go1.22": false, "go1.22rc1": false, "go1.26.8": false, "go1.27-devel_0123abc": false,
		"go1.26.1 X:nodwarf5": false, "devel go1.27-0123abc": false, "go2.0": false,
	} {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		goCmd, env := fakeGo(t, `{"GOVERSION": "`+version+`", "GOROOT": "/nowhere", "GOOS": "linux", "GOARCH": "amd64", "GOTOOLDIR": "/nowhere/tool"}`+"\n"+self)
		tc, err := FindToolchain(t.Context(), t.TempDir(), env)
		if old {
			if !errors.Is(err, ErrTooOld) {
				t.Errorf("%s: %v, %v", version, tc, err)
			}
			checkMessage(t, err, version, goCmd, "go1.22 or newer")
			continue
		}
		// There is no compiler in /nowhere/tool, so the go command was asked for it.
		if err != nil || tc.Version != version || tc.Compile != self {
			t.Errorf("%s: %+v, %v", version, tc, err)
		}
	}
}

func TestNoCompileTool(t *testing.T) {
	goCmd, env := fakeGo(t, `{"GOVERSION": "go1.26", "GOTOOLDIR": "/nowhere/tool"}`+"\n/nowhere/else/compile")
	_, err := FindToolchain(t.Context(), t.TempDir(), env)
	checkMessage(t, err, goCmd, "/nowhere/tool/compile", "/nowhere/else/compile", "reinstall")
	_, env = fakeGo(t, "warning: not JSON")
	_, err = FindToolchain(t.Context(), t.TempDir(), env)
	checkMessage(t, err, "env -json", "invalid character")
}

// TestSelection shows that the go command's own rules select the toolchain.
func TestSelection(t *testing.T) {
	module := func(lines string) string {
		dir := t.TempDir()
		writeFile(t, filepath.Join(dir, "go.mod"), []byte("module m\n\n"+lines+"\n"))
		return dir
	}
	find := func(dir string, more ...string) (*Toolchain, error) {
		return FindToolchain(t.Context(), dir, testEnv("", more...))
	}
	here := findToolchain(t, "")
	tc, err := find(module("go 1.22.0\n\ntoolchain go1.24.11"), "GOTOOLCHAIN=go1.22.12+auto")
	if err != nil || tc.Version != "go1.24.11" || !strings.HasPrefix(tc.Compile, tc.GOROOT) || tc.GOROOT == here.GOROOT {
		t.Errorf("the toolchain line: %+v, %v", tc, err)
	}
	tc, err = find(module("go 1.22.0"), "GOTOOLCHAIN=go1.23.12")
	if err != nil || tc.Version != "go1.23.12" {
		t.Errorf("GOTOOLCHAIN: %+v, %v", tc, err)
	}
	_, err = find(module("go 1.99"), "GOTOOLCHAIN=auto", "GOPROXY=off")
	checkMessage(t, err, "go1.99.0", "toolchain not available", "set GOTOOLCHAIN")
	if errors.Is(err, ErrNoGo) || errors.Is(err, ErrTooOld) {
		t.Errorf("%v is of the wrong kind", err)
	}
	_, err = find(filepath.Join(t.TempDir(), "missing"))
	checkMessage(t, err, "no such file")
}

// TestTarget shows that the compiler is told what the go command decided.
func TestTarget(t *testing.T) {
	tc := findToolchain(t, "", "GOOS=darwin", "GOARCH=arm64")
	if tc.GOOS != "darwin" || tc.GOARCH != "arm64" {
		t.Errorf("the target is %s/%s", tc.GOOS, tc.GOARCH)
	}
	for _, want := range []string{"GOOS=darwin", "GOARCH=arm64", "GOARM64=v8.0", "GOROOT=" + tc.GOROOT} {
		name, _, _ := strings.Cut(want, "=")
		var got []string
		for _, kv := range tc.Env {
			if strings.HasPrefix(kv, name+"=") {
				got = append(got, kv)
			}
		}
		if !slices.Equal(got, []string{want}) {
			t.Errorf("got %q, want %q once", got, want)
		}
	}
	job := stdJob(t, tc, "errors")
	out, err := testCompiler(t, tc).Compile(t.Context(), job)
	if err != nil || len(out.Remarks) == 0 || len(out.Errors) > 0 {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestFindCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := FindToolchain(ctx, t.TempDir(), nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestTuned shows that the user's settings of the collector are left alone.
func TestTuned(t *testing.T) {
	for _, test := range []struct{ env, want []string }{
		{[]string{"A=b"}, []string{"A=b", "GOGC=off", "GOMEMLIMIT=1GiB"}},
		{[]string{"A=b", "GOGC=50"}, []string{"A=b", "GOGC=50"}},
		{[]string{"GOMEMLIMIT=100MiB"}, []string{"GOMEMLIMIT=100MiB"}},
	} {
		if got := tuned(test.env); !slices.Equal(got, test.want) {
			t.Errorf("%q: got %q, want %q", test.env, got, test.want)
		}
	}
}

// TestID shows that IDs differ where the compiler's output may.
func TestID(t *testing.T) {
	seen := map[string]string{}
	for _, release := range releases {
		for _, env := range []string{"GOAMD64=v1", "GOAMD64=v3", "GOARCH=arm64"} {
			id, err := findToolchain(t, release, env).ID(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if other, ok := seen[id]; ok {
				t.Errorf("%s %s and %s have the ID %s", release, env, other, id)
			}
			seen[id] = release + " " + env
		}
	}
	_, err := fakeToolchain("fail-silently").ID(t.Context())
	checkMessage(t, err, "-V=full", "exit status 3")
}
