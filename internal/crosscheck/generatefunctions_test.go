package crosscheck

import "strings"

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
	end := scope{"i"}
	if g.plain {
		end = scope{"Sink"} // the back end knows that i is not positive there
	}
	g.declare(f, "if i <= 0 {\nreturn "+g.expr(end, 1)+"\n}\nreturn "+step+" + "+g.expr(scope{"i"}, 1)+"\n")
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
	test := "i < 0"
	if g.plain {
		test = "Sink < 0" // the back end would know that i is not negative
	}
	g.printf("func %s(i int) (int, error) {\nif %s {\nreturn 0, Err\n}\nreturn %s, nil\n}\n\n", f, test, g.expr(scope{"i"}, 2))
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

// loopClosure returns a literal that captures the variable of a loop.
func (g *generator) loopClosure() {
	f := g.name("Lc")
	literal := g.literal(scope{"k", "j"}, 1)
	g.printf("func %s(k int) func(int) int {\nvar fs []func(int) int\nfor j := range 3 {\n_ = j\nfs = append(fs, %s)\n}\nreturn fs[k&1]\n}\n\n", f, literal)
	g.own.calls = append(g.own.calls, "§"+f+"(#)(@)")
	g.own.named = append(g.own.named, "§"+f+"(#)")
	g.kept(f)
}

// initialize runs when the package is initialised, before or after others of its kind.
func (g *generator) initialize() {
	g.printf("func init() {\nSink += %s\n}\n\n", g.expr(nil, 2))
	g.printf("var %s = func() int {\nreturn %s\n}()\n\n", g.name("V"), g.expr(nil, 2))
	table := g.name("V")
	g.printf("var %s = map[string]func(int) int{\n\"a\": %s,\n\"b\": %s,\n}\n\n", table, g.literal(nil, 2), g.function())
	g.own.named = append(g.own.named, "§"+table+"[§Text]")
	g.own.calls = append(g.own.calls, "§"+table+"[§Text](@)")
}
