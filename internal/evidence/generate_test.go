package evidence

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// A generator writes one Go package at random, out of the constructs in which
// what the inliner does is hard to tell from the source: closures in closures,
// functions that return and take functions, iterators, generic functions with
// method constraints, promoted methods, conditions that become constant by
// inlining, code that nothing reaches, go and defer statements.
//
// Every function maps int to int. A call is a pattern in which § stands for the
// package's qualifier, @ for the argument, ¤N for a named function and ¤L for a
// function literal. A call's argument stands on lines of its own, so that most
// lines have one call.
type generator struct {
	rand  *rand.Rand
	minor int  // of the Go release: 22 has no iterators
	plain bool // nothing that the back end could work out: each call that remains is a CALL
	path  string
	names int
	text  strings.Builder

	own      callables
	imported []*generated
	keep     []string // functions that the linker must not drop
}

// callables are what other code may use of a package, as patterns.
type callables struct {
	calls, named, iters, conds []string
	fallible, pairs            []string // calls with two results: int and error; iterators over pairs
}

// A generated package is its text, and what packages that import it may use.
type generated struct {
	name string // "p17"
	text string
	callables
}

// generate writes the package with the name "p" and number. The same seed and
// imports give the same text. In a plain package nothing is constant and
// nothing is dead.
func generate(seed uint64, number, minor int, plain bool, imports []*generated) *generated {
	g := &generator{
		rand: rand.New(rand.NewPCG(seed, uint64(number))), minor: minor, plain: plain,
		path: fmt.Sprintf("p%d", number), imported: imports,
	}
	g.noinline()
	g.leaf()
	kinds := []func(){
		g.noinline, g.leaf, g.ordinary, g.ordinary, g.expensive, g.recursive, g.maker, g.maker, g.makerOfMaker,
		g.wrapper, g.structure, g.structure, g.iface, g.generic, g.genericMethods, g.apply, g.apply, g.functionType,
		g.constant, g.variable, g.iterator, g.iterator, g.treeIterator, g.selfReferential,
		g.variadic, g.results, g.namedResult, g.typeSwitch, g.genericMaker, g.embeddedGeneric, g.library, g.pairs, g.genericMethod,
	}
	for range 6 + g.rand.IntN(10) {
		kinds[g.rand.IntN(len(kinds))]()
	}
	var head strings.Builder
	fmt.Fprintf(&head, "package %s\n\n", g.path)
	for _, std := range []string{"iter", "slices", "strings", "sync"} {
		if strings.Contains(g.text.String(), std+".") {
			fmt.Fprintf(&head, "import %q\n", std)
		}
	}
	for _, p := range imports {
		if strings.Contains(g.text.String(), p.name+".") {
			fmt.Fprintf(&head, "import %q\n", "generated/"+p.name)
		}
	}
	fmt.Fprintf(&head, "\nvar Sink int\n\nvar Text = \"a\"\n\nvar Chan chan int\n\nvar Err error\n\n// Keep has every function, so that the linker keeps their code.\nvar Keep = []any{\n%s}\n\n", strings.Join(g.keep, ""))
	return &generated{name: g.path, text: head.String() + g.text.String(), callables: g.own}
}

func (g *generator) name(prefix string) string {
	g.names++
	return fmt.Sprintf("%s%d", prefix, g.names)
}

func (g *generator) printf(format string, args ...any) { fmt.Fprintf(&g.text, format, args...) }

func (g *generator) kept(expr string) { g.keep = append(g.keep, "\t"+expr+",\n") }

// one chooses one of the package's own patterns or, sometimes, an imported one.
func (g *generator) one(of func(callables) []string) (pattern, qualifier string) {
	if len(g.imported) > 0 && g.rand.IntN(5) == 0 {
		p := g.imported[g.rand.IntN(len(g.imported))]
		if list := of(p.callables); len(list) > 0 {
			return list[g.rand.IntN(len(list))], p.name + "."
		}
	}
	list := of(g.own)
	if len(list) == 0 {
		return "", ""
	}
	return list[g.rand.IntN(len(list))], ""
}

// A scope is the names of the int variables that code may use.
type scope []string

func (s scope) with(names ...string) scope { return append(slices.Clone(s), names...) }

func (g *generator) atom(s scope) string {
	if len(s) == 0 || g.rand.IntN(4) == 0 {
		return g.integer("")
	}
	return s[g.rand.IntN(len(s))]
}

func (g *generator) integer(qualifier string) string {
	if g.plain {
		return qualifier + "Sink"
	}
	return fmt.Sprint(g.rand.IntN(9) + 1)
}

func (g *generator) expr(s scope, depth int) string {
	if depth <= 0 {
		return g.atom(s)
	}
	switch g.rand.IntN(9) {
	case 0:
		return g.atom(s)
	case 1:
		return "(" + g.expr(s, depth-1) + " + " + g.expr(s, depth-1) + ")"
	case 2, 3:
		return g.literal(s, depth-1) + "(\n" + g.expr(s, depth-1) + ",\n)"
	default:
		return g.call(s, depth-1)
	}
}

// call is a call of something that the package or an imported one declares.
func (g *generator) call(s scope, depth int) string {
	pattern, qualifier := g.one(func(c callables) []string { return c.calls })
	return g.fill(pattern, qualifier, s, depth)
}

func (g *generator) fill(pattern, qualifier string, s scope, depth int) string {
	text := g.qualify(pattern, qualifier)
	if strings.Contains(text, "¤L") {
		text = strings.ReplaceAll(text, "¤L", g.literal(s, depth-1))
	}
	if strings.Contains(text, "¤N") {
		text = strings.ReplaceAll(text, "¤N", g.function())
	}
	return strings.ReplaceAll(text, "@", "\n"+g.expr(s, depth-1)+",\n")
}

// function is a named function, or a method value, as a value.
func (g *generator) function() string {
	return g.qualify(g.one(func(c callables) []string { return c.named }))
}

func (g *generator) qualify(pattern, qualifier string) string {
	return strings.NewReplacer("§", qualifier, "#", g.integer(qualifier)).Replace(pattern)
}

func (g *generator) literal(s scope, depth int) string {
	x := g.name("x")
	return "func(" + x + " int) int {\n" + g.body(s.with(x), depth) + "}"
}

// body is the statements of a function from int to int.
func (g *generator) body(s scope, depth int) string {
	if g.rand.IntN(3) == 0 {
		return "return " + g.expr(s, depth) + "\n"
	}
	r := g.name("r")
	text := r + " := " + g.atom(s) + "\n"
	s = s.with(r)
	for range 1 + g.rand.IntN(2) {
		text += g.statement(s, r, depth)
	}
	return text + "return " + r + "\n"
}

func (g *generator) condition(s scope, depth int) string {
	if pattern, qualifier := g.one(func(c callables) []string { return c.conds }); pattern != "" && g.rand.IntN(2) == 0 {
		return g.qualify(pattern, qualifier)
	}
	return g.expr(s, min(depth, 1)) + " > " + fmt.Sprint(g.rand.IntN(5))
}

// statement adds to r, an int variable in s.
func (g *generator) statement(s scope, r string, depth int) string {
	add := func() string { return r + " += " + g.expr(s, depth) + "\n" }
	if depth <= 0 {
		return add()
	}
	x := g.name("v")
	kind := g.rand.IntN(26)
	if g.plain && kind >= 12 && kind <= 14 {
		return add()
	}
	switch kind {
	case 0:
		return "if " + g.condition(s, depth) + " {\n" + g.statement(s, r, depth-1) + "}\n"
	case 1:
		return "if " + g.condition(s, depth) + " {\n" + g.statement(s, r, depth-1) + "} else {\n" + add() + "}\n"
	case 2:
		return "for " + x + " := range " + g.atom(s) + " {\n_ = " + x + "\n" + g.statement(s.with(x), r, depth-1) + "}\n"
	case 3, 4:
		if pattern, qualifier := g.one(func(c callables) []string { return c.iters }); pattern != "" {
			return "for " + x + " := range " + g.fill(pattern, qualifier, s, depth-1) + " {\n_ = " + x + "\n" + g.statement(s.with(x), r, depth-1) + "}\n"
		}
		return add()
	case 5, 6: // a closure in a variable, called once or twice, sometimes assigned again
		text := x + " := " + g.literal(s, depth-1) + "\n"
		if g.rand.IntN(4) == 0 {
			text += "if " + g.condition(s, 0) + " {\n" + x + " = " + g.function() + "\n}\n"
		}
		for range 1 + g.rand.IntN(2) {
			text += r + " += " + x + "(\n" + g.expr(s, depth-2) + ",\n)\n"
		}
		return text
	case 7: // a named function in a variable
		return x + " := " + g.function() + "\n" + r + " += " + x + "(\n" + g.expr(s, depth-1) + ",\n)\n"
	case 8: // a function in a field
		return x + " := struct{ fn func(int) int }{" + g.function() + "}\n" + r + " += " + x + ".fn(\n" + g.expr(s, depth-1) + ",\n)\n"
	case 9:
		return "defer " + g.call(s, depth-1) + "\n"
	case 10:
		return "go " + g.call(s, depth-1) + "\n"
	case 11:
		return "defer func() {\n" + add() + "}()\n"
	case 12: // code that nothing reaches
		return "if " + r + " == 77 {\nfor {\n" + r + "++\n}\n" + add() + "}\n"
	case 13:
		return "if " + r + " == 78 {\npanic(\"x\")\n" + add() + "}\n"
	case 14:
		label := g.name("l")
		return "goto " + label + "\n{\n" + add() + "}\n" + label + ":\n" + r + "++\n"
	case 15:
		return "switch {\ncase " + g.condition(s, depth) + ":\n" + add() + "case " + g.condition(s, depth) + ":\n" + add() + "default:\n" + r + "++\n}\n"
	case 16:
		return "if " + g.condition(s, 0) + " {\nreturn " + g.expr(s, depth-1) + "\n}\n"
	case 17:
		return g.useResults(s, r, x, depth)
	case 18: // a literal that calls itself
		return "var " + x + " func(int) int\n" + x + " = func(n int) int {\nif n <= 0 {\nreturn " + g.expr(s, depth-2) + "\n}\nreturn " + x + "(\nn - 1,\n)\n}\n" +
			r + " += " + x + "(\n" + g.expr(s, 0) + ",\n)\n"
	case 19:
		return "select {\ncase Chan <- " + g.expr(s, depth-1) + ":\ndefault:\n" + add() + "}\n"
	case 20:
		return r + " += []int{\n" + g.expr(s, depth-1) + ",\n" + g.expr(s, depth-1) + ",\n}[" + r + "&1]\n"
	case 21:
		return "if " + g.condition(s, depth-1) + " && " + g.expr(s, 1) + " > 2 || " + g.expr(s, 1) + " < 0 {\n" + add() + "}\n"
	case 22:
		return r + " = max(" + r + ", " + g.expr(s, depth-1) + ")\n"
	case 23: // loops that a body leaves early
		label := g.name("l")
		return label + ":\nfor " + x + " := range " + g.atom(s) + " {\n_ = " + x + "\n" + g.loop(s, r, x+"i", depth-1, label) + "}\n"
	case 24:
		if pattern, qualifier := g.one(func(c callables) []string { return c.pairs }); pattern != "" {
			return "for " + x + ", " + x + "b := range " + g.fill(pattern, qualifier, s, depth-1) + " {\n_, _ = " + x + ", " + x + "b\n" + g.statement(s.with(x, x+"b"), r, depth-1) + "}\n"
		}
		return add()
	case 25:
		return "func() {\n" + add() + "}()\n"
	default:
		return add()
	}
}

// loop is a loop within a labelled one, which it leaves or goes on with.
func (g *generator) loop(s scope, r, x string, depth int, label string) string {
	over := g.atom(s)
	if pattern, qualifier := g.one(func(c callables) []string { return c.iters }); pattern != "" {
		over = g.fill(pattern, qualifier, s, depth-1)
	}
	leave := []string{"break ", "continue "}[g.rand.IntN(2)] + label
	return "for " + x + " := range " + over + " {\n_ = " + x + "\nif " + g.expr(s.with(x), depth-1) + " > 4 {\n" + leave + "\n}\n" + r + " += " + g.expr(s.with(x), depth-1) + "\n}\n"
}

func (g *generator) useResults(s scope, r, x string, depth int) string {
	pattern, qualifier := g.one(func(c callables) []string { return c.fallible })
	if pattern == "" {
		return r + " += " + g.expr(s, depth) + "\n"
	}
	return x + ", err" + x + " := " + g.fill(pattern, qualifier, s, depth-1) + "\nif err" + x + " != nil {\nreturn " + g.expr(s, 1) + "\n}\n" + r + " += " + x + "\n"
}

// declare adds a function from int to int to what can be called.
func (g *generator) declare(f, body string) {
	g.printf("func %s(i int) int {\n%s}\n\n", f, body)
	g.own.calls = append(g.own.calls, "§"+f+"(@)")
	g.own.named = append(g.own.named, "§"+f)
	g.kept(f)
}

func (g *generator) noinline() {
	g.printf("//go:noinline\n")
	g.declare(g.name("N"), "Sink += i\nreturn i\n")
}

func (g *generator) leaf() { g.declare(g.name("F"), "return i*3 + 1\n") }

func (g *generator) ordinary() {
	f := g.name("F")
	body := g.body(scope{"i"}, 3) // before the name can be called: no accidental recursion
	g.declare(f, body)
}

// expensive is about as dear as the budget, or far above it.
func (g *generator) expensive() {
	body := "r := i\n"
	for range 12 + g.rand.IntN(14) {
		body += "r = r*3 + 1\n"
	}
	g.declare(g.name("X"), body+"return r\n")
}

func (g *generator) recursive() {
	f := g.name("R")
	step := f + "(\ni - 1,\n)"
	if g.rand.IntN(2) == 0 {
		other := g.name("R")
		step = other + "(\ni - 1,\n)"
		defer g.declare(other, "return "+f+"(\ni - 2,\n)\n")
	}
	g.declare(f, "if i <= 0 {\nreturn "+g.expr(scope{"i"}, 1)+"\n}\nreturn "+step+" + "+g.expr(scope{"i"}, 1)+"\n")
}

// maker returns a function literal.
func (g *generator) maker() {
	f := g.name("Mk")
	literal := g.literal(scope{"k"}, 2)
	before := ""
	if g.rand.IntN(3) == 0 {
		before = "k += " + g.expr(scope{"k"}, 1) + "\n" // captured by value or, assigned, by reference
	}
	g.printf("func %s(k int) func(int) int {\n%sreturn %s\n}\n\n", f, before, literal)
	g.own.calls = append(g.own.calls, "§"+f+"(#)(@)", "§"+f+"(#)(@)")
	g.own.named = append(g.own.named, "§"+f+"(#)")
	g.kept(f)
}

func (g *generator) makerOfMaker() {
	f := g.name("Mm")
	literal := g.literal(scope{"k"}, 1)
	g.printf("func %s(k int) func() func(int) int {\nreturn func() func(int) int {\nreturn %s\n}\n}\n\n", f, literal)
	g.own.calls = append(g.own.calls, "§"+f+"(#)()(@)")
	g.kept(f)
}

// wrapper takes a function and returns one that calls it.
func (g *generator) wrapper() {
	f := g.name("W")
	g.printf("func %s(f func(int) int) func(int) int {\nreturn func(i int) int {\nreturn f(\ni,\n) + %s\n}\n}\n\n", f, g.expr(scope{"i"}, 1))
	g.own.calls = append(g.own.calls, "§"+f+"(¤N)(@)", "§"+f+"(¤L)(@)")
	g.own.named = append(g.own.named, "§"+f+"(§"+g.lastNamed()+")")
	g.kept(f)
}

// lastNamed is a function that the package declares itself.
func (g *generator) lastNamed() string {
	for i := len(g.own.named) - 1; i >= 0; i-- {
		if name := strings.TrimPrefix(g.own.named[i], "§"); !strings.ContainsAny(name, "(.{§") {
			return name
		}
	}
	return "F2"
}

// structure has methods, and a struct around it that promotes them.
func (g *generator) structure() {
	t, e := g.name("S"), g.name("E")
	g.printf("type %s struct{ K int }\n\n", t)
	g.printf("func (s %s) V(i int) int {\n%s}\n\n", t, g.body(scope{"i", "s.K"}, 2))
	g.printf("func (s *%s) M(i int) int {\n%s}\n\n", t, g.body(scope{"i", "s.K"}, 2))
	g.printf("func (s *%s) Mk() func(int) int {\nreturn %s\n}\n\n", t, g.literal(scope{"s.K"}, 1))
	embedded := []string{t, "*" + t}[g.rand.IntN(2)]
	g.printf("type %s struct {\n%s\nX int\n}\n\n", e, embedded)
	zero := "{}"
	if g.plain {
		zero = "{K: #}" // a zero that the back end sees could decide a condition
	}
	value := strings.Replace(embedded, "*", "&", 1)
	value = t + ": " + strings.Replace(value, t, "§"+t, 1) + zero
	whole := ""
	if g.plain {
		whole = value
	}
	g.own.calls = append(g.own.calls,
		"(&§"+t+"{K: #}).M(@)", "(§"+t+"{K: #}).V(@)", "(*§"+t+").M(&§"+t+zero+", @)", "§"+t+".V(§"+t+zero+", @)",
		"(&§"+e+"{"+value+"}).M(@)", "(&§"+e+"{"+value+"}).V(@)", "(*§"+e+").M(&§"+e+"{"+whole+"}, @)",
		"(&§"+t+"{K: #}).Mk()(@)")
	g.own.named = append(g.own.named, "(&§"+t+"{K: #}).M", "(§"+t+"{K: #}).V")
	for _, m := range []string{"(*" + t + ").M", t + ".V", "(*" + t + ").Mk", "(*" + e + ").M"} {
		g.kept(m)
	}
}

// iface is an interface, a type that has its method, and an interface within a struct.
func (g *generator) iface() {
	i, t, w, use := g.name("I"), g.name("T"), g.name("P"), g.name("Use")
	g.printf("type %s interface{ Act(int) int }\n\ntype %s struct{ K int }\n\n", i, t)
	if g.rand.IntN(3) == 0 {
		g.printf("//go:noinline\n")
	}
	g.printf("func (t *%s) Act(i int) int {\n%s}\n\n", t, g.body(scope{"i", "t.K"}, 1))
	g.printf("type %s struct{ %s }\n\nfunc %s(x %s, i int) int {\nreturn x.Act(\ni,\n)\n}\n\n", w, i, use, i)
	constrained := g.name("G")
	g.printf("func %s[T %s](x T, i int) int {\nreturn x.Act(\ni,\n) + %s\n}\n\n", constrained, i, g.expr(scope{"i"}, 1))
	v := "&§" + t + "{K: #}"
	g.own.calls = append(g.own.calls, "§"+i+"("+v+").Act(@)", "§"+use+"("+v+", @)", "(§"+w+"{"+v+"}).Act(@)",
		"§"+w+".Act(§"+w+"{"+v+"}, @)", "§"+i+".Act("+v+", @)", "§"+constrained+"("+v+", @)", "§"+constrained+"[§"+i+"]("+v+", @)")
	g.own.named = append(g.own.named, "§"+i+"("+v+").Act", "(§"+w+"{"+v+"}).Act")
	g.kept(use)
	g.kept("(*" + t + ").Act")
	g.kept(w + ".Act")
}

func (g *generator) generic() {
	f, a := g.name("G"), g.name("G")
	g.printf("func %s[T ~int | ~int64 | ~string](x T, i int) int {\nvar zero T\nif x == zero {\nreturn %s\n}\nreturn %s\n}\n\n",
		f, g.expr(scope{"i"}, 1), g.expr(scope{"i"}, 2))
	g.printf("func %s[T, U any](f func(T) U, x T) U {\nreturn f(\nx,\n)\n}\n\n", a)
	g.own.calls = append(g.own.calls, "§"+f+"(#, @)", "§"+f+"(int64(#), @)", "§"+f+"(§Text, @)", "§"+a+"(¤N, @)", "§"+a+"(¤L, @)")
}

func (g *generator) genericMethods() {
	b := g.name("B")
	g.printf("type %s[T any] struct{ V T }\n\nfunc (b *%s[T]) With(f func(T) int, i int) int {\nreturn f(\nb.V,\n) + %s\n}\n\n", b, b, g.expr(scope{"i"}, 1))
	g.printf("func (b *%s[T]) Mk() func(int) int {\nreturn %s\n}\n\n", b, g.literal(nil, 2))
	g.printf("func (b %s[T]) Len(i int) int {\n%s}\n\n", b, g.body(scope{"i"}, 1))
	g.own.calls = append(g.own.calls, "(&§"+b+"[int]{V: #}).With(¤N, @)", "(&§"+b+"[int]{}).With(¤L, @)",
		"(&§"+b+"[string]{V: \"s\"}).Mk()(@)", "(§"+b+"[int]{}).Len(@)", "(§"+b+"[struct{ A int }]{}).Len(@)")
	g.own.named = append(g.own.named, "(&§"+b+"[int]{}).Mk()", "(§"+b+"[bool]{}).Len")
}

// selfReferential has a constraint that names its own type parameter.
func (g *generator) selfReferential() {
	c, t, f := g.name("A"), g.name("A"), g.name("G")
	g.printf("type %s[A any] interface {\nAdd(int) A\nInt() int\n}\n\n", c)
	g.printf("func %s[A %s[A]](a A, i int) int {\nreturn a.Add(\ni,\n).Int()\n}\n\n", f, c)
	if g.rand.IntN(2) == 0 {
		return // nothing instantiates it
	}
	g.printf("type %s int\n\nfunc (a %s) Add(i int) %s { return a + %s(i) }\n\nfunc (a %s) Int() int { return int(a) }\n\n", t, t, t, t, t)
	g.own.calls = append(g.own.calls, "§"+f+"(§"+t+"(#), @)")
}

func (g *generator) apply() {
	f := g.name("Ap")
	body := []string{
		"return f(\ni,\n)\n",
		"if f == nil {\nreturn i\n}\nreturn f(\ni,\n)\n",
		"return f(\nf(\ni,\n),\n)\n",
		"r := 0\nfor j := range i {\nr += f(\nj,\n)\n}\nreturn r\n",
		"return func() int {\nreturn f(\ni,\n)\n}()\n",
	}[g.rand.IntN(5)]
	if g.plain {
		body = strings.TrimPrefix(body, "if f == nil {\nreturn i\n}\n")
	}
	g.printf("func %s(f func(int) int, i int) int {\n%s}\n\n", f, body)
	g.own.calls = append(g.own.calls, "§"+f+"(¤N, @)", "§"+f+"(¤L, @)")
	g.kept(f)
}

func (g *generator) functionType() {
	t := g.name("Fn")
	g.printf("type %s func(int) int\n\nfunc (f %s) Do(i int) int {\nreturn f(\ni,\n)\n}\n\n", t, t)
	g.own.calls = append(g.own.calls, "§"+t+"(¤N).Do(@)", "§"+t+"(¤L).Do(@)")
	g.own.named = append(g.own.named, "§"+t+"(§"+g.lastNamed()+").Do")
	g.kept(t + ".Do")
}

func (g *generator) constant() {
	if g.plain {
		g.maker()
		return
	}
	on, level := g.name("On"), g.name("Level")
	g.printf("func %s() bool { return %v }\n\nfunc %s() int { return %d }\n\n", on, g.rand.IntN(3) == 0, level, g.rand.IntN(4))
	g.own.conds = append(g.own.conds, "§"+on+"()", "!§"+on+"()", "§"+level+"() > 1")
}

// variable is initialised by calls.
func (g *generator) variable() {
	v, f := g.name("V"), g.name("FV")
	g.printf("var %s = %s\n\n", v, g.expr(nil, 3))
	g.printf("var %s = %s\n\n", f, g.function())
	g.own.named = append(g.own.named, "§"+f)
	g.own.calls = append(g.own.calls, "§"+f+"(@)")
}

func (g *generator) iterator() {
	if g.minor < 23 {
		g.apply()
		return
	}
	f := g.name("It")
	g.printf("func %s(n int) iter.Seq[int] {\nreturn func(yield func(int) bool) {\nfor i := range n {\n_ = i\nif !yield(\n%s,\n) {\nreturn\n}\n}\n}\n}\n\n", f, g.expr(scope{"i", "n"}, 1))
	g.own.iters = append(g.own.iters, "§"+f+"(@)")
	g.kept(f)
	if over := g.name("It"); g.rand.IntN(2) == 0 { // an iterator over an iterator
		g.printf("func %s(seq iter.Seq[int]) iter.Seq[int] {\nreturn func(yield func(int) bool) {\nfor x := range seq {\nif x > 3 && !yield(\nx,\n) {\nreturn\n}\n}\n}\n}\n\n", over)
		g.own.iters = append(g.own.iters, "§"+over+"(§"+f+"(@))")
		g.kept(over)
	}
}

// treeIterator is an iterator whose method calls itself.
func (g *generator) treeIterator() {
	if g.minor < 23 {
		g.maker()
		return
	}
	t := g.name("Tree")
	g.printf("type %s struct {\nL, R *%s\nK int\n}\n\n", t, t)
	g.printf("func (t *%s) All() iter.Seq[int] {\nreturn func(yield func(int) bool) { t.push(yield) }\n}\n\n", t)
	g.printf("func (t *%s) push(yield func(int) bool) bool {\nif t == nil {\nreturn true\n}\nreturn t.L.push(yield) && yield(\n%s,\n) && t.R.push(yield)\n}\n\n", t, g.expr(scope{"t.K"}, 1))
	g.own.iters = append(g.own.iters, "(&§"+t+"{K: #}).All()")
	g.kept("(*" + t + ").All")
}

func (g *generator) variadic() {
	f := g.name("Va")
	g.printf("func %s(xs ...int) int {\nr := len(xs)\nfor _, x := range xs {\n_ = x\nr += %s\n}\nreturn r\n}\n\n", f, g.expr(scope{"x", "r"}, 1))
	g.own.calls = append(g.own.calls, "§"+f+"(#, @)", "§"+f+"(@)")
	g.kept(f)
}

// results has two results, of which the second is not known when it is inlined: the
// back end would drop what stands behind its test.
func (g *generator) results() {
	f := g.name("Two")
	g.printf("func %s(i int) (int, error) {\nif i < 0 {\nreturn 0, Err\n}\nreturn %s, nil\n}\n\n", f, g.expr(scope{"i"}, 2))
	g.own.fallible = append(g.own.fallible, "§"+f+"(@)")
	g.kept(f)
}

// namedResult has a result that a deferred literal changes.
func (g *generator) namedResult() {
	f := g.name("D")
	g.printf("func %s(i int) (r int) {\ndefer func() {\nr += %s\n}()\nreturn %s\n}\n\n", f, g.expr(scope{"i"}, 1), g.expr(scope{"i"}, 1))
	g.own.calls = append(g.own.calls, "§"+f+"(@)")
	g.own.named = append(g.own.named, "§"+f)
	g.kept(f)
}

func (g *generator) typeSwitch() {
	if g.plain {
		g.variadic() // the back end knows the type
		return
	}
	f := g.name("TS")
	g.printf("func %s(x any) int {\nswitch x := x.(type) {\ncase int:\n_ = x\nreturn %s\ncase string:\nreturn len(x) + %s\n}\nreturn 0\n}\n\n", f, g.expr(scope{"x"}, 1), g.expr(nil, 1))
	g.own.calls = append(g.own.calls, "§"+f+"(@)")
	g.kept(f)
}

// genericMaker is a generic function that returns a literal.
func (g *generator) genericMaker() {
	f := g.name("GMk")
	g.printf("func %s[T any](v T) func(int) int {\nreturn %s\n}\n\n", f, g.literal(nil, 2))
	g.own.calls = append(g.own.calls, "§"+f+"(#)(@)", "§"+f+"(§Text)(@)", "§"+f+"[error](nil)(@)")
	g.own.named = append(g.own.named, "§"+f+"(#)")
}

// embeddedGeneric promotes the method of an instance.
func (g *generator) embeddedGeneric() {
	b, e := g.name("B"), g.name("E")
	g.printf("type %s[T any] struct{ V T }\n\nfunc (b *%s[T]) Put(i int) int {\n%s}\n\n", b, b, g.body(scope{"i"}, 1))
	g.printf("type %s struct{ %s[int] }\n\n", e, b)
	g.own.calls = append(g.own.calls, "(&§"+e+"{}).Put(@)", "(*§"+e+").Put(&§"+e+"{}, @)")
	g.own.named = append(g.own.named, "(&§"+e+"{}).Put")
	g.kept("(*" + e + ").Put")
}

// library passes functions to those of the standard library.
func (g *generator) library() {
	f := g.name("L")
	body := []string{
		"if slices.ContainsFunc([]int{i, i + 1}, func(x int) bool { return " + g.expr(scope{"x"}, 1) + " > 2 }) {\nreturn 1\n}\nreturn 2\n",
		"return strings.IndexFunc(Text, func(r rune) bool { return " + g.expr(scope{"i"}, 1) + " > 2 })\n",
		"var once sync.Once\nonce.Do(func() {\ni += " + g.expr(scope{"i"}, 1) + "\n})\nreturn i\n",
		"xs := []int{i, 2, 1}\nslices.SortFunc(xs, func(a, b int) int { return a - b + " + g.expr(scope{"a"}, 1) + " })\nreturn xs[0]\n",
		"var mu sync.Mutex\nmu.Lock()\ndefer mu.Unlock()\nreturn " + g.expr(scope{"i"}, 1) + "\n",
	}[g.rand.IntN(5)]
	g.declare(f, body)
}

// pairs iterates over pairs, and takes an iterator apart.
func (g *generator) pairs() {
	if g.minor < 23 {
		g.results()
		return
	}
	f := g.name("Ip")
	g.printf("func %s(n int) iter.Seq2[int, int] {\nreturn func(yield func(int, int) bool) {\nfor i := range n {\nif !yield(i, %s) {\nreturn\n}\n}\n}\n}\n\n", f, g.expr(scope{"i", "n"}, 1))
	g.own.pairs = append(g.own.pairs, "§"+f+"(@)")
	g.kept(f)
	if pattern, qualifier := g.one(func(c callables) []string { return c.iters }); pattern != "" {
		p := g.name("Pull")
		seq := g.fill(pattern, qualifier, scope{"i"}, 1)
		g.declare(p, "next, stop := iter.Pull("+seq+")\ndefer stop()\nv, _ := next()\nreturn v + "+g.expr(scope{"v"}, 1)+"\n")
	}
}

// genericMethod is new in Go 1.27.
func (g *generator) genericMethod() {
	if g.minor < 27 {
		g.genericMaker()
		return
	}
	t := g.name("M")
	g.printf("type %s struct{ K int }\n\nfunc (m *%s) Do[T any](v T, i int) int {\n%s}\n\n", t, t, g.body(scope{"i", "m.K"}, 2))
	g.printf("func (m %s) Map[T, U any](f func(T) U, v T) U {\nreturn f(\nv,\n)\n}\n\n", t)
	v := "(&§" + t + "{K: #})"
	g.own.calls = append(g.own.calls, v+".Do(§Text, @)", v+".Do[int](#, @)", v+".Map(¤N, @)", v+".Map(¤L, @)")
}
