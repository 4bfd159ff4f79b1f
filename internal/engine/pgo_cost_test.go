package engine

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// likelyProgram has calls of which a profile tells the callee: "edge:" names it.
const likelyProgram = `package p

import "p/dep"

type shape interface {
	area(int) int
	two(a, b int) (int, string)
	none()
	many(...int) (n int)
	pair() struct{ a, b int }
}

type square struct{ s int }

func (q *square) area(n int) int             { return n * q.s }
func (q *square) two(a, b int) (int, string) { return a, "" }
func (q *square) none()                      { sink++ }
func (q *square) many(list ...int) (n int)   { return len(list) }
func (q *square) pair() struct{ a, b int }   { return struct{ a, b int }{} }

type flat int

func (f flat) area(n int) int             { return n }
func (f flat) two(a, b int) (int, string) { return b, "" }
func (f flat) none()                      {}
func (f flat) many(list ...int) (n int)   { return len(list) }
func (f flat) pair() struct{ a, b int }   { return struct{ a, b int }{} }

var (
	sink  int
	fn    func(int) int = plain
	table               = map[string]func(int) int{"x": plain}
)

type holder struct {
	s  shape
	fn func(int) int
	d  dep.Doer
}

func plain(x int) int { return x + 1 }
func get() shape      { return &square{1} }

func one(s shape) int {
	return s.area(2) // edge: p.(*square).area
}

func two(s shape) string {
	a, b := s.two(3, 4) // edge: p.(*square).two
	sink += a
	return b
}

func none() {
	get().none() // edge: p.(*square).none
}

func flatly(s shape) int {
	return s.area(5) // edge: p.flat.area
}

func viaFunc(f func(int) int) int {
	return f(6) // edge: p.plain
}

func viaGlobal() int {
	return fn(7) // edge: p.plain
}

func viaMap(key string) int {
	return table[key](7) // edge: p.plain
}

func viaField(h *holder) int {
	return h.s.area(plain(8)) // edge: p.(*square).area
}

func viaFuncField(h *holder) int {
	return h.fn(9) // edge: p.plain
}

func viaSlice(list []shape, i int) int {
	return list[i+1].area(9) // edge: p.(*square).area
}

func many(s shape) int {
	return s.many(1, 2, 3) // edge: p.(*square).many
}

func foreign(h holder) int {
	return h.d.Do(1) // edge: p/dep.(*Worker).Do
}

func literal(s shape) func() int {
	return func() int {
		return s.area(1)
	}
}

func loop(list []shape) (sum int) {
	for _, s := range list {
		if s != nil && s.area(1) > 2 { // edge: p.(*square).area
			sum += s.area(sum)
		}
	}
	return sum
}

func untouched(s shape, f func(int) int) int {
	defer s.none()
	return s.area(1) + f(2)
}
`

const likelyDep = `package dep

type Doer interface{ Do(int) int }

type Worker struct{ n int }

func (w *Worker) Do(n int) int { return w.n + n }
`

// edgeProfile is a CPU profile with a sample for each mark "edge: CALLEE" in a Go
// file: of the function around the line, which calls CALLEE there.
func edgeProfile(t *testing.T, pkg, source string) []byte {
	t.Helper()
	decl := regexp.MustCompile(`^func (?:\(\w+ (\*?)(\w+)\) )?(\w+)\(`)
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"},
		Period:     1,
	}
	location := func(name string, start, line int) *profile.Location {
		f := &profile.Function{ID: uint64(len(p.Function) + 1), Name: name, SystemName: name, Filename: "p.go", StartLine: int64(start)}
		p.Function = append(p.Function, f)
		l := &profile.Location{ID: f.ID, Address: f.ID, Line: []profile.Line{{Function: f, Line: int64(line)}}}
		p.Location = append(p.Location, l)
		return l
	}
	var caller string
	var start, marks int
	for i, line := range strings.Split(source, "\n") {
		if m := decl.FindStringSubmatch(line); m != nil {
			caller, start = pkg+"."+m[3], i+1
			switch {
			case m[1] != "":
				caller = pkg + ".(*" + m[2] + ")." + m[3]
			case m[2] != "":
				caller = pkg + "." + m[2] + "." + m[3]
			}
		}
		if _, callee, ok := strings.Cut(line, "// edge: "); ok {
			marks++
			callee, _, _ = strings.Cut(callee, " // ")
			p.Sample = append(p.Sample, &profile.Sample{
				Location: []*profile.Location{location(callee, 1, 1), location(caller, start, i+1)}, Value: []int64{100, 100},
			})
		}
	}
	if marks == 0 {
		t.Fatal("the source marks no edge")
	}
	var buf bytes.Buffer
	if err := p.Write(&buf); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// Where a profile tells the likely callee of a dynamic call, the compiler counts
// the cost of the test for it, and of both calls.
func TestCostsOfLikelyCallees(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string][]byte{
		"go.mod":     []byte("module p\n\ngo 1.22\n"),
		"p.go":       []byte(likelyProgram),
		"dep/dep.go": []byte(likelyDep),
		"p.pprof":    edgeProfile(t, "p", likelyProgram),
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, release := range []string{"go1.22.12", "go1.23.12", "go1.24.11", "go1.25.4", "local", "go1.27.3"} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			e, err := New(Options{CacheDir: "off"})
			if err != nil {
				t.Fatal(err)
			}
			defer e.Close()
			cfg := load.Config{Dir: dir, Env: append(os.Environ(), "GOFLAGS=", "GOTOOLCHAIN="+release), BuildFlags: []string{"-pgo=p.pprof"}}
			tests := 0
			err = e.Costs(context.Background(), cfg, []string{"."}, func(p *breakdown.PackageCosts) error {
				for _, e := range p.Package.Errors {
					t.Errorf("%v: %s", e.Pos, e.Message)
				}
				for _, f := range p.Functions {
					if f.Unexplained != 0 {
						t.Errorf("%s: %d of %d unexplained: %+v", f.Breakdown.Function, f.Unexplained, f.Cost, f.Parts)
					}
					for _, part := range f.Parts {
						if part.What == "likely-test" {
							tests++
						}
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if want := strings.Count(likelyProgram, "// edge: "); (release == "local" || release == "go1.27.3") && tests < want {
				t.Errorf("%d tests for likely callees, want at least %d", tests, want)
			}
		})
	}
}

const nestedProgram = `package p

//go:noinline
func keep(n int) {}

func dear(n int) int {
	keep(n)
	keep(n + 1)
	return n
}

func middle(n int) int {
	return dear(n) // edge: p.dear
}

func outer(n int) int {
	return middle(n) // edge: p.middle
}
`

// A call that a profile makes hot in its own function is a plain call where that
// function is inlined: the profile says nothing of it there.
func TestColdBelowHot(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string][]byte{
		"go.mod":  []byte("module p\n\ngo 1.22\n"),
		"p.go":    []byte(nestedProgram),
		"p.pprof": edgeProfile(t, "p", nestedProgram),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, release := range []string{"go1.22.12", "local", "go1.27.3"} {
		cfg := load.Config{Dir: dir, Env: append(os.Environ(), "GOFLAGS=", "GOTOOLCHAIN="+release), BuildFlags: []string{"-pgo=p.pprof"}}
		seen := false
		for _, c := range run(t, cfg, ".")[0].Calls {
			if c.Callee != "p.middle" {
				continue
			}
			seen = true
			if c.Status != inline.StatusInlined || len(c.Inlines) != 1 {
				t.Errorf("%s: %+v", release, c)
				continue
			}
			in := c.Inlines[0]
			if in.Status != inline.StatusNotInlined || in.Reason.Code != inline.CodeTooExpensive || in.Cost <= 80 || in.Budget != 80 {
				t.Errorf("%s: below the hot call: %+v, %+v", release, in, in.Reason)
			}
		}
		if !seen {
			t.Errorf("%s: no call of middle", release)
		}
	}
}
