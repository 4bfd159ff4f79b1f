package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
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

// list runs the go command's part and says how long it took.
func (r *rig) list(path string) (pkgs []listed, took time.Duration, err error) {
	cmd := exec.CommandContext(r.ctx, "go", "list", "-e", "-export", "-deps", "-compiled",
		"-json=ImportPath,Dir,CompiledGoFiles,ImportMap,Export,DepOnly", "--", path)
	cmd.Dir = r.work()
	cmd.Env = append(os.Environ(), "GOCACHE="+r.gocache, "GOFLAGS=", "GOWORK=off", "PWD="+r.work())
	start := time.Now()
	out, err := cmd.Output()
	took = time.Since(start)
	if err != nil {
		return nil, took, fmt.Errorf("go list %s: %w", path, err)
	}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		switch err := dec.Decode(&p); {
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

// floor measures loading and the compile of an edit up to the first escape remark.
func (r *rig) floor(path string, e edit) (load, compile time.Duration, err error) {
	pkgs, load, err := r.list(path)
	if err != nil {
		return 0, 0, err
	}
	dir, err := os.MkdirTemp(r.dir, "floor-*")
	if err != nil {
		return 0, 0, err
	}
	defer os.RemoveAll(dir)
	var cfg strings.Builder
	args := []string{"tool", "compile", "-p", path, "-std", "-m=2", "-importcfg", filepath.Join(dir, "importcfg"), "-o", filepath.Join(dir, "out.a"), "-pack"}
	for _, p := range pkgs {
		if p.DepOnly {
			if p.Export != "" {
				fmt.Fprintf(&cfg, "packagefile %s=%s\n", p.ImportPath, p.Export)
			}
			continue
		}
		for from, to := range p.ImportMap {
			fmt.Fprintf(&cfg, "importmap %s=%s\n", from, to)
		}
		for _, f := range p.CompiledGoFiles {
			if !filepath.IsAbs(f) {
				f = filepath.Join(p.Dir, f)
			}
			if f == e.file {
				f = e.text
			}
			args = append(args, f)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "importcfg"), []byte(cfg.String()), 0o666); err != nil {
		return 0, 0, err
	}
	// "go tool compile" would add a go command's start to the compiler's time.
	tool, err := output(r.ctx, "", "go", "tool", "-n", "compile")
	if err != nil {
		return 0, 0, err
	}
	cmd := exec.CommandContext(r.ctx, tool, args[2:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), compilerEnv...)
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return 0, 0, err
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	found := false
	for lines := bufio.NewReaderSize(stdout, 1<<16); !found; {
		line, err := lines.ReadString('\n')
		if err != nil {
			break
		}
		found = escapeRemark.MatchString(line) && !inliningRemark.MatchString(line)
	}
	compile = time.Since(start)
	if !found {
		return 0, 0, errors.Join(fmt.Errorf("the compiler ended without an escape remark"), cmd.Wait())
	}
	if err := cmd.Process.Kill(); err != nil {
		return 0, 0, err
	}
	_ = cmd.Wait() // it was killed
	return load, compile, nil
}
