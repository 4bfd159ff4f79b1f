package engine

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/rewrite"
	"github.com/inlinelens/inlinelens/internal/trial"
)

// adviceModule has functions that can be helped, and such that cannot.
func adviceModule(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../trial/testdata/advice.txtar")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// adviseAll returns the advice on all functions of a module, by name, and its directory.
func adviseAll(t *testing.T, archive string) (map[string]*trial.Advice, string) {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(f.Name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	e, err := New(Options{CacheDir: "off"})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	all := make(map[string]*trial.Advice)
	cfg := load.Config{Dir: dir, Env: append(os.Environ(), "GOFLAGS=-buildvcs=false")}
	err = e.Advise(ctx, cfg, []string{"."}, trial.List{
		Wanted: func(*inline.Package, *inline.Function) bool { return true }, Most: 3,
		Emit: func(a *trial.Advice) error {
			all[strings.TrimPrefix(a.Function.Name, "example.com/m.")] = a
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return all, dir
}

// TestAdvise holds that offers are what the compiler says of the changed text, and
// that there is a reason where there are none.
func TestAdvise(t *testing.T) {
	all, dir := adviseAll(t, adviceModule(t))
	for name, want := range map[string]string{
		"(*queue).Put": "slow-path putSlow2, 2 of 2",
		"At":           "cold-path atFail, 2 of 2",
		"use":          "no part of it can move",
		"Small":        "it can be inlined as it is",
		"Loop":         "the part that can move (lines 44–49) runs on the main path: each call of the function would also call the new one",
		"Kept":         "its cost is not the reason: marked go:noinline",
		"Mixed":        "slow-path mixedSlow, 0 of 0",
		"Two":          "one change was compiled: it would still cost 85/80",
		"Pair":         "cold-path pairFail, 0 of 0",
		"Held":         "unwrap-call , 0 of 0",
		"Straight":     "no part of it can move",
		"Checked":      "cold-path checkedFail, 0 of 0",
		"Twice":        "no part of it that can move costs enough: with line 101 (a branch) moved it would still cost 184/80 or more",
		"Same":         "no part of it that can move costs more than a call",
		"Shared":       "no part of it can move; lines 115–119 (the loop) cannot be moved: the address of n is taken, so it cannot be passed as an argument.",
		"Deferred":     "no part that can move has the statement that prevents inlining; line 127: a function with defer is never inlined. Without it, the deferred call must come before each return, and does not run after a panic.",
	} {
		a := all[name]
		if a == nil {
			t.Errorf("%s: no answer", name)
			continue
		}
		got := strings.Join(append([]string{a.Why}, a.Notes...), "; ")
		if len(a.Offers) > 0 {
			o := &a.Offers[0]
			got = fmt.Sprintf("%s %s, %d of %d", o.Kind, o.Name, o.Inlined, a.Calls)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		for _, o := range a.Offers {
			checkOffer(t, dir, a, &o)
		}
	}
}

// TestAdviseNoinline holds that a part that would be inlined back, at more than the
// cost of a call, is kept from that, and only such a part.
func TestAdviseNoinline(t *testing.T) {
	all, _ := adviseAll(t, adviceModule(t))
	for name, want := range map[string]bool{"Mixed": true, "At": false} {
		for _, o := range all[name].Offers {
			now := string(rewrite.Apply(o.Text, o.Edits))
			if got := strings.Contains(now, "//\n//go:noinline\nfunc "+o.Name+"("); got != want {
				t.Errorf("%s: //go:noinline is there: %v, want %v\n%s", name, got, want, now)
			}
		}
	}
}

// TestAdviseReturn holds that a return takes the place of a panic that moves, as long
// as there is room for it: it keeps the compiler from checking the index again.
func TestAdviseReturn(t *testing.T) {
	all, _ := adviseAll(t, adviceModule(t))
	for name, want := range map[string]string{"At": "\n\t\treturn atFail(list, i)\n", "Pair": "\n\t\tpairFail(list, i)\n"} {
		for _, o := range all[name].Offers {
			if now := string(rewrite.Apply(o.Text, o.Edits)); !strings.Contains(now, want) {
				t.Errorf("%s: there is no %q in\n%s", name, want, now)
			}
		}
	}
}

// TestGain holds that packages that import the changed one are compiled with the
// change, and that one that does not compile has no gain.
func TestGain(t *testing.T) {
	all, dir := adviseAll(t, adviceModule(t))
	e, err := New(Options{CacheDir: "off"})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cfg := load.Config{Dir: dir, Env: append(os.Environ(), "GOFLAGS=-buildvcs=false"), Tests: true}
	at := all["At"]
	for pattern, want := range map[string]trial.Gain{"./b": {Calls: 3, Inlined: 2}, "./...": {Calls: 5, Inlined: 4}} {
		if got, err := e.Gain(ctx, cfg, []string{pattern}, at, &at.Offers[0]); err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", pattern, got, err, want)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "b", "b.go"), []byte("package b\n\nvar x int = nil\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if got, err := e.Gain(ctx, cfg, []string{"./b"}, at, &at.Offers[0]); err == nil {
		t.Errorf("of a package that does not compile: %+v", got)
	}
}

// TestGainInModCache holds that there is no gain in packages that the go command does
// not build with the change, since it lets nothing replace a file of the module cache.
func TestGainInModCache(t *testing.T) {
	e, err := New(Options{CacheDir: "off"})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	cfg := load.Config{Env: append(os.Environ(), "GOFLAGS=")}
	found, err := load.Load(t.Context(), cfg, "github.com/google/go-cmp/cmp")
	if err != nil {
		t.Fatal(err)
	}
	o := &trial.Offer{File: found.Roots[0].GoFiles[0]}
	if o.Text, err = os.ReadFile(o.File); err != nil {
		t.Fatal(err)
	}
	a := &trial.Advice{Function: &inline.Function{Name: "github.com/google/go-cmp/cmp.Equal"}}
	if got, err := e.Gain(t.Context(), cfg, []string{"github.com/google/go-cmp/cmp/cmpopts"}, a, o); err == nil || !strings.Contains(err.Error(), "module cache") {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := e.Gain(t.Context(), cfg, []string{"github.com/google/go-cmp/cmp"}, a, o); err != nil {
		t.Error(err)
	}
}

// checkOffer compares an offer with a report on the text with its edits, which is made by
// a compile of the whole package, with all bodies.
func checkOffer(t *testing.T, dir string, a *trial.Advice, o *trial.Offer, env ...string) {
	t.Helper()
	now := rewrite.Apply(o.Text, o.Edits)
	if bytes.Equal(now, o.Text) {
		t.Errorf("%s: the offer changes nothing", a.Function.Name)
	}
	cfg := load.Config{
		Dir: dir, Env: append(append(os.Environ(), "GOFLAGS=-buildvcs=false"), env...),
		Overlay: map[string][]byte{o.File: now},
	}
	e, err := New(Options{CacheDir: adviceCache(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	var packages []*inline.Package
	err = e.Run(t.Context(), cfg, []string{"."}, func(p *inline.Package) error {
		packages = append(packages, p)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, p := range packages {
		for _, f := range p.Functions {
			if f.Name == a.Function.Name {
				found = true
				if !f.Inlinable || f.Cost != o.Cost {
					t.Errorf("%s with %s: inlinable %v, cost %d; promised %d", f.Name, o.Kind, f.Inlinable, f.Cost, o.Cost)
				}
			}
		}
		inlined := 0
		for _, c := range p.Calls {
			if c.Callee == a.Function.Name && c.Status == inline.StatusInlined {
				inlined++
			}
		}
		if inlined != o.Inlined {
			t.Errorf("%s with %s: inlined at %d calls, promised %d", a.Function.Name, o.Kind, inlined, o.Inlined)
		}
	}
	if !found {
		t.Errorf("%s is gone", a.Function.Name)
	}
}

// adviceCache is a cache for all that one test compiles.
func adviceCache(t *testing.T) string {
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("inlinelens-advice-test-%d", os.Getpid()))
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}
