package workspace

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/session"
)

// Where linking has to compile other packages, a unit's own verdicts come first,
// without the calls that those packages decide; where it has not, there is one
// step.
func TestWorkspacePartial(t *testing.T) {
	r := newRig(t, `
-- go.mod --
module m

go 1.26
-- a/a.go --
package a

import (
	"m/b"
	"sync/atomic"
)

var n int32

func A() int { return own() + b.Small() + b.Big() + int(atomic.LoadInt32(&n)) }

func own() int { return 2 }
-- b/b.go --
package b

func Small() int { return small() }

func small() int { return 1 }

//go:noinline
func Big() int { return 3 }
`, func(o *Options) { o.Env = append(o.Env, "GOARCH=amd64") })
	e, err := session.NewHost(session.HostOptions{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	r.w.do(func() { r.w.host = e }) // one that knows nothing yet
	r.open("a/a.go")
	r.wantCalls("a/a.go", "own inlined", "b.Small inlined", "b.Big not-inlined", "atomic.LoadInt32 intrinsic")
	partial := func(s *Snapshot) bool {
		return slices.ContainsFunc(s.Packages, func(p *Current) bool { return p.Partial })
	}
	r.mu.Lock()
	i := slices.IndexFunc(r.published, partial)
	if i < 0 {
		t.Fatal("no snapshot was partial")
	}
	first, last := r.published[i], r.published[len(r.published)-1]
	r.mu.Unlock()
	if first.Packages[0].State != StateCompiling || last.Packages[0].Partial {
		t.Errorf("the partial entry is %s; the last one is partial: %v", first.Packages[0].State, last.Packages[0].Partial)
	}
	var got []string
	for _, c := range first.Files[r.path("a/a.go")].Calls {
		got = append(got, c.Call.Callee+" "+c.Status.String())
		if c.Inlines != nil {
			t.Errorf("what %s calls is named before it can be known", c.Call.Callee)
		}
	}
	if diff := cmp.Diff([]string{"m/a.own inlined", "m/b.Small inlined"}, got); diff != "" {
		t.Errorf("calls of the partial snapshot (-want +got):\n%s", diff)
	}
	r.wantFresh()

	r.mu.Lock()
	r.published = nil
	r.mu.Unlock()
	r.replace("a/a.go", "return 2", "return 4")
	r.wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	if slices.ContainsFunc(r.published, partial) || len(r.published) != 2 {
		t.Errorf("%d snapshots after a save, want two, compiling and fresh, none of them partial", len(r.published))
	}
	for _, f := range last.Files[r.path("a/a.go")].Calls {
		if f.Status == inline.StatusUnknown {
			t.Errorf("%s is unknown", f.Call.Callee)
		}
	}
}
