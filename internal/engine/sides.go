package engine

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/session"
)

// A Side is a build of packages that is compared with another one.
type Side struct {
	Name     string                       // for people
	NameOf   func(*inline.Package) string // finds the name, where there is none; may be nil
	Config   load.Config
	Patterns []string
	// Checkout is the directory that stands for Root, if the files are not those of the
	// working tree. What is said of them names those below Root.
	Checkout, Root string
	// Packages are set by Compare. The calls in inlined bodies are left out.
	Packages []*inline.Package
}

// Compare compares two builds, and finds the causes of what is worse in the second. kind
// is the cause where the source of a function is the same in both: "" if they are builds of
// other sources. Errors are those of Run.
func (e *Engine) Compare(ctx context.Context, before, after *Side, kind compare.CauseKind) (*compare.Judgment, error) {
	sides := []*Side{before, after}
	packages := make([][]*inline.Package, len(sides))
	progress := newJoinedProgress(e, len(sides))
	g, gctx := errgroup.WithContext(ctx)
	for i, s := range sides {
		g.Go(func() error {
			one := &Engine{host: e.host, onChange: func(p Progress) { progress.set(i, p) }}
			err := one.Run(gctx, s.Config, s.Patterns, func(p *inline.Package) error {
				packages[i] = append(packages[i], s.asWritten(p))
				return nil
			})
			if err != nil && gctx.Err() == nil && s.Name != "" {
				return fmt.Errorf("%s: %w", s.Name, err)
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for i, s := range sides {
		s.Packages = packages[i]
		if s.Name == "" && s.NameOf != nil && len(packages[i]) > 0 {
			s.Name = s.NameOf(packages[i][0])
		}
	}
	read := func(s *Side) func(string) ([]byte, bool) {
		return func(file string) ([]byte, bool) { return e.readSide(s, file) }
	}
	c := compare.Compare(
		compare.Side{Name: before.Name, Packages: packages[0], Read: read(before)},
		compare.Side{Name: after.Name, Packages: packages[1], Read: read(after)},
	)
	finders := []*finder{{engine: e, side: before}, {engine: e, side: after}}
	defer func() {
		for _, f := range finders {
			f.close()
		}
	}()
	e.progress(Progress{Stage: "finding causes"})
	return c.Judge(kind, func(isAfter bool, from compare.Unit, name string) (*compare.Known, error) {
		if isAfter {
			return finders[1].function(ctx, from, name)
		}
		return finders[0].function(ctx, from, name)
	})
}

// readSide reads a source of a side.
func (e *Engine) readSide(s *Side, file string) ([]byte, bool) {
	file = moved(file, s.Root, s.Checkout)
	if text, ok := s.Config.Overlay[file]; ok {
		return text, text != nil
	}
	text, err := e.ReadSource(file)
	return text, err == nil
}

// moved is a file name with one directory in the place of another; both may be "".
func moved(file, from, to string) string {
	if from == "" || to == "" {
		return file
	}
	if rest, ok := strings.CutPrefix(file, from+string(filepath.Separator)); ok {
		return filepath.Join(to, rest)
	}
	return file
}

// asWritten returns a package without what inlined bodies call, and with the files of the
// working tree.
func (s *Side) asWritten(p *inline.Package) *inline.Package {
	q := *p
	q.Calls = slices.Clone(p.Calls)
	q.Functions = slices.Clone(p.Functions)
	q.Errors = slices.Clone(p.Errors)
	for i := range q.Errors {
		s.move(&q.Errors[i].Pos)
		if s.Checkout != "" {
			q.Errors[i].Message = strings.ReplaceAll(q.Errors[i].Message, s.Checkout, s.Root)
		}
	}
	for i := range q.Functions {
		s.function(&q.Functions[i])
	}
	for i := range q.Calls {
		c := &q.Calls[i]
		c.Inlines = nil
		s.move(&c.Pos)
		s.move(&c.CalleePos)
		s.reason(&c.Reason)
		for j := range c.Instances {
			s.reason(&c.Instances[j].Reason)
		}
	}
	return &q
}

func (s *Side) function(f *inline.Function) {
	s.move(&f.Pos)
	s.move(&f.End)
	s.reason(&f.Reason)
	for j := range f.Instances {
		s.reason(&f.Instances[j].Reason)
	}
}

func (s *Side) move(p *inline.Position) { p.File = moved(p.File, s.Checkout, s.Root) }

func (s *Side) reason(r **inline.Reason) {
	if s.Checkout == "" || *r == nil {
		return
	}
	moved := **r
	s.move(&moved.At)
	*r = &moved
}

// A finder finds functions of a side, once it is asked.
type finder struct {
	engine  *Engine
	side    *Side
	loading *session.Loading
	session *session.Session
}

func (f *finder) open(ctx context.Context) (err error) {
	if f.session != nil {
		return nil
	}
	if f.loading == nil {
		if f.loading, err = session.Begin(ctx, f.engine.host, f.side.Config, f.side.Patterns); err != nil {
			return err
		}
	}
	f.session, err = f.loading.Session()
	return err
}

func (f *finder) close() {
	if f.session != nil {
		f.session.Close()
	}
	if f.loading != nil {
		f.loading.End()
	}
}

// function finds a function by the link name under which code in a unit knows it.
func (f *finder) function(ctx context.Context, from compare.Unit, name string) (*compare.Known, error) {
	if err := f.open(ctx); err != nil {
		return nil, err
	}
	s := f.session
	u, local := f.find(from, linkname.Generic(name))
	if u == nil {
		return nil, nil
	}
	f.engine.progress(Progress{Stage: "finding causes", Package: u.Path})
	k, err := session.Result(ctx, s, session.Inlining, u)
	if _, wrong := session.WrongWith(err); wrong {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	found := k.Function(local)
	if found == nil {
		return nil, nil
	}
	known := &compare.Known{Unit: compare.Unit{Path: u.Path, Variant: u.Variant}}
	list, err := breakdown.OfFunction(ctx, s, u, found, nil, nil)
	if _, wrong := session.WrongWith(err); err != nil && !wrong {
		return nil, err
	}
	for _, c := range breakdown.Join(u, k, list) {
		if c.Function == found {
			known.Breakdowns = append(known.Breakdowns, f.side.breakdown(c.Breakdown))
		}
	}
	fn := *found
	fn.Instances = slices.Clone(found.Instances)
	f.side.function(&fn)
	known.Function = &fn
	return known, nil
}

// breakdown returns a cost with the files of the working tree.
func (s *Side) breakdown(b *cost.Breakdown) *cost.Breakdown {
	if s.Checkout == "" {
		return b
	}
	c := *b
	c.Parts, c.Blockers = slices.Clone(b.Parts), slices.Clone(b.Blockers)
	s.move(&c.Pos)
	for i := range c.Parts {
		s.move(&c.Parts[i].Pos)
		s.move(&c.Parts[i].CalleePos)
	}
	for i := range c.Blockers {
		s.move(&c.Blockers[i].Pos)
	}
	return &c
}

// find returns the unit that has a function, and the name within it.
func (f *finder) find(from compare.Unit, name string) (*load.Unit, string) {
	var home *load.Unit
	for _, u := range f.session.Loaded.Units {
		if u.Path == from.Path && u.Variant == from.Variant && (home == nil || u.Root) {
			home = u
		}
	}
	if home == nil {
		return nil, ""
	}
	if local, ok := strings.CutPrefix(name, home.LinkPath+"."); ok && !strings.Contains(local, "/") {
		return home, local
	}
	units := f.session.UnitsByPath(home)
	// A path may have dots in its last element, and so has a name.
	start := strings.LastIndexByte(name, '/') + 1
	if i := strings.IndexByte(name, '('); i >= 0 { // package paths in the name of a receiver do not occur
		start = strings.LastIndexByte(name[:i], '/') + 1
	}
	var found *load.Unit
	local := ""
	for i := start; i < len(name); i++ {
		if name[i] == '(' {
			break
		}
		if name[i] == '.' && units[name[:i]] != nil {
			found, local = units[name[:i]], name[i+1:]
		}
	}
	return found, local
}

// A joinedProgress makes one progress of those of several sides.
type joinedProgress struct {
	engine *Engine
	mu     sync.Mutex
	sides  []Progress
}

func newJoinedProgress(e *Engine, n int) *joinedProgress {
	return &joinedProgress{engine: e, sides: make([]Progress, n)}
}

func (j *joinedProgress) set(i int, p Progress) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.sides[i] = p
	sum := Progress{Stage: p.Stage, Package: p.Package}
	for _, s := range j.sides {
		sum.Done += s.Done
		sum.Total += s.Total
		if s.Total == 0 && s.Done == 0 { // it is loading still
			sum.Stage = "loading"
		}
	}
	j.engine.progress(sum)
}
