package crosscheck

import (
	"go/ast"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/packages"

	"github.com/inlinelens/inlinelens/internal/rewrite"
)

// literals is a program that prints what functions do which have function literals.
// Where a change of one may matter, it says what could go wrong.
const literals = `package main

import (
	"fmt"
	"strings"
)

var trace []string

func note(format string, args ...any) int {
	trace = append(trace, fmt.Sprintf(format, args...))
	return len(trace)
}

// The values are those at the time of the call.
func reassigned() {
	n := 1
	say := func() { note("n is %d", n) }
	n = 2
	say()
}

// Each iteration has its own.
func loops() {
	for i := 0; i < 3; i++ {
		say := func() { note("i is %d", i); i++ }
		say()
	}
	total := 0
	add := func() {
		step := total + 1
		total += step
	}
	for range 4 {
		add()
	}
	note("total %d", total)
}

// Names mean something else where it is called.
func shadowed() {
	n, s := 1, "a"
	say := func() { note("%d %s", n, s) }
	for n := range 2 {
		s := strings.Repeat("b", n)
		note("%s", s)
		say()
	}
	len := func() int { return 7 }
	other := func() { note("%d", len()) }
	{
		len := "x"
		other()
		note("%s", len)
	}
}

// What it declares ends with it.
func scopes() {
	x := "outer"
	say := func() {
		x := x + " inner"
		note("%s", x)
	}
	if x != "" {
		say()
	}
	note("%s", x)
	type kind string
	typed := func() { note("%T", kind(x)) }
	typed()
}

// The order of calls, and of what they change.
func order() {
	n := 1
	bump := func() int {
		n++
		return n
	}
	read := func() int { return n }
	note("%v", []int{read(), bump(), bump()})
	last := func() int { return n }
	note("%d", 2*last())
	n = func() int { return n * n }() + func() int { return n + 1 }()
	note("%d", n)
	note("%v", n+func() int { return n }()*bump())
}

// A panic is met where it was.
func panics() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	fail := func() {
		if len(trace) > 0 {
			panic(len(trace))
		}
	}
	note("before")
	fail()
	note("not reached")
	return nil
}

func types(n int) {
	note("%v", int64(func() int32 { return 1 << n }()))
	shift := func() uint8 { return 1 << n }
	note("%v", int64(shift()))
	var boxed any = func() any { return n }()
	note("%v", boxed)
	if func() bool { return pair{n, n}.a > 3 }() {
		note("braces")
	}
}

type pair struct{ a, b int }

func (p pair) sum() int { return p.a + p.b }

func receivers() {
	p := pair{1, 2}
	get := func() pair { return p }
	p.a = 5
	note("%d", get().sum())
	q := &p
	set := func() { q.b = 9; q = nil }
	set()
	note("%v %v", p, q)
}

func jumps() {
	n := 0
again:
	step := func() {
		switch {
		case n > 1:
			break
		default:
			for i := range 9 {
				if i == 3 {
					continue
				}
				n += i
				break
			}
		}
		n++
	}
	step()
	if n < 4 {
		goto again
	}
	note("%d", n)
}

func generic[T comparable](list []T, x T) (n int) {
	count := func() {
		for _, y := range list {
			if x == y {
				n++
			}
		}
	}
	if len(list) > 1 {
		count()
	}
	return n
}

func selects(c chan int) {
	got := func() { note("got") }
	idle := func() {
		// Nothing there.
		note("idle")
	}
	for range 2 {
		select {
		case <-c:
			got()
		default:
			idle()
		}
	}
}

// All of them, where names are declared that the block has not.
func nested(n int) {
	for m := range 2 {
		say := func() {
			m := m + n
			n := m * 2
			note("%d %d", m, n)
		}
		if m > 0 {
			say()
		}
	}
}

func pointers() {
	var all []func() int
	for i := range 3 {
		keep := func() {
			j := i * 10
			all = append(all, func() int { j++; return i + j })
		}
		keep()
	}
	for _, f := range all {
		note("%d %d", f(), f())
	}
}

func main() {
	reassigned()
	loops()
	shadowed()
	scopes()
	order()
	note("%v", panics())
	types(3)
	types(40)
	receivers()
	jumps()
	note("%d", generic([]string{"a", "b", "a"}, "a"))
	c := make(chan int, 1)
	c <- 1
	selects(c)
	nested(3)
	pointers()
	for _, s := range trace {
		fmt.Println(s)
	}
}
`

// TestAdviceLiterals takes the function literals of a program away, one after
// another: it prints the same each time.
func TestAdviceLiterals(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "main.go")
	writeFile(t, filepath.Join(dir, "go.mod"), "module example.com/literals\n\ngo 1.26\n")
	writeFile(t, name, literals)
	want := output(t, dir)
	text, taken := []byte(literals), 0
	for i := 0; ; {
		list := unwraps(t, dir, text)
		if i >= len(list) {
			break
		}
		writeFile(t, name, string(rewrite.Apply(text, list[i].Edits)))
		if diff := cmp.Diff(want, output(t, dir)); diff != "" {
			t.Errorf("line %d, with the literal - without +:\n%s", list[i].Line, diff)
			writeFile(t, name, string(text))
			i++ // leave that one
			continue
		}
		taken++
		var err error
		if text, err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d literals taken away", taken)
	if taken < 14 {
		t.Errorf("too few literals were taken away:\n%s", text)
	}
}

// unwraps lists the literals of the program that may go.
func unwraps(t *testing.T, dir string, text []byte) (list []rewrite.Candidate) {
	t.Helper()
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedTypesSizes |
			packages.NeedImports | packages.NeedFiles | packages.NeedCompiledGoFiles,
		Dir: dir, Fset: token.NewFileSet(),
	}, ".")
	if err != nil {
		t.Fatal(err)
	}
	p := loaded[0]
	for _, err := range p.Errors {
		t.Fatal(err)
	}
	pkg := &rewrite.Package{Fset: p.Fset, Files: p.Syntax, Types: p.Types, Info: p.TypesInfo, Sizes: p.TypesSizes}
	for _, d := range p.Syntax[0].Decls {
		if d, ok := d.(*ast.FuncDecl); ok {
			all, _ := pkg.Candidates(p.Syntax[0], text, d)
			for _, c := range all {
				if c.Kind == rewrite.Unwrap {
					list = append(list, c)
				}
			}
		}
	}
	return list
}

// output runs the program in a directory.
func output(t *testing.T, dir string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "run", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
	return string(out)
}
