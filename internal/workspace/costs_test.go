package workspace

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/inline"
)

const costModule = `
-- go.mod --
module example.com/m

go 1.26
-- a.go --
package m

import (
	"slices"
	"strings"

	"example.com/m/dep"
)

func Over(s string) string {
	if s == "" {
		return strings.ToUpper(s) + strings.ToLower(s)
	}
	return dep.Join(s, s, s)
}

func Sorted(list []int) bool { return slices.IsSorted(list) && slices.Contains(list, 3) }

func Max[T int | float64](x, y T) T {
	if x > y {
		return x
	}
	return y
}

func Both() (int, float64) { return Max(1, 2), Max(1.5, 2) }
-- dep/dep.go --
package dep

import "fmt"

func Join(a, b, c string) string { return fmt.Sprint(a, b) + fmt.Sprint(c) }
`

// costsOf returns the costs of the unit that has a source.
func (r *rig) costs(name, source string) (*breakdown.UnitCosts, error) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	return r.w.Costs(ctx, r.file(name), source)
}

// function returns a function of a file.
func (r *rig) function(name, function string) *inline.Function {
	r.t.Helper()
	f := r.file(name)
	i := slices.IndexFunc(f.Funcs, func(fn FileFunction) bool { return strings.HasSuffix(fn.Function.Name, "."+function) })
	if i < 0 {
		r.t.Fatalf("%s has no %s", name, function)
	}
	return f.Funcs[i].Function
}

// call returns the call of a callee in a file.
func (r *rig) call(name, callee string) *inline.Call {
	r.t.Helper()
	f := r.file(name)
	i := slices.IndexFunc(f.Calls, func(c FileCall) bool { return strings.HasPrefix(c.Call.Callee, callee) })
	if i < 0 {
		r.t.Fatalf("%s has no call of %s", name, callee)
	}
	return f.Calls[i].Call
}

// TestCosts holds that the costs of functions, and of callees wherever they are,
// are those that the verdicts name.
func TestCosts(t *testing.T) {
	r := newRig(t, costModule)
	r.open("a.go")
	r.wait()
	file := r.file("a.go")
	if r.w.KnownCosts(file, file.Name) != nil {
		t.Error("costs are known that nobody has asked for")
	}
	own, err := r.costs("a.go", file.Name)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Over", "Sorted", "Both"} {
		fn := r.function("a.go", name)
		found := own.At(fn.Pos, fn.Name)
		if len(found) != 1 || found[0].Cost != fn.Cost || found[0].Sum() != fn.Cost || fn.Cost == 0 {
			t.Errorf("costs of %s are %+v, which is said to cost %d", name, found, fn.Cost)
		}
	}
	fn := r.function("a.go", "Max")
	if found := own.At(fn.Pos, fn.Name); len(found) != 2 || found[0].Cost != fn.Cost {
		t.Errorf("costs of the instances of Max: %+v", found)
	}
	if again := r.w.KnownCosts(file, file.Name); again != own {
		t.Error("costs are not known that were just counted")
	}
	for _, callee := range []string{"strings.ToUpper", "example.com/m/dep.Join"} {
		c := r.call("a.go", callee)
		costs, err := r.costs("a.go", c.CalleePos.File)
		if err != nil {
			t.Errorf("%s: %v", callee, err)
			continue
		}
		found := costs.At(c.CalleePos, c.Callee)
		if len(found) != 1 || found[0].Cost != c.Cost || c.Cost == 0 || len(found[0].Parts) == 0 {
			t.Errorf("costs of %s are %+v, the call names %d", callee, found, c.Cost)
		}
	}
	// An instance of another package's function is compiled here.
	c := r.call("a.go", "slices.Contains")
	if found := own.At(c.CalleePos, c.Callee); len(found) != 1 || found[0].Cost != c.Cost {
		t.Errorf("costs of %s are %+v, the call names %d", c.Callee, found, c.Cost)
	}
	if _, err := r.costs("a.go", "/nowhere/x.go"); err == nil {
		t.Error("a file has costs that no package has")
	}
	for _, f := range own.Functions {
		for _, p := range f.Parts {
			if p.What == cost.Call && p.Callee == "strings.ToUpper" && p.Cost == 58 {
				return
			}
		}
	}
	t.Error("no part names the call of strings.ToUpper")
}

// TestCostsOfTests holds that files of tests have the costs of their own units.
// TestFunctionCosts has the cost of one function counted, which is what it is among
// those of the whole unit.
func TestFunctionCosts(t *testing.T) {
	r := newRig(t, costModule)
	r.open("a.go")
	r.wait()
	file, over, sorted := r.file("a.go"), r.function("a.go", "Over"), r.function("a.go", "Sorted")
	target := Target{Source: file.Name, Pos: over.Pos}
	if r.w.KnownFunctionCosts(file, target) != nil {
		t.Error("known before it was asked for")
	}
	one, err := r.w.FunctionCosts(t.Context(), file, target)
	if err != nil {
		t.Fatal(err)
	}
	if len(one.At(sorted.Pos, sorted.Name)) != 0 {
		t.Error("another function was counted, too")
	}
	if r.w.KnownFunctionCosts(file, target) != one || r.w.KnownCosts(file, file.Name) != nil {
		t.Error("one function is known, and not the unit")
	}
	whole, err := r.costs("a.go", file.Name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(whole.At(over.Pos, over.Name)[0].Breakdown, one.At(over.Pos, over.Name)[0].Breakdown); diff != "" {
		t.Errorf("among all (-), alone (+):\n%s", diff)
	}
	if r.w.KnownFunctionCosts(file, Target{Source: file.Name, Pos: sorted.Pos}) != whole {
		t.Error("the costs of the unit have those of its functions")
	}
}

func TestCostsOfTests(t *testing.T) {
	r := newRig(t, costModule+`-- a_test.go --
package m

func inside(s string) string { return Over(s) + Over(s) }
-- x_test.go --
package m_test

import "example.com/m"

func outside(s string) string { return m.Over(s) + m.Over(s) }
`)
	r.open("a.go", "a_test.go", "x_test.go")
	r.wait()
	for file, function := range map[string]string{"a_test.go": "inside", "x_test.go": "outside", "a.go": "Over"} {
		costs, err := r.costs(file, r.path(file))
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		fn := r.function(file, function)
		if found := costs.At(fn.Pos, fn.Name); len(found) != 1 || found[0].Cost != fn.Cost || fn.Cost < 100 {
			t.Errorf("costs of %s: %+v, want %d", function, found, fn.Cost)
		}
	}
	c := r.call("x_test.go", "example.com/m.Over")
	costs, err := r.costs("x_test.go", c.CalleePos.File)
	if err != nil {
		t.Fatal(err)
	}
	if found := costs.At(c.CalleePos, c.Callee); len(found) != 1 || found[0].Cost != c.Cost {
		t.Errorf("costs of %s for an external test: %+v, the call names %d", c.Callee, found, c.Cost)
	}
}

// TestCostsFollowText holds that costs go with the text, and that no load is
// needed for them.
func TestCostsFollowText(t *testing.T) {
	r := newRig(t, costModule)
	r.open("a.go")
	r.wait()
	r.counts()
	before := r.file("a.go")
	own, err := r.costs("a.go", before.Name)
	if err != nil {
		t.Fatal(err)
	}
	if loads, compiles := r.counts(); loads+compiles != 0 {
		t.Errorf("%d loads and %d compiles for costs", loads, compiles)
	}
	// Behind the workspace's back.
	r.write("a.go", strings.ReplaceAll(r.text(before.Name), `s == ""`, `s == "" || s == "x"`))
	r.w.costs.prune(func(costKey) (bool, bool) { return false, false })
	if _, err := r.costs("a.go", before.Name); !errors.Is(err, ErrOutdated) {
		t.Errorf("costs of a text that is not there any more: %v", err)
	}
	r.w.Changed(before.Name)
	r.wait()
	if r.w.KnownCosts(r.file("a.go"), before.Name) != nil {
		t.Error("costs of another text")
	}
	now, err := r.costs("a.go", before.Name)
	if err != nil {
		t.Fatal(err)
	}
	fn, was := r.function("a.go", "Over"), own.Functions
	if found := now.At(fn.Pos, fn.Name); len(found) != 1 || found[0].Cost != fn.Cost {
		t.Errorf("costs after an edit: %+v, want %d", found, fn.Cost)
	}
	if i := slices.IndexFunc(was, func(f breakdown.FunctionCosts) bool { return f.Breakdown.Function == "Over" }); i < 0 || was[i].Cost >= fn.Cost {
		t.Error("an edit that adds to a function's cost did not")
	}
	// Unsaved text.
	r.w.Edit(before.Name, []byte("package m\n\nfunc Unsaved(f func()) { f(); f() }\n"))
	r.wait()
	fn = r.function("a.go", "Unsaved")
	if now, err = r.costs("a.go", before.Name); err != nil {
		t.Fatal(err)
	}
	if found := now.At(fn.Pos, fn.Name); len(found) != 1 || found[0].Cost != fn.Cost {
		t.Errorf("costs of unsaved text: %+v, want %d", found, fn.Cost)
	}
	r.w.Edit(before.Name, []byte("package m\n\nfunc Unsaved() { return 1 }\n"))
	r.wait()
	if _, err = r.costs("a.go", before.Name); err == nil || !strings.Contains(err.Error(), "too many return values") {
		t.Errorf("costs of what does not compile: %v", err)
	}
}

// TestCostsEndWithText holds that a count ends when its text is saved again, when its
// file is closed, when the options change, and with the workspace.
func TestCostsEndWithText(t *testing.T) {
	r := newRig(t, costModule)
	for _, test := range []struct {
		what string
		do   func()
		want error
	}{
		{"a save", func() { r.replace("a.go", "return dep.Join(s, s, s)", "return dep.Join(s, s, s+s)") }, ErrOutdated},
		{"a close", func() { r.w.Forget(r.path("a.go")) }, ErrOutdated},
		{"options", func() { r.w.Configure(r.options) }, ErrOutdated},
		{"the end", func() { go r.w.Close() }, errClosed},
	} {
		r.open("a.go")
		r.wait()
		f := r.file("a.go")
		cpu := f.result.cpu
		if err := cpu.Acquire(context.Background(), 2); err != nil { // so that it cannot get far
			t.Fatal(err)
		}
		ended := make(chan error)
		go func() {
			_, err := r.w.Costs(context.Background(), f, f.Name)
			ended <- err
		}()
		for r.w.costs.empty() {
			time.Sleep(time.Millisecond)
		}
		test.do()
		if err := <-ended; !errors.Is(err, test.want) {
			t.Errorf("after %s: %v, want %v", test.what, err, test.want)
		}
		cpu.Release(2)
	}
}

// TestCostsAreShared holds that many who ask for the same have one count, that it
// ends when the last of them has gone, and with the workspace.
func TestCostsAreShared(t *testing.T) {
	var table costTable
	result := &result{loaded: &loaded{}}
	k := costKey{result: result}
	counts, begun, ended := 0, make(chan struct{}, 8), make(chan error, 8)
	count := func(ctx context.Context) (*breakdown.UnitCosts, error) {
		counts++
		begun <- struct{}{}
		<-ctx.Done()
		ended <- context.Cause(ctx)
		return nil, ctx.Err()
	}
	ctx, cancel := context.WithCancel(context.Background())
	var asking sync.WaitGroup
	for range 5 {
		asking.Go(func() {
			if _, err := table.get(ctx, k, count); !errors.Is(err, context.Canceled) {
				t.Errorf("who gave up gets %v", err)
			}
		})
	}
	<-begun
	for waiting := 0; waiting < 5; runtime.Gosched() {
		table.mu.Lock()
		waiting = table.entries[0].waiting
		table.mu.Unlock()
	}
	if table.known(k) != nil {
		t.Error("known before it is counted")
	}
	cancel()
	asking.Wait()
	if err := <-ended; !errors.Is(err, context.Canceled) || counts != 1 {
		t.Errorf("%d counts, ended by %v", counts, err)
	}

	ask := func(want error) {
		asking.Go(func() {
			if _, err := table.get(context.Background(), k, count); !errors.Is(err, want) {
				t.Errorf("an asker gets %v, want %v", err, want)
			}
		})
	}
	ask(ErrOutdated)
	<-begun
	table.prune(func(costKey) (live, moved bool) { return true, true })
	asking.Wait()
	if !table.empty() {
		t.Error("a count that was stopped is kept")
	}
	ask(errClosed)
	<-begun
	table.stopAll()
	asking.Wait()
	ask(errClosed)
	asking.Wait()
}

// TestCostsKept holds that a few units' costs are kept: those that were asked for
// last.
func TestCostsKept(t *testing.T) {
	var table costTable
	defer table.stopAll()
	var keys []costKey
	const size = partsKept / 4
	for range 6 {
		keys = append(keys, costKey{result: &result{loaded: &loaded{}}})
		if _, err := table.get(context.Background(), keys[len(keys)-1], func(context.Context) (*breakdown.UnitCosts, error) { return &breakdown.UnitCosts{Parts: size}, nil }); err != nil {
			t.Fatal(err)
		}
		table.known(keys[0])
	}
	var kept []int
	for i, k := range keys {
		if table.known(k) != nil {
			kept = append(kept, i)
		}
	}
	if want := []int{0, 3, 4, 5}; !slices.Equal(kept, want) {
		t.Errorf("kept are %v, want %v", kept, want)
	}
	large := costKey{result: &result{loaded: &loaded{}}}
	if _, err := table.get(context.Background(), large, func(context.Context) (*breakdown.UnitCosts, error) {
		return &breakdown.UnitCosts{Parts: 2 * partsKept}, nil
	}); err != nil || table.known(large) == nil || table.known(keys[5]) != nil {
		t.Errorf("one that is too large does not stay alone: %v", err)
	}
	failed := errors.New("failed")
	k := costKey{result: &result{loaded: &loaded{}}}
	for range 2 { // the second does not count
		if _, err := table.get(context.Background(), k, func(context.Context) (*breakdown.UnitCosts, error) { err := failed; failed = nil; return nil, err }); err == nil {
			t.Error("a failure is forgotten")
		}
	}
}
