package load

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/go/packages"

	"github.com/inlinelens/inlinelens/internal/tempdir"
)

// A Result is what a Load found.
type Result struct {
	Env   GoEnv
	Roots []*Unit          // sorted by Path, then Variant, then ID
	Units map[string]*Unit // the roots and every unit that they import, directly or not, by ID
	// Failures tells of patterns that named nothing, when others did.
	Failures []*Failure
	// Notes are remarks for the user that are no errors, such as a file that was
	// named although build constraints exclude it.
	Notes []string
	// FlagNotes are remarks for the user on build flags.
	FlagNotes []string
	// Built is what was built, for the BuildList of the next load of the same
	// patterns; nil when that is not known.
	Built *BuildList
	// Replaced maps each file that the user's -overlay replaces to the file that
	// holds its text, both absolute. A file that is to be taken as absent is not in it.
	Replaced map[string]string

	excluder    excluder
	fingerprint func() *Fingerprint
}

// Fingerprint returns the fingerprint of the load, nil if it has none. It takes
// a stat call for each file of each unit.
func (r *Result) Fingerprint() *Fingerprint { return r.fingerprint() }

// A loader knows what is asked for, and in what environment. It does not change
// once it is prepared; what is found goes from step to step as a graph.
type loader struct {
	ctx      context.Context
	cfg      Config
	dir      string // absolute
	environ  []string
	tried    string // for messages: "load ./..."
	patterns []string
	env      *GoEnv
	flags    *flagSet
	external bool // a driver answers instead of the go command

	buildFlags []string          // for the go command; without -pgo and -gcflags
	user       map[string]string // what the user's overlay replaces by files
	replaced   map[string]string // the files that the user's overlay and unsaved text replace
	overlaid   map[string]string // those, and the locks
	tmp        *tempdir.Dir      // nil where a driver answers
	excluder   excluder
}

// Load finds the packages that patterns name, as go build understands patterns
// ("." for none), and everything that they import.
//
// The roots are listed but not built, unless another root imports them. What
// they import is built by the go command where the build cache lacks it, so that
// it has export data. Neither go.mod nor go.sum nor go.work.sum is written.
//
// A package that cannot be listed, or a dependency that cannot be built, is a
// Unit with Errors, and the others go on. Load itself fails when there is no
// unit to return: with a *Failure, or with ctx's error. The go command is the
// one in the PATH of this process; cancelling ctx ends it with its children.
func Load(ctx context.Context, cfg Config, patterns ...string) (*Result, error) {
	modules, err := checkFiles(cfg, patterns)
	if err != nil {
		return nil, err
	}
	for n := 1; ; n++ {
		watch := keepLookout(ctx, triedTo(patterns), modules)
		l := &loader{ctx: watch.ctx, cfg: cfg, patterns: patterns, tried: triedTo(patterns)}
		result, unexplained, err := l.load(ctx)
		if failure := watch.end(); failure != nil {
			return nil, failure
		}
		if n == tries || ctx.Err() != nil || !unexplained && !l.disturbed(result, err) {
			return result, err
		}
	}
}

// tries is how often a load is tried during which somebody removes files of the go
// command's.
const tries = 3

// disturbed reports whether what went wrong is that files were removed which the go
// command had just made: its temporary files, or those of its cache.
func (l *loader) disturbed(result *Result, err error) bool {
	dirs := make([]string, 0, 2)
	if l.tmp != nil {
		dirs = append(dirs, l.tmp.Path)
	}
	if l.env != nil && filepath.IsAbs(l.env.cache) {
		dirs = append(dirs, l.env.cache)
	}
	names := func(text string) bool {
		return slices.ContainsFunc(dirs, func(dir string) bool { return strings.Contains(text, dir) })
	}
	if err != nil {
		return names(err.Error())
	}
	for _, u := range result.Units {
		if slices.ContainsFunc(u.Errors, func(e Error) bool { return names(e.Message) }) {
			return true
		}
	}
	return false
}

// load is one try. Later is the context of what is asked of the result afterwards.
// Unexplained says that a build failed without a reason, and did not when it was asked
// for once more: that is worth another try.
func (l *loader) load(later context.Context) (result *Result, unexplained bool, err error) {
	began := time.Now()
	defer l.removeTemp()
	if err := l.prepare(); err != nil {
		return nil, false, err
	}
	ahead := l.buildAhead()
	defer ahead.end()
	pkgs, err := l.list(listing{mode: l.rootMode(), patterns: l.patterns, tests: l.cfg.Tests})
	if err != nil {
		return nil, false, err
	}
	g := l.graphOf(pkgs)
	g = onlyVariant(g, l.cfg)
	g, err = l.checkMatches(g)
	if err != nil {
		return nil, false, err
	}
	var plan buildPlan
	if !l.external {
		g = l.withProfiles(g)
		g = pruned(g)
		if plan, err = l.plan(g); err != nil {
			return nil, false, err
		}
		lists, err := l.build(plan, ahead)
		if err != nil {
			return nil, false, err
		}
		if g, err = l.withExports(g, plan, lists); err != nil {
			return nil, false, err
		}
	}
	g = l.withFlags(g)
	g, unexplained = l.withImportErrors(g, plan)
	return &Result{
		Env: *l.env, Roots: g.roots, Units: g.units, Failures: g.failures, Notes: g.notes, FlagNotes: l.flags.notes(),
		Built: plan.buildList(), Replaced: l.user, excluder: l.excluder,
		fingerprint: func() *Fingerprint { return l.fingerprint(later, g, began) },
	}, unexplained && !l.external, nil
}

// prepare finds out with what environment, flags and overlay to load.
func (l *loader) prepare() error {
	dir, err := filepath.Abs(l.cfg.Dir)
	if err != nil {
		return fmt.Errorf("%s: %w", l.tried, err)
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return &Failure{Kind: ErrNoMatch, Tried: l.tried, Why: "there is no directory " + dir, Do: "check the spelling"}
	}
	l.dir = dir
	l.environ = l.cfg.Env
	if l.environ == nil {
		l.environ = os.Environ()
	}
	if l.env, err = goEnv(l.ctx, l.tried, dir, l.environ); err != nil {
		return err
	}
	l.flags = newFlagSet(l.cfg.BuildFlags, l.env.Flags)
	if err := l.flags.check(); err != nil {
		return &Failure{Kind: ErrGoCommand, Tried: l.tried, Why: err.Error(), Do: "correct the build flags or GOFLAGS"}
	}
	l.external = hasDriver(l.environ)
	l.buildFlags = slices.Concat(l.flags.neutral(), l.flags.rest)
	if l.external {
		// A driver gets the flags as they are, and the unsaved text itself.
		l.buildFlags = slices.Clone(l.cfg.BuildFlags)
		l.excluder = newExcluder(l.cfg, l.env, nil)
		return nil
	}
	if l.tmp, err = l.newTempDir(); err != nil {
		return err
	}
	if err := l.modCopy(); err != nil {
		return err
	}
	if err := l.replace(); err != nil {
		return err
	}
	l.excluder = newExcluder(l.cfg, l.env, l.user)
	return nil
}

// Recall gives a Result of which Env, Roots and Units were kept what is not kept,
// as it follows from cfg, with which it was loaded. Failures, Notes, Built and
// Fingerprint remain empty.
func (r *Result) Recall(cfg Config) error {
	replaced, err := replacedBy(cfg)
	if err != nil {
		return err
	}
	r.Replaced = replaced
	r.FlagNotes = newFlagSet(cfg.BuildFlags, r.Env.Flags).notes()
	r.excluder = newExcluder(cfg, &r.Env, replaced)
	return nil
}

// removeTemp removes what the load left in the temporary directory. Compilers that
// were interrupted a moment ago may still be writing there.
func (l *loader) removeTemp() {
	for wait := time.Millisecond; l.tmp != nil && wait < time.Second; wait *= 2 {
		if l.tmp.Close() == nil {
			return
		}
		time.Sleep(wait)
	}
}

// hasDriver reports whether go/packages will ask an external driver: this is its
// own rule.
func hasDriver(env []string) bool {
	driver := lookup(env, "GOPACKAGESDRIVER")
	if driver == "" {
		_, err := exec.LookPath("gopackagesdriver")
		return err == nil
	}
	return driver != "off"
}

// A listing is one question to the go command.
type listing struct {
	ctx      context.Context // nil for the load's
	mode     packages.LoadMode
	patterns []string
	tests    bool
	pgo      string   // "" for off
	overlay  string   // replaces the load's -overlay file, if not ""
	gcflags  []string // where the go command builds
}

const (
	// listMode is everything but what needs a build.
	listMode = packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedDeps |
		packages.NeedModule | packages.NeedEmbedFiles | packages.NeedEmbedPatterns | packages.NeedForTest
	// exportMode is what only a build knows. It lists the dependencies too.
	exportMode = packages.NeedName | packages.NeedImports | packages.NeedDeps |
		packages.NeedCompiledGoFiles | packages.NeedExportFile | packages.NeedForTest
)

// rootMode is how the roots are listed. A driver is asked for everything at
// once: a build system other than the go command builds what it wants to, and
// its packages cannot be named again by their import paths.
func (l *loader) rootMode() packages.LoadMode {
	if l.external {
		return listMode | exportMode
	}
	return listMode
}

// list asks go/packages.
func (l *loader) list(q listing) ([]*packages.Package, error) {
	ctx := cmp.Or(q.ctx, l.ctx)
	env, builds := l.environ, false
	if q.mode&packages.NeedExportFile == 0 && q.mode&packages.NeedCompiledGoFiles == 0 {
		env = withDefault(env, "GOGC", "400") // nothing is compiled, so it is one short process
	} else if !l.external {
		// An interrupted go command leaves its work directory behind, and cgo the
		// files that it gives the C compiler.
		env = append(env[:len(env):len(env)], tempVars(l.tmp.Path)...)
		builds = true
	}
	cfg := &packages.Config{
		Context: ctx, Mode: q.mode, Dir: l.dir, Env: env, Tests: q.tests,
		BuildFlags: slices.Clone(l.buildFlags),
	}
	if l.external {
		cfg.Overlay = l.cfg.Overlay
	} else {
		if q.overlay != "" {
			cfg.BuildFlags = append(cfg.BuildFlags, "-overlay="+q.overlay)
		}
		if q.pgo != "" {
			cfg.BuildFlags = append(cfg.BuildFlags, "-pgo="+q.pgo)
		}
		if builds {
			cfg.BuildFlags = append(cfg.BuildFlags, q.gcflags...)
		}
	}
	patterns := slices.Clone(q.patterns)
	for i, p := range patterns {
		if !l.external && strings.Contains(p, "=") {
			patterns[i] = "pattern=" + p // go/packages would read a=b as a query
		}
	}
	pkgs, err := packages.Load(cfg, patterns...)
	if err != nil {
		if l.ctx.Err() != nil {
			return nil, l.ctx.Err()
		}
		return nil, l.failure(l.tried, err.Error())
	}
	return pkgs, nil
}

// tempVars have the go command, and what it starts, put temporary files into dir.
func tempVars(dir string) []string {
	vars := []string{"GOTMPDIR=" + dir, "TMPDIR=" + dir}
	if runtime.GOOS == "windows" {
		vars = append(vars, "TMP="+dir, "TEMP="+dir)
	}
	return vars
}

// withDefault sets an environment variable that is not set.
func withDefault(env []string, name, value string) []string {
	if lookup(env, name) != "" {
		return env
	}
	return append(env[:len(env):len(env)], name+"="+value)
}

// lookup returns the value of an environment variable: the last one counts.
func lookup(env []string, name string) (value string) {
	for _, kv := range env {
		if v, ok := strings.CutPrefix(kv, name+"="); ok {
			value = v
		}
	}
	return value
}
