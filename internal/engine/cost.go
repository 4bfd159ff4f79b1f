package engine

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
)

// PackageCosts is what the functions of one unit cost, taken apart.
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

// costsOf returns the costs of a unit's functions: those that are kept, or by
// having the unit compiled once more.
func costsOf(ctx context.Context, s *session, u *load.Unit) (*PackageCosts, error) {
	k, err := resultOf(ctx, s, inlining, u)
	if wrong, ok := wrongWith(err); ok {
		return &PackageCosts{Package: s.broken(u, wrong.errors)}, nil
	}
	if err != nil {
		return nil, err
	}
	list, err := resultOf(ctx, s, breakdowns, u)
	if wrong, ok := wrongWith(err); ok {
		return &PackageCosts{Package: s.broken(u, wrong.errors)}, nil
	}
	if err != nil {
		return nil, err
	}
	return &PackageCosts{Package: &k.Package, Functions: functionCosts(u, k, list)}, nil
}

// breakdowns is the layer of what the functions of a unit cost, in the order in which
// the compiler found their costs.
type breakdownsLayer struct{}

var breakdowns breakdownsLayer

func (breakdownsLayer) name() string { return "costs" }

// version includes that of the verdicts, which tell what callees cost.
func (breakdownsLayer) version() string                           { return "11 " + inlining.version() }
func (breakdownsLayer) key(s *session, u *load.Unit) (key, error) { return s.key(u) }
func (breakdownsLayer) shared() bool                              { return false }

func (breakdownsLayer) size(list []*cost.Breakdown) int {
	size := len(list)
	for _, b := range list {
		size += len(b.Parts)
	}
	return size
}

func (breakdownsLayer) encode(list []*cost.Breakdown) ([]byte, error) {
	var buf bytes.Buffer
	err := gob.NewEncoder(&buf).Encode(list)
	return buf.Bytes(), err
}

func (breakdownsLayer) decode(data []byte) (list []*cost.Breakdown, err error) {
	return list, gob.NewDecoder(bytes.NewReader(data)).Decode(&list)
}

func (breakdownsLayer) compile(ctx context.Context, s *session, u *load.Unit) ([]*cost.Breakdown, error) {
	if u.Files == nil { // unsafe, builtin
		return nil, nil
	}
	return count(ctx, s, u)
}

// count has the unit compiled with its trees printed.
func count(ctx context.Context, s *session, u *load.Unit) ([]*cost.Breakdown, error) {
	tc := s.compiler.Toolchain
	rules := cost.Rules{Release: tc.Release(), GOARCH: tc.GOARCH, Package: u.LinkPath, Name: u.Name, Heavy: u.HeavyInlining()}
	facts := &costFacts{facts: facts{session: s, ctx: ctx, units: s.unitsByPath(u)}, unit: u, typed: make(chan struct{})}
	collector, err := dumpTrees(ctx, s, u, rules, facts)
	if err != nil {
		return nil, err
	}
	list := collector.Breakdowns(facts)
	if u.Cgo || facts.source.directed {
		list = asWritten(facts.source, list)
	}
	return list, facts.err
}

// dumpTrees reads the unit's trees while it checks its types, which tell how its
// structs are laid out.
func dumpTrees(ctx context.Context, s *session, u *load.Unit, rules cost.Rules, facts *costFacts) (*cost.Collector, error) {
	if err := s.cpu.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer s.cpu.Release(1)
	src, err := s.read(u)
	if err != nil {
		return nil, err
	}
	job, cleanup, err := s.job(u)
	if err != nil {
		return nil, err
	}
	defer cleanup()
	facts.source = src
	shared := s.sharesTypes(u)
	src.world = s.checker.imports.acquire(shared)
	defer func() { s.checker.imports.release(src.world, shared) }()
	// Generic functions without an instance have costs only with a probe. It is
	// made of the types, if it is not the one of the last time.
	probe, known := s.lastProbe(u)
	needed := !known && src.mayNeedProbe()
	var g errgroup.Group
	g.Go(func() error {
		defer close(facts.typed)
		return guarded(s.host.log, u.ID, func() error {
			src.parse()
			s.checker.types(u, src) // what has no type leads nowhere
			facts.layout = newLayout(src)
			if needed {
				probe, _ = s.checker.enumerate(u, src).Probe()
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
func dumpWith(ctx context.Context, s *session, u *load.Unit, job gc.Job, probe []byte, rules cost.Rules, facts *costFacts) (*cost.Collector, error) {
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
	out, err := s.compiler.Dump(ctx, with, remark.TreeRequest{
		Tree:   func(t *remark.Tree) { collector.AddTree(cost.Count(t, rules, facts)) },
		Remark: collector.AddRemark,
	})
	switch {
	case err != nil:
		return nil, err
	case len(out.Errors) > 0 && probe != nil:
		return dumpWith(ctx, s, u, job, nil, rules, facts)
	case out.NumProblems > 0:
		s.host.log.Warn("the compiler's trees were not all understood", zap.String("package", u.Path), zap.Strings("lines", out.Problems))
	}
	return collector, nil
}

func probeFile(s *session, text []byte) (name string, err error) {
	f, err := s.host.temp.Create(resolve.ProbePrefix + "_*.go")
	if err != nil {
		return "", err
	}
	_, err = f.Write(text)
	return f.Name(), errors.Join(err, f.Close())
}

// costFacts answers what cannot be seen in a unit's own trees.
type costFacts struct {
	facts
	unit *load.Unit

	typed  chan struct{} // closed when layout is there
	layout *layout
	source *source

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
