package session

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/resolve"
	"github.com/inlinelens/inlinelens/internal/typecheck"
)

// remarks compiles a unit while it checks its types. A package with generic
// functions that it does not instantiate is compiled with a probe, which is
// made of the types; the one that the package had last time is good until the
// types are there, and mostly afterwards too.
//
// The probes that it returns are the generic functions that were compiled only
// for the probe. The source is parsed and checked then.
func (s *Session) remarks(ctx context.Context, u *load.Unit, src *typecheck.Source, job gc.Job) (*gc.Output, map[string]resolve.Probed, error) {
	last, known := s.LastProbe(u)
	if !known && !src.MayNeedProbe() {
		known = true
	}
	var out *gc.Output
	if known {
		var g errgroup.Group
		// The compiler takes longest, so it begins first: types that are checked on all
		// cores hold up its start.
		started := make(chan struct{})
		first := job
		first.Started = sync.OnceFunc(func() { close(started) })
		g.Go(func() (err error) {
			defer first.Started() // if it was not
			out, err = s.compileWith(ctx, first, last)
			return err
		})
		g.Go(func() error {
			<-started
			return Guarded(s.Host.Log, u.ID, func() error {
				s.Checker.Check(u, src)
				return nil
			})
		})
		if err := g.Wait(); err != nil {
			return nil, nil, err
		}
		if len(out.Errors) > 0 && last == nil {
			return out, nil, nil
		}
	} else {
		s.Checker.Check(u, src)
	}
	if src.Calls == nil {
		// go/types finds the source broken. The compiler words it, if it agrees.
		if !known || last != nil {
			var err error
			if out, err = s.compileWith(ctx, job, nil); err != nil || len(out.Errors) > 0 {
				return out, nil, err
			}
			known, last = true, nil
		}
		if s.Gone(u) { // for the types, and not yet for the compiler
			return nil, nil, ErrGone
		}
		s.Checker.CheckAnyway(u, src)
	}
	probe, names := src.Calls.Probe()
	if !known || !bytes.Equal(probe, last) {
		var err error
		if out, err = s.compileWith(ctx, job, probe); err != nil {
			return nil, nil, err
		}
		s.keepProbe(u, probe)
	}
	if len(out.Errors) > 0 && probe != nil {
		// They may be the probe's.
		out, err := s.compileWith(ctx, job, nil)
		return out, nil, err
	}
	if probe != nil && src.Calls.Disturbed(out.Remarks) {
		plain, err := s.compileWith(ctx, job, nil)
		if err != nil || len(plain.Errors) > 0 {
			return plain, nil, err
		}
		plain.Remarks = src.Calls.Undisturbed(plain.Remarks, out.Remarks, names)
		return plain, names, nil
	}
	return out, names, nil
}

// compileWith compiles a job with one more file; nil for none.
func (s *Session) compileWith(ctx context.Context, job gc.Job, probe []byte) (*gc.Output, error) {
	if probe == nil {
		return s.Compiler.Compile(ctx, job)
	}
	f, err := s.Host.Temp.Create(resolve.ProbePrefix + "_*.go")
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(probe)
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	job.Files = append(slices.Clone(job.Files), f.Name())
	return s.Compiler.Compile(ctx, job)
}

// LastProbe returns the probe that the unit was compiled with last time, nil for
// none. known is false when no last time is remembered.
func (s *Session) LastProbe(u *load.Unit) (probe []byte, known bool) {
	data, ok := s.Host.Store.Get(s.probeKey(u))
	if !ok || len(data) == 0 {
		return nil, ok
	}
	return data, true
}

func (s *Session) keepProbe(u *load.Unit, probe []byte) {
	if !s.IsUnsaved(u) {
		s.Host.Store.Put(s.probeKey(u), probe)
	}
}

// probeKey is that of a guess: it says whose probe it is, not of which text.
func (s *Session) probeKey(u *load.Unit) Key {
	return sha256.Sum256(fmt.Appendf(nil, "probe %q %q", u.ID, u.Dir))
}
