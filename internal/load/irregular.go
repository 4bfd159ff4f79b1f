package load

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/inlinelens/inlinelens/internal/regular"
	"golang.org/x/mod/modfile"
)

// The go command opens whatever has the name of a file that it reads: at a named
// pipe it waits forever, and of a device it reads without an end. What it reads
// first is looked at before it is started: the files of modules, those that flags
// name, and the directories of packages that patterns name. The rest would take a
// walk through all modules, which is made only when the go command takes long.

// CheckFiles returns a [*Failure] if the go command could not read one of the
// files that it reads first. It starts no process.
func CheckFiles(cfg Config, patterns []string) error {
	_, err := checkFiles(cfg, patterns)
	return err
}

// checkFiles also returns the directories of the modules whose files may be
// anything: those of the main modules, and of directories that replace others.
func checkFiles(cfg Config, patterns []string) (modules []string, err error) {
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, err
	}
	env := cfg.Env
	if env == nil {
		env = os.Environ()
	}
	c := &fileChecker{tried: triedTo(patterns), dir: dir, seen: make(map[string]bool)}
	c.flags(newFlagSet(cfg.BuildFlags, lookup(env, "GOFLAGS")))
	if work := lookup(env, "GOWORK"); work == "" {
		c.workspace(upward(dir, "go.work"))
	} else if work != "off" {
		c.workspace(work)
	}
	c.module(upward(dir, "go.mod"))
	for _, p := range patterns {
		c.pattern(p)
	}
	if len(patterns) == 0 {
		c.pattern(".")
	}
	return c.modules, c.err
}

// triedTo says what is tried, for messages.
func triedTo(patterns []string) string {
	if len(patterns) == 0 {
		return "load ."
	}
	return "load " + strings.Join(patterns, " ")
}

// upward returns the nearest file of a name in dir and the directories above, ""
// for none.
func upward(dir, name string) string {
	for {
		file := filepath.Join(dir, name)
		if info, err := os.Stat(file); err == nil && !info.IsDir() {
			return file
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

type fileChecker struct {
	tried   string
	dir     string
	modules []string
	seen    map[string]bool
	err     error // the first
}

// file checks a file that need not exist.
func (c *fileChecker) file(name string) {
	if c.err != nil || c.seen[name] {
		return
	}
	c.seen[name] = true
	if err := regular.Check(name); err != nil {
		c.err = irregular(c.tried, err)
	}
}

// irregular makes a failure of what is wrong with a file.
func irregular(tried string, err error) *Failure {
	return &Failure{Kind: ErrIrregular, Tried: tried, Why: err.Error(), Do: "remove it, or put a regular file in its place"}
}

func (c *fileChecker) abs(name string) string {
	if !filepath.IsAbs(name) {
		name = filepath.Join(c.dir, name)
	}
	return filepath.Clean(name)
}

func (c *fileChecker) flags(flags *flagSet) {
	if mod := flags.vals["modfile"]; mod != "" {
		root := upward(c.dir, "go.mod")
		if root == "" {
			root = c.abs("go.mod")
		}
		c.moduleAs(c.abs(mod), filepath.Dir(root))
	}
	if pgo := flags.pgo(c.dir); pgo != "auto" && pgo != "off" {
		c.file(pgo)
	}
	if overlay := flags.vals["overlay"]; overlay != "" {
		c.file(c.abs(overlay))
		if c.err != nil {
			return
		}
		all, err := ReadOverlay(c.dir, overlay)
		if err != nil {
			return // what is wrong with it is said later
		}
		for _, to := range all {
			if to != "" {
				c.file(to)
			}
		}
	}
}

// workspace checks a go.work and what it leads to.
func (c *fileChecker) workspace(name string) {
	if name == "" {
		return
	}
	dir := filepath.Dir(name)
	text := c.read(name)
	c.file(name + ".sum")
	c.file(filepath.Join(dir, "vendor", "modules.txt"))
	work, err := modfile.ParseWork(name, text, nil)
	if c.err != nil || err != nil {
		return
	}
	for _, use := range work.Use {
		c.module(filepath.Join(below(dir, use.Path), "go.mod"))
	}
	c.replacements(dir, work.Replace)
}

// module checks a go.mod and what it leads to.
func (c *fileChecker) module(name string) {
	if name != "" {
		c.moduleAs(name, filepath.Dir(name))
	}
}

// moduleAs checks a file that is the go.mod of the module in dir.
func (c *fileChecker) moduleAs(name, dir string) {
	if c.err != nil || c.seen[name] {
		return
	}
	text := c.read(name)
	c.file(strings.TrimSuffix(name, filepath.Ext(name)) + ".sum")
	c.file(filepath.Join(dir, "vendor", "modules.txt"))
	c.modules = append(c.modules, dir)
	mod, err := modfile.Parse(name, text, nil)
	if c.err != nil || err != nil {
		return
	}
	c.replacements(dir, mod.Replace)
}

func (c *fileChecker) replacements(dir string, list []*modfile.Replace) {
	for _, r := range list {
		if r.New.Version == "" {
			c.module(filepath.Join(below(dir, r.New.Path), "go.mod"))
		}
	}
}

// read checks and reads a file; what is wrong with it otherwise the go command says.
func (c *fileChecker) read(name string) []byte {
	if c.file(name); c.err != nil {
		return nil
	}
	text, err := regular.ReadFile(name)
	if errors.Is(err, regular.ErrIrregular) {
		c.err = irregular(c.tried, err)
	}
	return text
}

// pattern checks the files of a package that a pattern names by its directory, or
// the files that it names.
func (c *fileChecker) pattern(p string) {
	if c.err != nil || strings.Contains(p, "...") {
		return
	}
	name := c.abs(filepath.FromSlash(p))
	if strings.HasSuffix(p, ".go") {
		c.file(name)
		return
	}
	if filepath.IsAbs(p) || p == "." || p == ".." || strings.HasPrefix(p, "./") || strings.HasPrefix(p, "../") {
		entries, _ := os.ReadDir(name) // the go command words what is wrong with it
		if err := irregularIn(name, entries); err != nil {
			c.err = irregular(c.tried, err)
		}
	}
}

// irregularIn returns an error for the first entry of a package's directory that
// the go command could not read.
func irregularIn(dir string, entries []fs.DirEntry) error {
	for _, e := range entries {
		if !readInPackage(e.Name()) || e.Type().IsRegular() || e.IsDir() {
			continue
		}
		if err := regular.Check(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// readInPackage reports whether the go command reads a file of the name in the
// directory of a package.
func readInPackage(name string) bool {
	if strings.HasPrefix(name, "_") || strings.HasPrefix(name, ".") {
		return false
	}
	switch filepath.Ext(name) {
	case ".go", ".c", ".cc", ".cpp", ".cxx", ".m", ".h", ".hh", ".hpp", ".hxx",
		".f", ".F", ".for", ".f90", ".s", ".S", ".sx", ".swig", ".swigcxx", ".syso":
		return true
	}
	return false
}

// patient is how long a load may take before its modules are searched for what
// may be in its way.
const patient = 2 * time.Second

// A lookout cancels a load that a file is in the way of, or that takes all memory.
type lookout struct {
	ctx     context.Context
	cancel  context.CancelCauseFunc // with what was found, a *Failure
	tried   string
	modules []string
	watches sync.WaitGroup
}

// keepLookout begins to watch a load of which the context is the lookout's.
func keepLookout(ctx context.Context, tried string, modules []string) *lookout {
	o := &lookout{tried: tried, modules: modules}
	o.ctx, o.cancel = context.WithCancelCause(ctx)
	o.watches.Go(o.run)
	o.watches.Go(o.watchMemory)
	return o
}

// end ends the watch, and returns what was found.
func (o *lookout) end() *Failure {
	o.cancel(nil)
	o.watches.Wait()
	var failure *Failure
	_ = errors.As(context.Cause(o.ctx), &failure)
	return failure
}

func (o *lookout) run() {
	for wait := patient; ; wait *= 2 {
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-o.ctx.Done():
			timer.Stop()
			return
		}
		for _, dir := range o.modules {
			if err := o.search(dir); err != nil {
				o.cancel(irregular(o.tried, err))
				return
			}
		}
	}
}

// search looks through the packages of a module.
func (o *lookout) search(root string) error {
	var found error
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if o.ctx.Err() != nil {
			return fs.SkipAll
		}
		if err != nil || !e.IsDir() {
			return nil //nolint:nilerr // somebody removes files meanwhile
		}
		if name := e.Name(); path != root && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata") {
			return fs.SkipDir
		}
		entries, _ := os.ReadDir(path)
		if path != root && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == "go.mod" && !e.IsDir() }) {
			return fs.SkipDir // another module
		}
		if found = irregularIn(path, entries); found != nil {
			return fs.SkipAll
		}
		return nil
	})
	return cmp.Or(found, err)
}
