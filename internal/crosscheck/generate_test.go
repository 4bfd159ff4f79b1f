package crosscheck

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
	// second is the text of the second file.
	second strings.Builder

	own      callables
	imported []*generated
	keep     []string // functions that the linker must not drop
}

// callables are what other code may use of a package, as patterns.
type callables struct {
	calls, named, iters, conds []string
	fallible, pairs            []string // calls with two results: int and error; iterators over pairs
}

// A generated package is its files, and what packages that import it may use.
type generated struct {
	name  string // "p17"
	files map[string]string
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
		g.loopClosure, g.initialize, g.genericExpressions, g.promotedInterface, g.genericSwitch,
	}
	for range 6 + g.rand.IntN(10) {
		from := g.text.Len()
		kinds[g.rand.IntN(len(kinds))]()
		if g.rand.IntN(4) == 0 { // in another file
			text := g.text.String()
			g.second.WriteString(text[from:])
			g.text.Reset()
			g.text.WriteString(text[:from])
		}
	}
	g.printf("var Sink int\n\nvar Text = \"a\"\n\nvar Chan chan int\n\nvar Err error\n\n// Keep has every function, so that the linker keeps their code.\nvar Keep = []any{\n%s}\n", strings.Join(g.keep, ""))
	files := map[string]string{
		"a.go": g.file(g.text.String()),
		// The witnesses tell lines apart, and not files: no line is in both.
		"b.go": strings.Repeat("\n", 5000) + "//go:build !never\n\n" + g.file(g.second.String()),
		"c.go": "//go:build never\n\npackage " + g.path + "\n\nfunc init() { missing() }\n",
	}
	return &generated{name: g.path, files: files, callables: g.own}
}

// file is a file with the declarations in text.
func (g *generator) file(text string) string {
	var head strings.Builder
	fmt.Fprintf(&head, "package %s\n\n", g.path)
	for _, std := range []string{"iter", "slices", "strings", "sync"} {
		if strings.Contains(text, std+".") {
			fmt.Fprintf(&head, "import %q\n", std)
		}
	}
	for _, p := range g.imported {
		if strings.Contains(text, p.name+".") {
			fmt.Fprintf(&head, "import %q\n", "generated/"+p.name)
		}
	}
	return head.String() + "\n" + text
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
