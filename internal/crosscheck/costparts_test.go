package crosscheck

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/gorelease"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/prove"
)

// A construct is a line of source with what the compiler counts for it.
type construct struct {
	params string // of the function that has the line
	line   string
	want   string // the line's parts: "WHAT COST" or, of several together, "WHAT COST×COUNT"; "" where note says more
	note   string // "impossible OP" where the function cannot be inlined at all
}

// constructs has the kinds of nodes that the compiler counts, each on a line of
// its own. The numbers are those of inl.go: 1 for a node, and what that adds or
// gives back. A name costs 1 wherever it stands, also before the parenthesis of
// a call, and so does a literal.
var constructs = []construct{
	{"", "leaf()", "name 1, inlined-call 3", ""},
	{"", "empty()", "name 1, inlined-call 1", ""},
	{"", "heavy()", "name 1, call 58", ""},
	{"", "stuck()", "name 1, call 58", ""},
	{"t *T", "t.Leaf()", "name 1, inlined-call 3", ""},
	{"t *T", "t.Heavy()", "name 1, call 58", ""},
	{"t T", "t.Val()", "name 1, inlined-call 1", ""},
	{"t *E", "t.Leaf()", "name 1, inlined-call 3", ""}, // &t.T at the beginning of t
	{"t *E", "t.M.Leaf()", "name 1, field 2×2, address 1, inlined-call 3", ""},
	{"i I", "i.Do()", "name 1, field 1, interface-call 58", ""},
	{"f func()", "f()", "name 1, param-call 18", ""},
	{"s struct{ f func() }", "s.f()", "name 1, field 1, call 58", ""},
	{"", "global()", "name 1, call 58", ""},
	{"", "func() { heavy() }()", "closure 16, inlined-call 60", ""},
	{"", "f := func() { print(1) }; f()", "name 3×3, declaration 1, assignment 1, closure 16, inlined-call 3", ""},
	{"", "g := leaf; g()", "name 4×4, declaration 1, assignment 1, inlined-call 3", ""},
	{"x int", "max1(x, 2)", "name 2×2, literal 1, inlined-call 5", ""},
	{"x int", "_ = id(x)", "name 4×4, assignment 1, address 1, inlined-call 3", ""},
	{"x string", "_ = id(x)", "name 4×4, assignment 1, address 1, inlined-call 3", ""},
	{"p *int64", "atomic.AddInt64(p, 1)", "name 2×2, literal 1, intrinsic-call 1", ""},
	{"x uint64", "_ = bits.TrailingZeros64(x)", "name 3×3, assignment 1, intrinsic-call 1", ""},
	{"b []byte", "_ = binary.LittleEndian.Uint64(b)", "name 3×3, assignment 1, cheap-call 1", ""},
	{"", "panic(1)", "literal 1, panic 2", ""},
	{"err error", "panic(err)", "name 1, panic 2", ""},
	{"s []int", "s = append(s, 1)", "name 2×2, literal 1, assignment 1, append 1", ""},
	{"s, r []int", "s = append(s, r...)", "name 3×3, assignment 1, append 1", ""},
	{"", "_ = func() {}", "name 1, assignment 1, closure 16", ""},
	{"x int", "_ = func() int { return x }", "name 1, assignment 1, closure 16", ""},
	{"t *T", "_ = t.Leaf", "name 2×2, assignment 1, method-value 2", ""},
	{"", "_ = (*T).Leaf", "name 1, assignment 1", ""},
	{"", "println(1)", "literal 1, builtin 1", ""},
	{"s []int", "_ = len(s)", "name 2×2, assignment 1, builtin 1", ""},
	{"s []int", "_ = cap(s)", "name 2×2, assignment 1, builtin 1", ""},
	{"s, r []int", "copy(s, r)", "name 2×2, builtin 1", ""},
	{"m map[int]int", "delete(m, 1)", "name 1, literal 1, builtin 1", ""},
	{"m map[int]int", "clear(m)", "name 1, builtin 1", ""},
	{"c chan int", "close(c)", "name 1, builtin 1", ""},
	{"x, y int", "_ = min(x, y)", "name 3×3, assignment 1, builtin 1", ""},
	{"x, y int", "_ = max(x, y)", "name 3×3, assignment 1, builtin 1", ""},
	{"x, y float64", "_ = complex(x, y)", "name 3×3, assignment 1, builtin 1", ""},
	{"c complex128", "_ = real(c)", "name 2×2, assignment 1, builtin 1", ""},
	{"c complex128", "_ = imag(c)", "name 2×2, assignment 1, builtin 1", ""},
	{"n int", "_ = make([]int, n)", "name 2×2, assignment 1, builtin 1", ""},
	{"n int", "_ = make([]int, n, n)", "name 3×3, assignment 1, builtin 1", ""},
	{"", "_ = make(map[int]int)", "name 1, literal 1, assignment 1, builtin 1", ""},
	{"", "_ = make(chan int)", "name 1, literal 1, assignment 1, builtin 1", ""},
	{"", "_ = new(int)", "name 1, assignment 1, builtin 1", ""},
	{"x, y int", "_ = x + y", "name 3×3, assignment 1, operator 1", ""},
	{"x, y int", "_ = x - y", "name 3×3, assignment 1, operator 1", ""},
	{"x, y int", "_ = x * y", "name 3×3, assignment 1, operator 1", ""},
	{"x, y int", "_ = x / y", "name 3×3, assignment 1, operator 1", ""},
	{"x, y int", "_ = x % y", "name 3×3, assignment 1, operator 1", ""},
	{"x, y int", "_ = x & y", "name 3×3, assignment 1, operator 1", ""},
	{"x, y int", "_ = x | y", "name 3×3, assignment 1, operator 1", ""},
	{"x, y int", "_ = x ^ y", "name 3×3, assignment 1, operator 1", ""},
	{"x, y int", "_ = x &^ y", "name 3×3, assignment 1, operator 1", ""},
	{"x, y int", "_ = x << y", "name 3×3, assignment 1, operator 1", ""},
	{"x, y int", "_ = x >> y", "name 3×3, assignment 1, operator 1", ""},
	{"x, y int", "_ = x == y", "name 3×3, assignment 1, operator 1", ""},
	{"x, y int", "_ = x != y", "name 3×3, assignment 1, operator 1", ""},
	{"x, y int", "_ = x < y", "name 3×3, assignment 1, operator 1", ""},
	{"x, y bool", "_ = x && y", "name 3×3, assignment 1, operator 1", ""},
	{"x, y bool", "_ = x || y", "name 3×3, assignment 1, operator 1", ""},
	{"x bool", "_ = !x", "name 2×2, assignment 1, operator 1", ""},
	{"x int", "_ = -x", "name 2×2, assignment 1, operator 1", ""},
	{"x int", "_ = ^x", "name 2×2, assignment 1, operator 1", ""},
	{"x int", "x += 2", "name 1, literal 1, assignment 1", ""},
	{"x int", "x++", "name 1, literal 1, assignment 1", ""},
	{"x, y int", "x, y = y, x", "name 4×4, assignment 1", ""},
	{"x, y int", "x, y = two()", "name 3×3, assignment 1, inlined-call 4", ""},
	{"", "x, y := two(); print(x, y)", "name 7×7, declaration 2×2, assignment 1, inlined-call 4, builtin 1", ""},
	{"m map[int]int", "_, ok := m[1]; print(ok)", "name 5×5, literal 1, declaration 1, assignment 1, index 1, builtin 1", ""},
	{"i any", "_, ok := i.(int); print(ok)", "name 5×5, declaration 1, assignment 1, type-assertion 1, builtin 1", ""},
	{"c chan int", "_, ok := <-c; print(ok)", "name 5×5, declaration 1, assignment 1, channel 1, builtin 1", ""},
	{"", "var x int; print(x)", "name 3×3, declaration 1, assignment 1, builtin 1", ""},
	{"x int", "y := x; print(y)", "name 4×4, declaration 1, assignment 1, builtin 1", ""},
	{"", "const c = 1; print(c)", "literal 1, builtin 1", ""},
	{"p *int", "_ = *p", "name 2×2, assignment 1, dereference 1", ""},
	{"p *int", "*p = 1", "name 1, literal 1, assignment 1, dereference 1", ""},
	{"x float64", "_ = *(*uint64)(unsafe.Pointer(&x))", "name 2×2, assignment 1, address 1", ""},
	{"t *T", "_ = t.a", "name 2×2, assignment 1, field 1", ""},
	{"t T", "_ = t.b", "name 2×2, assignment 1, field 1", ""},
	{"t *T", "_ = &t.a", "name 2×2, assignment 1", ""}, // nothing but t is left
	{"t *T", "_ = &t.b", "name 2×2, assignment 1, field 1, address 1", ""},
	{"t *Z", "_ = &t.v", "name 2×2, assignment 1", ""}, // only an empty field before it
	{"t *struct{ a, b int }", "_ = &t.a", "name 2×2, assignment 1", ""},
	{"t *struct{ a, b int }", "_ = &t.b", "name 2×2, assignment 1, field 1, address 1", ""},
	{"m *sync.Mutex", "_ = m.TryLock", "name 2×2, assignment 1, method-value 2", ""},
	{"s []int, i int", "_ = s[i]", "name 3×3, assignment 1, index 1", ""},
	{"m map[int]int", "_ = m[1]", "name 2×2, literal 1, assignment 1, index 1", ""},
	{"s []int", "_ = s[1:]", "name 2×2, literal 1, assignment 1, slice 1", ""},
	{"s []int", "_ = s[0:]", "name 2×2, assignment 1, slice 1", ""},
	{"s []int", "_ = s[:len(s)]", "name 2×2, assignment 1, slice 1", ""},
	{"s []int", "_ = s[1:2:3]", "name 2×2, literal 3×3, assignment 1, slice 1", ""},
	{"s string", "_ = s[1:]", "name 2×2, literal 1, assignment 1, slice 1", ""},
	{"s *[4]int", "_ = s[1:]", "name 2×2, literal 1, assignment 1, slice 1", ""},
	{"x int", "_ = any(x)", "name 2×2, assignment 1, conversion 1", ""},
	{"x int", "_ = float64(x)", "name 2×2, assignment 1, conversion 1", ""},
	{"x int", "_ = myInt(x)", "name 2×2, assignment 1", ""}, // makes no code
	{"s string", "_ = []byte(s)", "name 2×2, assignment 1, conversion 1", ""},
	{"s []byte", "_ = string(s)", "name 2×2, assignment 1, conversion 1", ""},
	{"s []rune", "_ = string(s)", "name 2×2, assignment 1, conversion 1", ""},
	{"r rune", "_ = string(r)", "name 2×2, assignment 1, conversion 1", ""},
	{"s []int", "_ = [2]int(s)", "name 2×2, assignment 1, conversion 1", ""},
	{"i any", "_ = i.(int)", "name 2×2, assignment 1, type-assertion 1", ""},
	{"i any", "_ = i.(I)", "name 2×2, assignment 1, type-assertion 1", ""},
	{"", "_ = []int{1, 2}", "name 1, literal 2×2, assignment 1, composite-literal 2", ""},
	{"", "_ = [2]int{1, 2}", "name 1, literal 2×2, assignment 1, composite-literal 1", ""},
	{"", "_ = map[int]int{1: 2}", "name 1, literal 2×2, assignment 1, composite-literal 2×2", ""},
	{"", "_ = T{a: 1}", "name 1, literal 1, assignment 1, composite-literal 2×2", ""},
	{"", "_ = &T{a: 1}", "name 1, literal 1, assignment 1, address 1, composite-literal 2×2", ""},
	{"a, b string", "_ = a + b + a", "name 4×4, assignment 1, operator 1", ""},
	{"b bool", "if b { print(1) }", "name 1, literal 1, builtin 1, if 1", ""},
	{"", "if true { print(1) }", "literal 1, builtin 1", ""},
	{"", "if false { heavy() } else { print(1) }", "literal 1, builtin 1", ""},
	{"b bool", "for b { print(1) }", "name 1, literal 1, builtin 1, loop 1", ""},
	{"s []int", "for range s { print(1) }", "name 1, literal 1, builtin 1, loop 1", ""},
	{"s []int", "for i := range s { print(i) }", "name 4×4, declaration 1, builtin 1, loop 1", ""},
	{"x int", "switch x { case 1: print(2) }", "name 1, literal 2×2, builtin 1, switch 1, case 1", ""},
	{"i any", "switch i.(type) { case int: print(2) }", "name 1, literal 1, builtin 1, switch 2×2, case 1", ""},
	{"b bool", "for b { break }", "name 1, loop 1, jump 1", ""},
	{"b bool", "for b { continue }", "name 1, loop 1, jump 1", ""},
	{"c chan int", "c <- 1", "name 1, literal 1, channel 1", ""},
	{"c chan int", "<-c", "name 1, channel 1", ""},
	{"", "return", "return 1", ""},
	{"", "{ print(1) }", "literal 1, builtin 1", ""},
	{"", "defer leaf()", "", "impossible DEFER"},
	{"", "go leaf()", "", "impossible GO"},
	{"c chan int", "select { case <-c: }", "", "impossible SELECT"},
	{"", "recover()", "builtin 1", "impossible RECOVER"},
}

// otherwise has what older compilers counted otherwise: Go 1.24 made calls of
// parameters cheaper, Go 1.26 slicing that does nothing. Go 1.24 and 1.25 print
// trees in which nothing is assigned any more that is not used.
var otherwise = map[string]struct {
	from, before gorelease.Release
	want         string
}{
	"f()":            {0, 24, "name 1, call 58"},
	"_ = s[0:]":      {0, 26, "name 2×2, literal 1, assignment 1, slice 1"},
	"_ = s[:len(s)]": {0, 26, "name 3×3, assignment 1, slice 1, builtin 1"},
	"recover()":      {0, 26, "builtin 2×2"}, // with the frame that it looks at
	"x, y = y, x":    {24, 26, "name 2×2, literal 2×2, assignment 1"},
	"x, y = two()":   {24, 26, "name 3×3, literal 1, assignment 0×2, inlined-call 4"},
}

// constructsPrologue declares what the constructs use.
const constructsPrologue = `package p

import (
	"encoding/binary"
	"math/bits"
	"sync"
	"sync/atomic"
	"unsafe"
)

var _, _, _, _, _ = binary.LittleEndian, bits.Len, sync.NewCond, atomic.AddInt64, unsafe.Pointer(nil)

type T struct{ a, b int }
type M struct{ T }
type E struct { T; M }
type Z struct { _ struct{}; v int }
type I interface{ Do() }
type myInt int

func leaf() { print(1) }
func empty() {}
func heavy() { stuck(); stuck() }
//go:noinline
func stuck() {}
func (t *T) Leaf() { print(1) }
func (t *T) Heavy() { stuck(); stuck() }
func (t T) Val() {}
var global = leaf
func init() { global = nil }
func max1(x, y int) { print(x, y, 1) }
func id[X any](x X) X { return x }
func two() (int, int) { return 1, 2 }
`

// TestCostParts: a part's cost is right, and not only the sum. Each construct
// stands on a known line of a function that has nothing else.
func TestCostParts(t *testing.T) {
	for _, toolchain := range prove.Releases() {
		t.Run(toolchain, func(t *testing.T) { testCostParts(t, toolchain) })
	}
	if len(constructs) < 100 {
		t.Errorf("only %d constructs", len(constructs))
	}
}

func testCostParts(t *testing.T, toolchain string) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "go.mod"), "module p\n\ngo 1.22\n")
	var b strings.Builder
	b.WriteString(constructsPrologue)
	lines := make([]int, len(constructs))
	for i, c := range constructs {
		fmt.Fprintf(&b, "\nfunc f%d(%s) {\n\t", i, c.params)
		lines[i] = strings.Count(b.String(), "\n") + 1
		b.WriteString(c.line + "\n}\n")
	}
	writeFile(t, filepath.Join(dir, "p.go"), b.String())
	found := make(map[string]*cost.Breakdown)
	costs(t, load.Config{Dir: dir, Env: environment("GOTOOLCHAIN=" + toolchain)}, []string{"."}, func(p *breakdown.PackageCosts) {
		for _, f := range p.Functions {
			found[f.Breakdown.Function] = f.Breakdown
		}
	})
	for i, c := range constructs {
		f := found[fmt.Sprintf("f%d", i)]
		if f == nil {
			t.Errorf("%s: no cost", c.line)
			continue
		}
		got, want := partsOf(t, f, lines[i]), c.want
		if old, ok := otherwise[c.line]; ok && toolchain != "local" && gorelease.Of(toolchain) >= old.from && gorelease.Of(toolchain) < old.before {
			want = old.want
		}
		blocked := ""
		for _, bl := range f.Blockers {
			blocked = "impossible " + bl.Op
			if bl.Pos.Line != lines[i] {
				t.Errorf("%s: the %s is said to be in line %d, and is in %d", c.line, bl.Op, bl.Pos.Line, lines[i])
			}
		}
		if blocked != c.note {
			t.Errorf("%s: %q, want %q", c.line, blocked, c.note)
		}
		if got != want && (want != "" || c.note == "") {
			t.Errorf("%s:\n\tgot  %s\n\twant %s", c.line, got, want)
		}
		if f.Unexplained != 0 {
			t.Errorf("%s: cost %d, of which %d is unexplained", c.line, f.Cost, f.Unexplained)
		}
	}
}

// partsOf prints the parts of a line, in a fixed order of their kinds.
func partsOf(t *testing.T, f *cost.Breakdown, line int) string {
	t.Helper()
	order := []cost.What{
		cost.Name, cost.Literal, cost.Declaration, cost.Assignment, cost.Field, cost.Index, cost.Slice, cost.Dereference, cost.Address,
		cost.Conversion, cost.Assertion, cost.Operator, cost.Composite, cost.MethodValue, cost.Closure, cost.Channel,
		cost.Call, cost.InlinedCall, cost.InterfaceCall, cost.ParamCall, cost.CheapCall, cost.IntrinsicCall, cost.ThrowCall, cost.Panic, cost.Append,
		cost.Builtin, cost.If, cost.Loop, cost.Switch, cost.Case, cost.Return, cost.Jump, cost.Statement, cost.Other,
	}
	var list []string
	listed := 0
	for _, what := range order {
		for _, p := range f.Parts {
			if p.What != what {
				continue
			}
			if p.Pos.Line != line {
				t.Errorf("%s has a part of %d in line %d, and nothing stands there", f.Function, p.Cost, p.Pos.Line)
				continue
			}
			listed++
			s := fmt.Sprintf("%s %d", p.What, p.Cost)
			if p.Count > 1 {
				s += fmt.Sprintf("×%d", p.Count)
			}
			list = append(list, s)
		}
	}
	if listed != len(f.Parts) {
		t.Errorf("%s: %d of %d parts are of known kinds and in line %d", f.Function, listed, len(f.Parts), line)
	}
	return strings.Join(list, ", ")
}
