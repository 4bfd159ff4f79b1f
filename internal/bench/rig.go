package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A rig is what the measurements share: a private place on disk, the program
// under measurement, and a build cache that has the standard library.
type rig struct {
	ctx     context.Context
	dir     string // removed by close
	program string // the built inlinelens
	goroot  string
	gocache string // has std and cmd/compile/internal/ssa
	facts   string // our own cache, as earlier runs left it
	runs    int
	edits   int // so that no two edits are alike
}

func newRig(ctx context.Context, runs int) (r *rig, err error) {
	dir, err := os.MkdirTemp("", "inlinelens-bench-*")
	if err != nil {
		return nil, err
	}
	r = &rig{ctx: ctx, dir: dir, runs: runs, program: filepath.Join(dir, "inlinelens")}
	defer func() {
		if err != nil {
			r.close()
		}
	}()
	r.gocache, r.facts = r.sub("gocache"), r.sub("facts")
	if err := os.Mkdir(r.work(), 0o777); err != nil {
		return nil, err
	}
	if r.goroot, err = output(ctx, "", "go", "env", "GOROOT"); err != nil {
		return nil, err
	}
	progress("building the program")
	if _, err := output(ctx, "", "go", "build", "-o", r.program, "github.com/inlinelens/inlinelens/cmd/inlinelens"); err != nil {
		return nil, err
	}
	progress("building the standard library into a cache of its own")
	_, err = r.run(command{args: []string{"go", "build", "std", "cmd/compile/internal/ssa"}})
	return r, err
}

func (r *rig) close() { os.RemoveAll(r.dir) }

func (r *rig) sub(name string) string { return filepath.Join(r.dir, name) }

// work is the folder that commands run in: outside of any module.
func (r *rig) work() string { return r.sub("work") }

// output runs a command of the preparation and returns its trimmed output.
func output(ctx context.Context, dir, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, stderr.String())
	}
	return strings.TrimSpace(string(out)), nil
}
