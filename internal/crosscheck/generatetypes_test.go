package crosscheck

import "strings"

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

// genericExpressions uses the methods of a generic type as values and expressions.
func (g *generator) genericExpressions() {
	q := g.name("Q")
	g.printf("type %s[T any] struct{ V T }\n\nfunc (q *%s[T]) Put(v T, i int) int {\nq.V = v\nreturn %s\n}\n\n", q, q, g.expr(scope{"i"}, 2))
	g.printf("func (q %s[T]) Len(i int) int {\n%s}\n\n", q, g.body(scope{"i"}, 1))
	g.own.calls = append(g.own.calls, "(*§"+q+"[int]).Put(&§"+q+"[int]{}, #, @)", "(*§"+q+"[string]).Put(&§"+q+"[string]{}, §Text, @)", "§"+q+"[int].Len(§"+q+"[int]{}, @)", "(*§"+q+"[int]).Len(&§"+q+"[int]{}, @)")
	g.own.named = append(g.own.named, "(&§"+q+"[int]{}).Len", "(§"+q+"[string]{}).Len")
}

// promotedInterface has the method of an interface promoted through two structs.
func (g *generator) promotedInterface() {
	i, t, in, out := g.name("I"), g.name("T"), g.name("P"), g.name("P")
	g.printf("type %s interface{ Run(int) int }\n\ntype %s struct{ K int }\n\nfunc (t %s) Run(i int) int {\n%s}\n\n", i, t, t, g.body(scope{"i", "t.K"}, 1))
	g.printf("type %s struct{ %s }\n\ntype %s struct{ *%s }\n\n", in, i, out, in)
	g.own.calls = append(g.own.calls, "(§"+out+"{&§"+in+"{§"+t+"{K: #}}}).Run(@)", "§"+out+".Run(§"+out+"{&§"+in+"{§"+t+"{K: #}}}, @)", "(*§"+out+").Run(&§"+out+"{&§"+in+"{§"+t+"{K: #}}}, @)")
	g.own.named = append(g.own.named, "(§"+out+"{&§"+in+"{§"+t+"{K: #}}}).Run")
	g.kept("(*" + out + ").Run")
	g.kept(t + ".Run")
}

// genericSwitch looks at the type that its type parameter stands for.
func (g *generator) genericSwitch() {
	if g.plain {
		g.generic() // the back end may know the type
		return
	}
	f := g.name("GS")
	g.printf("func %s[T any](x T, i int) int {\nswitch x := any(x).(type) {\ncase int:\nreturn x + %s\ncase string:\nreturn len(x) + %s\ncase interface{ Act(int) int }:\nreturn x.Act(\ni,\n)\n}\nreturn %s\n}\n\n",
		f, g.expr(scope{"i"}, 1), g.expr(scope{"i"}, 1), g.expr(scope{"i"}, 1))
	g.own.calls = append(g.own.calls, "§"+f+"(#, @)", "§"+f+"(§Text, @)", "§"+f+"[error](nil, @)")
}
