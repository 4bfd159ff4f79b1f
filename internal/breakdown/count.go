// Package breakdown is the layer of costs: what the functions of a unit cost, taken
// apart. It has units compiled for it, a whole one or one function of it, and joins what
// internal/cost counts with what the verdicts name.
//
// It keeps nothing but through its session.
package breakdown

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"os"
	"slices"
	"sync"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/remark"
	"github.com/inlinelens/inlinelens/internal/resolve"
	"github.com/inlinelens/inlinelens/internal/session"
	"github.com/inlinelens/inlinelens/internal/typecheck"
)

// PackageCosts has the costs of one unit's functions, by part.
type PackageCosts struct {
	// Package has the unit's functions, its errors, and no calls.
	Package *inline.Package
	// Functions are in the order in which the compiler found their costs.
	Functions []FunctionCosts
}

// FunctionCosts is what one function, or one instance of a generic function,
// costs.
type FunctionCosts struct {
	*cost.Breakdown
	// Function is the one of the Package; nil for an instance of a function that
	// another package declares, and for what the compiler made itself.
	Function *inline.Function
}

// Of returns the costs of a unit's functions: those that are kept, or by
// having the unit compiled once more.
func Of(ctx context.Context, s *session.Session, u *load.Unit) (*PackageCosts, error) {
	k, err := session.Result(ctx, s, session.Inlining, u)
	if wrong, ok := session.WrongWith(err); ok {
		return &PackageCosts{Package: s.Broken(u, wrong.Errors)}, nil
	}
	if err != nil {
		return nil, err
	}
	list, err := session.Result(ctx, s, Layer, u)
	if wrong, ok := session.WrongWith(err); ok {
		return &PackageCosts{Package: s.Broken(u, wrong.Errors)}, nil
	}
	if err != nil {
		return nil, err
	}
	return &PackageCosts{Package: &k.Package, Functions: Join(u, k, list)}, nil
}

// Layer is the layer of what the functions of a unit cost, in the order in which
// the compiler found their costs.
var Layer layer

type layer struct{}

func (layer) Name() string { return "costs" }

// Version includes that of the verdicts, which tell what callees cost.
func (layer) Version() string                                           { return "12 " + session.Inlining.Version() }
func (layer) Key(s *session.Session, u *load.Unit) (session.Key, error) { return s.Key(u) }
func (layer) Shared() bool                                              { return false }

func (layer) Size(list []*cost.Breakdown) int {
	size := len(list)
	for _, b := range list {
		size += len(b.Parts)
	}
	return size
}

func (layer) Encode(list []*cost.Breakdown) ([]byte, error) {
	var buf bytes.Buffer
	err := gob.NewEncoder(&buf).Encode(list)
	return buf.Bytes(), err
}

func (layer) Decode(data []byte) (list []*cost.Breakdown, err error) {
	return list, gob.NewDecoder(bytes.NewReader(data)).Decode(&list)
}

func (layer) Compile(ctx context.Context, s *session.Session, u *load.Unit) ([]*cost.Breakdown, error) {
	if u.Files == nil { // unsafe, builtin
		return nil, nil
	}
	return count(ctx, s, u)
}

// count has the unit compiled with its trees printed.
func count(ctx context.Context, s *session.Session, u *load.Unit) ([]*cost.Breakdown, error) {
	tc := s.Compiler.Toolchain
	rules := cost.Rules{Release: tc.Release(), GOARCH: tc.GOARCH, Package: u.LinkPath, Name: u.Name, Heavy: u.HeavyInlining()}
	facts := &costFacts{Facts: session.Facts{Session: s, Ctx: ctx, Units: s.UnitsByPath(u)}, unit: u, typed: make(chan struct{})}
	collector, err := dumpTrees(ctx, s, u, rules, facts)
	if err != nil {
		return nil, err
	}
	list := collector.Breakdowns(facts)
	if u.Cgo || facts.source.Directed {
		list = asWritten(facts.source, list)
	}
	return list, facts.Err
}

// dumpTrees reads the unit's trees while it checks its types, which tell how its
// structs are laid out.
func dumpTrees(ctx context.Context, s *session.Session, u *load.Unit, rules cost.Rules, facts *costFacts) (*cost.Collector, error) {
	if err := s.CPU.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer s.CPU.Release(1)
	src, err := s.Read(u)
	if err != nil {
		return nil, err
	}
	job, cleanup, err := s.Job(u)
	if err != nil {
		return nil, err
	}
	defer cleanup()
	facts.source = src
	shared := s.SharesTypes(u)
	src.Packages = s.Checker.Imports.Acquire(shared)
	defer func() { s.Checker.Imports.Release(src.Packages, shared) }()
	// Generic functions without an instance have costs only with a probe. It is
	// made of the types, if it is not the one of the last time.
	probe, known := s.LastProbe(u)
	needed := !known && src.MayNeedProbe()
	var g errgroup.Group
	g.Go(func() error {
		defer close(facts.typed)
		return session.Guarded(s.Host.Log, u.ID, func() error {
			src.Parse()
			s.Checker.Types(u, src) // what has no type leads nowhere
			facts.layout = newLayout(src)
			if needed {
				probe, _ = s.Checker.Enumerate(u, src).Probe()
			}
			return nil
		})
	})
	if needed {
		<-facts.typed
	}
	var collector *cost.Collector
	g.Go(func() (err error) {
		collector, err = dumpWith(ctx, s, u, job, probe, rules, facts)
		return err
	})
	return collector, g.Wait()
}

// dumpWith reads the trees of a job with one more file; nil for none. If the
// compiler finds fault with that, it is left out.
func dumpWith(ctx context.Context, s *session.Session, u *load.Unit, job gc.Job, probe []byte, rules cost.Rules, facts *costFacts) (*cost.Collector, error) {
	with := job
	if probe != nil {
		name, err := probeFile(s, probe)
		if err != nil {
			return nil, err
		}
		defer os.Remove(name)
		with.Files = append(slices.Clone(job.Files), name)
	}
	collector := cost.NewCollector(rules)
	out, err := s.Compiler.Dump(ctx, with, remark.TreeRequest{
		Tree:   func(t *remark.Tree) { collector.AddTree(cost.Count(t, rules, facts)) },
		Remark: collector.AddRemark,
	})
	switch {
	case err != nil:
		return nil, err
	case len(out.Errors) > 0 && probe != nil:
		return dumpWith(ctx, s, u, job, nil, rules, facts)
	case out.NumProblems > 0:
		s.Host.Log.Warn("the compiler's trees were not all understood", zap.String("package", u.Path), zap.Strings("lines", out.Problems))
	}
	return collector, nil
}

func probeFile(s *session.Session, text []byte) (name string, err error) {
	f, err := s.Host.Temp.Create(resolve.ProbePrefix + "_*.go")
	if err != nil {
		return "", err
	}
	_, err = f.Write(text)
	return f.Name(), errors.Join(err, f.Close())
}

// costFacts answers what cannot be seen in a unit's own trees.
type costFacts struct {
	session.Facts
	unit *load.Unit

	typed  chan struct{} // closed when layout is there
	layout *layout
	source *typecheck.Source

	once   sync.Once
	byName map[string][]*load.Unit
	byDir  map[string]*load.Unit
}

func (f *costFacts) index() {
	f.once.Do(func() {
		f.byName, f.byDir = make(map[string][]*load.Unit), make(map[string]*load.Unit)
		for _, u := range append([]*load.Unit{f.unit}, f.unit.Closure()...) {
			f.byName[u.Name] = append(f.byName[u.Name], u)
			f.byDir[u.Dir] = u
		}
	})
}

// named returns the packages of a name that the unit is built of.
func (f *costFacts) named(name string) []*load.Unit {
	if name == "" {
		return []*load.Unit{f.unit}
	}
	f.index()
	return f.byName[name]
}
