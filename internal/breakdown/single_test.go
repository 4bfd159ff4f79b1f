package breakdown

import (
	"go/ast"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/prove"
	"github.com/inlinelens/inlinelens/internal/session"
	"github.com/inlinelens/inlinelens/internal/typecheck"
)

// TestSingle counts functions with all other bodies of their package taken out,
// and holds what comes of it against the costs of the whole package.
func TestSingle(t *testing.T) {
	dir := t.TempDir()
	h, err := session.NewHost(session.HostOptions{CacheDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	cfg := load.Config{Dir: t.TempDir()}
	for _, path := range prove.Or([]string{"text/tabwriter", "sync"}, []string{"strings", "text/tabwriter", "sync", "regexp/syntax"}) {
		l, err := session.Begin(t.Context(), h, cfg, []string{path})
		if err != nil {
			t.Fatal(err)
		}
		s, err := l.Session()
		if err != nil {
			t.Fatal(err)
		}
		u := s.Roots[0]
		whole, err := count(t.Context(), s, u)
		if err != nil {
			t.Fatal(err)
		}
		k, err := session.Result(t.Context(), s, session.Inlining, u)
		if err != nil {
			t.Fatal(err)
		}
		byName := make(map[string]*cost.Breakdown)
		for _, c := range Join(u, k, whole) {
			byName[c.Breakdown.Function] = c.Breakdown
		}
		compared := 0
		for i := 0; i < len(k.Package.Functions); i += 7 {
			f := &k.Package.Functions[i]
			a := StartFunction(t.Context(), s, u, func(src *typecheck.Source) *ast.FuncDecl { return DeclarationAt(src, f.Pos) })
			b, err := basisOf(t.Context(), s, u, nil)
			if err != nil {
				t.Fatal(err)
			}
			list, ok, err := a.breakdowns(b)
			a.Stop()
			b.Release()
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				t.Logf("%s: not to be had alone", f.Name)
				continue
			}
			for _, c := range Join(u, k, list) {
				if diff := cmp.Diff(byName[c.Breakdown.Function], c.Breakdown); diff != "" {
					t.Errorf("%s (-whole +alone):\n%s", c.Breakdown.Function, diff)
				}
				compared++
			}
		}
		if functions := len(k.Package.Functions); compared < functions/10 {
			t.Errorf("%s: only %d of %d functions were compared", path, compared, functions)
		}
		s.Close()
		l.End()
	}
}
