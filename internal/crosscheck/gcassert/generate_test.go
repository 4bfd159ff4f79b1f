package gcassert

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// otherPackage is imported by all generated packages.
const otherPackage = `package other

type T struct{ N int }

//gcassert:inline
func (t T) Small(x int) int { return t.N + x }

//gcassert:inline
//
//go:noinline
func Never(x int) int { return x }

func Plain(x int) int { return x * 2 }
`

// declarations of a generated package: functions that can and cannot be inlined, some of
// which must be.
const declarations = `
type T struct{ n int }

func (t T) small(x int) int { return t.n + x }

//go:noinline
func (t *T) never(x int) int { return t.n + x }

//gcassert:inline
func (t *T) mustSmall(x int) int { return t.n * x }

// mustNever is asserted, and never inlined.
//
//gcassert:inline
//go:noinline
func (t T) mustNever(x int) int { return t.n * x }

func small(x int) int { return x + 1 }

//go:noinline
func never(x int) int { return x + 1 }

func add(x, y int) int { return x + y }

func rec(x int) int {
	if x > 0 {
		return rec(x - 1)
	}
	return x
}

func big(x int) int { return never(x) + never(x+1) + never(x+2) }

//gcassert:inline
func mustSmall(x int) int { return x - 1 }

func mustBig(x int) int { //gcassert:inline
	return never(x) + never(x+1) + never(x+2)
}

func gen[P ~int | ~int64](x P) P { return x + 1 }

func genNever[P ~int | ~int64](x P) P { return P(never(int(x))) + P(never(int(x))) + P(never(int(x))) }

type I interface{ small(int) int }

var value I = T{1}

var function = func(x int) int { return never(x) }
`

// generate returns a package with statements of all kinds, some of which have the
// directive, above them or behind them.
func generate(r *rand.Rand, name string) string {
	g := &generator{r: r}
	g.b.WriteString("package " + name + "\n\nimport \"example.com/gen/other\"\n" + declarations + "\nvar _ = other.Plain\n")
	for i := range 6 {
		fmt.Fprintf(&g.b, "\nfunc F%d(x int, t *T) int {\n\tvar y int\n\tvar list []int\n", i)
		for range 8 {
			g.statement(1)
		}
		g.b.WriteString("\t_ = list\n\treturn x + y\n}\n")
	}
	return g.b.String()
}

type generator struct {
	r *rand.Rand
	b strings.Builder
}

// call returns a call, whose arguments may be calls.
func (g *generator) call(depth int) string {
	arg := "x"
	if depth > 0 && g.r.IntN(3) == 0 {
		arg = g.call(depth - 1)
	}
	calls := []string{
		"small(%s)", "never(%s)", "rec(%s)", "big(%s)", "mustSmall(%s)", "mustBig(%s)", "add(%s, y)", "add(y, %s)",
		"t.small(%s)", "t.never(%s)", "t.mustSmall(%s)", "t.mustNever(%s)", "(T{x}).mustNever(%s)", "(other.T{N: x}).Small(%s)",
		"other.Never(%s)", "other.Plain(%s)", "gen(%s)", "genNever(%s)", "value.small(%s)", "function(%s)",
		"func(a int) int { return small(a) }(%s)", "int(%s)", "len(list[:%s%%1])",
	}
	return fmt.Sprintf(calls[g.r.IntN(len(calls))], arg)
}

// statement appends a statement, which may have statements in it.
func (g *generator) statement(depth int) {
	indent := strings.Repeat("\t", depth)
	above, behind := "", ""
	switch g.r.IntN(5) {
	case 0:
		above = indent + "//gcassert:inline\n"
	case 1:
		behind = " //gcassert:inline"
	case 2:
		if g.r.IntN(3) == 0 {
			above = indent + "// A comment.\n" + indent + "// gcassert:inline\n"
		}
	}
	c, d := g.call(2), g.call(1)
	plain := []string{
		"x = " + c, "x += " + c + " + " + d, "y, x = " + c + ", " + d, "_ = " + c, "list = append(list, " + c + ", " + d + ")",
		"var _ = " + c, "if " + c + " > 1 { y++ }", "x = add(\n" + indent + "\t" + c + ",\n" + indent + "\t" + d + ",\n" + indent + ")",
		"list = []int{\n" + indent + "\t" + c + ",\n" + indent + "\t" + d + ",\n" + indent + "}", "x++", "y = (" + c + ")",
		"switch " + c + " { case 1: x = " + d + " }", "x = list[" + c + "%1]", "func() { x = " + c + " }()",
	}
	kinds := len(plain) + 4
	kind := g.r.IntN(kinds)
	g.b.WriteString(above)
	if kind < len(plain) {
		if strings.HasSuffix(plain[kind], ")()") && behind != "" {
			behind = ""
		}
		g.b.WriteString(indent + plain[kind] + behind + "\n")
		return
	}
	heads := []string{"if " + c + " > 0 {", "for i := " + c + "; i < 3; i++ {", "for range make([]int, " + c + "%3) {", "for x < " + c + " {"}
	g.b.WriteString(indent + heads[kind-len(plain)] + behind + "\n")
	if depth < 3 {
		for range 1 + g.r.IntN(2) {
			g.statement(depth + 1)
		}
	}
	g.b.WriteString(indent + "}\n")
}

// known reports whether ours is one of gcassert's, or one of the differences that
// docs/assertions.md lists.
func (s *source) known(f finding, gcassert []line) bool {
	if f.Promise == nil || f.Rule == "unmatched" {
		return true // a directive without a call
	}
	promise := line{f.Promise.File, f.Promise.Line}
	if slices.ContainsFunc(gcassert, func(l line) bool { return l == line{f.File, f.Line} || s.governs(promise, l) }) {
		return true
	}
	return strings.Contains(f.Subject, "gen") // calls of generic functions
}
