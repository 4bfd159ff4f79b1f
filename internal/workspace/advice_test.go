package workspace

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inlinelens/inlinelens/internal/trial"
)

// function returns a function of a file as the file has it.
func (r *rig) fileFunction(name, function string) *FileFunction {
	r.t.Helper()
	f := r.file(name)
	i := slices.IndexFunc(f.Funcs, func(fn FileFunction) bool { return strings.HasSuffix(fn.Function.Name, "."+function) })
	if i < 0 {
		r.t.Fatalf("%s has no %s", name, function)
	}
	return &f.Funcs[i]
}

func (r *rig) advise(name, function string) (*trial.Advice, error) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	return r.w.Advise(ctx, r.file(name), r.fileFunction(name, function))
}

// TestWorkspaceAdvice holds that advice is on the text that the verdicts are about,
// that it is kept, that work for a text that is no more ends, and that the work goes
// on when who asked for it does not wait any more.
func TestWorkspaceAdvice(t *testing.T) {
	r := newRig(t, adviceModule(t))
	r.open("a.go")
	r.wait()
	soon, cancel := context.WithCancel(context.Background())
	cancel()
	if a, err := r.w.Advise(soon, r.file("a.go"), r.fileFunction("a.go", "At")); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits for it: %+v, %v", a, err)
	}
	a, err := r.advise("a.go", "At")
	if err != nil || len(a.Offers) == 0 || a.Offers[0].Inlined != 2 || string(a.Offers[0].Text) != r.text(r.path("a.go")) {
		t.Fatalf("%+v, %v", a, err)
	}
	if again, err := r.advise("a.go", "At"); again != a || err != nil {
		t.Errorf("it is worked out again: %v", err)
	}
	if a, err := r.advise("a.go", "Small"); err != nil || a.Why != "it can be inlined as it is" {
		t.Errorf("%+v, %v", a, err)
	}
	// Of unsaved text.
	r.w.Edit(r.path("a.go"), []byte(strings.ReplaceAll(r.text(r.path("a.go")), "return list[i]\n", "return list[i] * 2\n")))
	r.wait()
	now, err := r.advise("a.go", "At")
	if err != nil || len(now.Offers) == 0 || now.Offers[0].Cost <= a.Offers[0].Cost || !strings.Contains(string(now.Offers[0].Text), "list[i] * 2") {
		t.Errorf("after an edit: %+v, %v", now, err)
	}
	// Behind the workspace's back.
	r.w.Edit(r.path("a.go"), nil)
	r.wait()
	old, fn := r.file("a.go"), r.fileFunction("a.go", "(*queue).Put")
	r.write("a.go", strings.ReplaceAll(r.text(r.path("a.go")), "item == q.last", `item == ""`))
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	if a, err := r.w.Advise(ctx, old, fn); !errors.Is(err, ErrOutdated) {
		t.Errorf("of a text that is not there any more: %+v, %v", a, err)
	}
}

// TestWorkspaceAdviceClosed holds that closing ends the work.
func TestWorkspaceAdviceClosed(t *testing.T) {
	r := newRig(t, adviceModule(t))
	r.open("a.go")
	r.wait()
	file := r.file("a.go")
	soon, cancel := context.WithCancel(context.Background())
	cancel()
	for _, name := range []string{"At", "(*queue).Put", "Loop", "Straight"} {
		_, _ = r.w.Advise(soon, file, r.fileFunction("a.go", name))
	}
	if err := r.w.Close(); err != nil {
		t.Error(err)
	}
	if _, err := r.w.Advise(context.Background(), file, r.fileFunction("a.go", "Mixed")); !errors.Is(err, errClosed) {
		t.Errorf("after the end: %v", err)
	}
}

// TestWorkspaceAdviceGain holds that each offer comes with its gain in other open
// packages, and that who does not wait for that has the offers without.
func TestWorkspaceAdviceGain(t *testing.T) {
	r := newRig(t, gainModule)
	r.open("a.go", "b/b.go")
	r.wait()
	soon, cancel := context.WithCancel(context.Background())
	cancel()
	file, function := r.file("a.go"), r.fileFunction("a.go", "Each")
	var early *trial.Advice
	for deadline := time.Now().Add(time.Minute); early == nil; time.Sleep(time.Millisecond) {
		a, err := r.w.Advise(soon, file, function)
		if err == nil {
			early = a
		} else if !errors.Is(err, context.Canceled) || time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
	if len(early.Offers) == 0 {
		t.Fatalf("%+v", early)
	}
	a, err := r.advise("a.go", "Each")
	if err != nil || len(a.Offers) != len(early.Offers) {
		t.Fatalf("%+v, %v", a, err)
	}
	for _, o := range a.Offers {
		if o.Elsewhere == nil || *o.Elsewhere != (trial.Gain{Calls: 2, Inlined: 2}) {
			t.Errorf("%s: %+v", o.Kind, o.Elsewhere)
		}
	}
	if a == early {
		t.Log("the gain was known before anybody asked")
	} else if early.Offers[0].Elsewhere != nil {
		t.Error("what was handed out has changed")
	}
}

const gainModule = `
-- go.mod --
module example.com/m

go 1.26
-- a.go --
package m

import "strings"

func Each(list []string) (n int) {
	if len(list) > 3 {
		for _, s := range list {
			n += len(strings.ToUpper(s)) * len(strings.ToLower(s))
		}
	}
	return n
}
-- b/b.go --
package b

import "example.com/m"

func F(list []string) int { return m.Each(list) + m.Each(list[1:]) }
`

// adviceModule has functions that can be helped, and such that cannot.
func adviceModule(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../trial/testdata/advice.txtar")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
