package crosscheck

// statement adds to r, an int variable in s.
func (g *generator) statement(s scope, r string, depth int) string {
	add := func() string { return r + " += " + g.expr(s, depth) + "\n" }
	if depth <= 0 {
		return add()
	}
	x := g.name("v")
	kind := g.rand.IntN(34)
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
	case 26: // a deferred or started literal with an argument
		word := []string{"defer", "go"}[g.rand.IntN(2)]
		return word + " func(" + x + " int) {\n_ = " + x + "\nSink += " + g.expr(s.with(x), depth-1) + "\n}(\n" + g.expr(s, depth-2) + ",\n)\n"
	case 27: // a loop around a select, which leaves it
		label := g.name("l")
		return label + ":\nfor {\nselect {\ncase " + x + " := <-Chan:\n_ = " + x + "\n" + r + " += " + g.expr(s.with(x), depth-1) + "\ncase Chan <- " + g.expr(s, 1) + ":\ncontinue " + label + "\ndefault:\n" + add() + "break " + label + "\n}\n}\n"
	case 28: // built-in functions
		return x + " := map[int]int{" + r + ": " + g.atom(s) + "}\n" + r + " = min(" + r + ", " + g.expr(s, depth-1) + ")\nclear(" + x + ")\n" + r + " += len(" + x + ")\n"
	case 29: // several statements on a line
		return r + " += " + g.expr(s, 0) + "; if " + g.condition(s, 0) + " { " + r + "++ }; " + x + " := " + g.function() + "; _ = " + x + "\n"
	case 30: // a literal that an inlined call got, made in a loop
		return "var " + x + " func(int) int\nfor " + x + "i := range 3 {\n_ = " + x + "i\n" + x + " = " + g.literal(s.with(x+"i"), depth-1) + "\n}\n" + r + " += " + x + "(\n" + g.expr(s, depth-2) + ",\n)\n"
	case 31: // an iterator within a literal
		if pattern, qualifier := g.one(func(c callables) []string { return c.iters }); pattern != "" {
			return r + " = func() int {\nfor " + x + " := range " + g.fill(pattern, qualifier, s, depth-1) + " {\n" + r + " += " + x + "\n" + g.statement(s.with(x), r, depth-1) + "}\nreturn " + r + "\n}()\n"
		}
		return add()
	case 32: // a condition that is constant
		if g.plain {
			return add()
		}
		return "const " + x + " = iota + 2\nif " + x + " > 3 && " + g.condition(s, 1) + " || 1 << " + x + " == 5 {\n" + add() + "}\nswitch " + x + " {\ncase 1:\n" + add() + "case 2:\n" + add() + "}\n"
	case 33: // a literal that is made and called by literals
		return x + " := func() func(int) int {\nreturn " + g.literal(s, depth-1) + "\n}\n" + r + " += " + x + "()(\n" + g.expr(s, depth-2) + ",\n)\n"
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
