package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/sync/errgroup"
)

// The floor is what no program can do better that asks the go command where
// things are and the compiler what it inlines: one "go list" as go/packages
// runs it, answered from the build cache, and then the compiler on its own up
// to its first escape remark. It is measured here without any of the project's
// packages, so that a slow one cannot raise it.

// compilerEnv is the collector setting that internal/gc gives the compiler; the
// floor's compiler gets the same.
var compilerEnv = []string{"GOGC=off", "GOMEMLIMIT=1GiB"}

// listed is what "go list" says of a package.
type listed struct {
	ImportPath      string
	Dir             string
	CompiledGoFiles []string
	ImportMap       map[string]string
	Export          string
	DepOnly         bool
}

// list runs the go command's part, with more flags, and says how long it took.
func (r *rig) list(path string, more ...string) (pkgs []listed, took time.Duration, err error) {
	args := append([]string{
		"list", "-e", "-export", "-deps", "-compiled",
		"-json=ImportPath,Dir,CompiledGoFiles,ImportMap,Export,DepOnly",
	}, more...)
	cmd := exec.CommandContext(r.ctx, "go", append(args, "--", path)...)
	cmd.Dir = r.work()
	cmd.Env = append(os.Environ(), "GOCACHE="+r.gocache, "GOFLAGS=", "GOWORK=off", "PWD="+r.work())
	start := time.Now()
	out, err := cmd.Output()
	took = time.Since(start)
	if err != nil {
		return nil, took, fmt.Errorf("go list %s: %w", path, err)
	}
	for dec := jsontext.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		switch err := json.UnmarshalDecode(dec, &p); {
		case errors.Is(err, io.EOF):
			return pkgs, took, nil
		case err != nil:
			return nil, took, err
		}
		pkgs = append(pkgs, p)
	}
}

// escapeRemark matches the forms that escape analysis prints first.
var escapeRemark = regexp.MustCompile(`^[^ ]+:\d+(:\d+)?: (leaking param|moved to heap|parameter .* leaks to|.* does not escape$|.* escapes to heap)`)

// inliningRemark matches lines of which some quote source text that could look
// like an escape remark.
var inliningRemark = regexp.MustCompile(`^[^ ]+:\d+(:\d+)?: (can inline|cannot inline|inlining call) `)

var errNoEscapes = errors.New("the compiler ended without an escape remark")

// floor measures loading and the compile of an edit up to the first escape remark.
func (r *rig) floor(path string, e edit) (load, compile time.Duration, err error) {
	c, load, err := r.newFloorCompiler(path)
	if err != nil {
		return 0, 0, err
	}
	defer c.close()
	for _, p := range c.pkgs {
		if p.DepOnly {
			continue
		}
		start := time.Now()
		found, err := c.compile(r.ctx, p, e)
		if err != nil {
			return 0, 0, err
		}
		if found.IsZero() {
			return 0, 0, errNoEscapes
		}
		compile = found.Sub(start)
	}
	return load, compile, nil
}

// floorWithTests measures the compiles of a package and of its test variant, at
// once, up to their first escape remarks. The text is the edit's in both.
func (r *rig) floorWithTests(path string, e edit) (compile time.Duration, err error) {
	c, _, err := r.newFloorCompiler(path, "-test")
	if err != nil {
		return 0, err
	}
	defer c.close()
	units := 0
	var mu sync.Mutex
	var last time.Time
	g, ctx := errgroup.WithContext(r.ctx)
	start := time.Now()
	for _, p := range c.pkgs {
		if variant := path + " [" + path + ".test]"; p.ImportPath != path && p.ImportPath != variant {
			continue
		}
		units++
		p.ImportPath = path
		g.Go(func() error {
			found, err := c.compile(ctx, p, e)
			if err == nil && found.IsZero() {
				err = errNoEscapes
			}
			mu.Lock()
			defer mu.Unlock()
			if found.After(last) {
				last = found
			}
			return err
		})
	}
	err = g.Wait()
	compile = last.Sub(start)
	if err == nil && units != 2 {
		err = fmt.Errorf("go list -test %s names %d units, not the package and its test variant", path, units)
	}
	return compile, err
}

// floorOfStd measures all compiles of the standard library up to their first
// escape remarks, as many at once as there are processors.
func (r *rig) floorOfStd() (compile time.Duration, err error) {
	c, _, err := r.newFloorCompiler("std")
	if err != nil {
		return 0, err
	}
	defer c.close()
	g, ctx := errgroup.WithContext(r.ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	start := time.Now()
	for _, p := range c.pkgs {
		g.Go(func() error {
			_, err := c.compile(ctx, p, edit{}) // small packages have no escape remark
			return err
		})
	}
	err = g.Wait()
	return time.Since(start), err
}

// A floorCompiler is the compiler and what it needs to know of all packages.
type floorCompiler struct {
	tool    string
	dir     string // its own, until close
	pkgs    []listed
	imports string // the lines of an importcfg
}

// newFloorCompiler lists packages, and says how long that took.
func (r *rig) newFloorCompiler(path string, flags ...string) (c *floorCompiler, load time.Duration, err error) {
	pkgs, load, err := r.list(path, flags...)
	if err != nil {
		return nil, 0, err
	}
	// "go tool compile" would add a go command's start to the compiler's time.
	tool, err := output(r.ctx, "", "go", "tool", "-n", "compile")
	if err != nil {
		return nil, 0, err
	}
	c = &floorCompiler{tool: tool, pkgs: pkgs}
	for _, p := range pkgs {
		if p.Export != "" {
			c.imports += fmt.Sprintf("packagefile %s=%s\n", p.ImportPath, p.Export)
		}
	}
	c.dir, err = os.MkdirTemp(r.dir, "floor-*")
	return c, load, err
}

func (c *floorCompiler) close() { os.RemoveAll(c.dir) }

// compile compiles a package, with the edit if it is one of its files, until the
// first escape remark, and says when that came; the zero time if none did. It returns
// when the compiler is gone, which takes the kernel some 20 ms more.
func (c *floorCompiler) compile(ctx context.Context, p listed, e edit) (found time.Time, err error) {
	dir, err := os.MkdirTemp(c.dir, "")
	if err != nil {
		return time.Time{}, err
	}
	imports := c.imports
	for from, to := range p.ImportMap {
		imports += fmt.Sprintf("importmap %s=%s\n", from, to)
	}
	args := []string{"-p", p.ImportPath, "-std", "-m=2", "-importcfg", filepath.Join(dir, "importcfg"), "-o", filepath.Join(dir, "out.a"), "-pack"}
	for _, f := range p.CompiledGoFiles {
		if !filepath.IsAbs(f) {
			f = filepath.Join(p.Dir, f)
		}
		if f == e.file {
			f = e.text
		}
		args = append(args, f)
	}
	if err := os.WriteFile(filepath.Join(dir, "importcfg"), []byte(imports), 0o666); err != nil {
		return time.Time{}, err
	}
	cmd := exec.CommandContext(ctx, c.tool, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), compilerEnv...)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return time.Time{}, err
	}
	if err := cmd.Start(); err != nil {
		return time.Time{}, err
	}
	for lines := bufio.NewReaderSize(stdout, 1<<16); found.IsZero(); {
		line, err := lines.ReadString('\n')
		if err != nil {
			break
		}
		if escapeRemark.MatchString(line) && !inliningRemark.MatchString(line) {
			found = time.Now()
		}
	}
	_ = cmd.Process.Kill() // it may have ended
	_ = cmd.Wait()         // it was killed
	return found, ctx.Err()
}
