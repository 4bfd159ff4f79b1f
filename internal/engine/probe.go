package engine

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
)

// remarks compiles a unit while it checks its types. A package with generic
// functions that it does not instantiate is compiled with a probe, which is
// made of the types; the one that the package had last time is good until the
// types are there, and mostly afterwards too.
//
// The probes that it returns are the generic functions that were compiled only
// for the probe. The source is parsed and checked then.
func (s *session) remarks(ctx context.Context, u *load.Unit, src *source, job gc.Job) (*gc.Output, map[string]resolve.Probed, error) {
	last, known := s.lastProbe(u)
	if !known && !src.mayNeedProbe() {
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
			return guarded(s.host.log, u.ID, func() error {
				s.checker.check(u, src)
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
		s.checker.check(u, src)
	}
	if src.calls == nil {
		// go/types finds the source broken. The compiler words it, if it agrees.
		if !known || last != nil {
			var err error
			if out, err = s.compileWith(ctx, job, nil); err != nil || len(out.Errors) > 0 {
				return out, nil, err
			}
			known, last = true, nil
		}
		if s.gone(u) { // for the types, and not yet for the compiler
			return nil, nil, errGone
		}
		s.checker.checkAnyway(u, src)
	}
	probe, names := src.calls.Probe()
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
	if probe != nil && src.calls.Disturbed(out.Remarks) {
		plain, err := s.compileWith(ctx, job, nil)
		if err != nil || len(plain.Errors) > 0 {
			return plain, nil, err
		}
		plain.Remarks = src.calls.Undisturbed(plain.Remarks, out.Remarks, names)
		return plain, names, nil
	}
	return out, names, nil
}

// compileWith compiles a job with one more file; nil for none.
func (s *session) compileWith(ctx context.Context, job gc.Job, probe []byte) (*gc.Output, error) {
	if probe == nil {
		return s.compiler.Compile(ctx, job)
	}
	f, err := s.host.temp.Create(resolve.ProbePrefix + "_*.go")
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(probe)
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	job.Files = append(slices.Clone(job.Files), f.Name())
	return s.compiler.Compile(ctx, job)
}

// lastProbe returns the probe that the unit was compiled with last time, nil for
// none. known is false when no last time is remembered.
func (s *session) lastProbe(u *load.Unit) (probe []byte, known bool) {
	data, ok := s.host.store.get(s.probeKey(u))
	if !ok || len(data) == 0 {
		return nil, ok
	}
	return data, true
}

func (s *session) keepProbe(u *load.Unit, probe []byte) {
	if !s.isUnsaved(u) {
		s.host.store.put(s.probeKey(u), probe)
	}
}

// probeKey is that of a guess: it says whose probe it is, not of which text.
func (s *session) probeKey(u *load.Unit) key {
	return sha256.Sum256(fmt.Appendf(nil, "probe %q %q", u.ID, u.Dir))
}
