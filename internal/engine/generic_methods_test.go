package engine

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// What a check has read in part is not used: neither by the rest of that check,
// where go/types panics on it, nor by others that get the same types.
func TestGenericMethodsInImports(t *testing.T) {
	const module = `
-- go.mod --
module m

go 1.27
-- known/known.go --
package known

import "iter"

type K struct{}

func (K) Do[T any](v T) T { return v }

func Pairs() iter.Seq2[int, int] { return nil }
-- unknown/unknown.go --
package unknown

import "iter"

type U struct{ Pairs iter.Seq2[string, int] }

func (U) Do[T any](v T) T { return v }
-- a/a.go --
package a

import "m/known"

var A = known.K{}.Do(1)
-- b/b.go --
package b
-- b/b_test.go --
package b

func P() {}
-- b/x_test.go --
package b_test

import (
	"m/b"
	"m/unknown"

	"m/known"
)

func B() int {
	b.P()
	for range known.Pairs() {
	}
	return unknown.U{}.Do(1)
}
`
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(module)).Files {
		name := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	e, err := New(Options{CacheDir: "off", Jobs: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	cfg := load.Config{Dir: dir, Tests: true, Env: append(os.Environ(), "GOFLAGS=-buildvcs=false", "GOTOOLCHAIN=go1.27.3")}
	err = e.Run(context.Background(), cfg, []string{"./a", "./b"}, func(p *inline.Package) error {
		for _, e := range p.Errors {
			t.Errorf("%s: %s", p.Path, e.Message)
		}
		for i := range p.Calls {
			c := &p.Calls[i]
			t.Log(p.Path, c.Callee, c.Status)
			if c.Status == inline.StatusUnknown {
				t.Errorf("%s: %s is unknown: %s", p.Path, c.Callee, c.Reason.Message)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
