package crosscheck

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// A claim is a remark that the compiler must have printed if a verdict is true.
type claim struct {
	file  string // base name
	line  int
	texts []string // the ways in which the compiler may put it
	from  string   // the verdict, for messages
	// must is false for what a verdict allows but does not imply: a wrapper of
	// a generic function, which exists only where something needs it.
	must bool
}

// claims translates the verdicts on a package into the compiler's remarks, as
// -m or (detailed) -m=2 prints them.
func claims(t *testing.T, p *inline.Package, detailed bool, names map[string]string) []claim {
	t.Helper()
	c := &claimer{t: t, pkg: p, detailed: detailed, names: names, sources: map[string][]string{}}
	for i := range p.Functions {
		c.function(&p.Functions[i])
	}
	for i := range p.Calls {
		c.call(&p.Calls[i])
	}
	return c.list
}

type claimer struct {
	t        *testing.T
	pkg      *inline.Package
	detailed bool
	names    map[string]string   // of packages, by path
	sources  map[string][]string // lines by file
	list     []claim
}

func (c *claimer) add(pos inline.Position, must bool, from string, texts ...string) {
	c.list = append(c.list, claim{pos.File[strings.LastIndexByte(pos.File, '/')+1:], pos.Line, texts, from, must})
}

func (c *claimer) printed(link string) string { return printed(c.pkg.Path, link, c.names) }

func (c *claimer) function(f *inline.Function) {
	if len(f.Instances) == 0 {
		if f.Known {
			c.inlinable(f.Pos, true, c.printed(f.Name), f.Inlinable, f.Cost, f.Budget, f.Reason)
		}
		return
	}
	for _, inst := range f.Instances {
		c.inlinable(f.Pos, inst.Shape != "", c.printed(withArgs(f.Name, inst.Shape)), inst.Inlinable, inst.Cost, inst.Budget, inst.Reason)
		wrapper := c.printed(withArgs(f.Name, strings.Join(inst.TypeArgs, ",")))
		c.inlinable(f.Pos, false, wrapper, inst.Inlinable, inst.Cost, inst.Budget, inst.Reason)
		if inst.Inlinable {
			c.add(f.Pos, false, "instance of "+f.Name, "inlining call to "+c.printed(withArgs(f.Name, inst.Shape)))
		}
	}
}

func (c *claimer) inlinable(pos inline.Position, must bool, name string, ok bool, cost, budget int, reason *inline.Reason) {
	switch {
	case ok && c.detailed:
		c.add(pos, must, "function "+name, fmt.Sprintf("can inline %s with cost %d as: ", name, cost))
	case ok:
		c.add(pos, must, "function "+name, "can inline "+name)
	case reason != nil:
		words := []string{reason.Message, "unhandled op " + reason.Op, "marked " + reason.Message}
		if reason.Code == inline.CodeTooExpensive {
			words = []string{fmt.Sprintf("function too complex: cost %d exceeds budget %d", cost, budget)}
		}
		var texts []string
		for _, w := range words {
			texts = append(texts, "cannot inline "+name+": "+w)
		}
		c.add(pos, must && c.detailed, "function "+name, texts...)
	}
}

func (c *claimer) call(call *inline.Call) {
	if call.Status == inline.StatusInlined || call.Wrapped {
		c.inlined(call, call.Callee)
	}
	if call.Status == inline.StatusMixed {
		for _, inst := range call.Instances {
			if inst.Status == inline.StatusInlined {
				c.inlined(call, inst.Callee)
			}
		}
	}
	c.nested(call, call.Inlines)
	c.devirtualized(call.Pos, call.Pos, call.Devirtualized)
	if call.Via == "go" || call.Via == "defer" {
		c.wrapper(call)
	}
}

// devirtualized claims the remark, at the place of the outermost call, on the
// call through an interface whose "(" is at paren.
func (c *claimer) devirtualized(at, paren inline.Position, to string) {
	if to == "" {
		return
	}
	fun := c.operand(paren)
	c.add(at, true, "devirtualized "+fun, fmt.Sprintf("devirtualizing %s to %s", fun, to), fmt.Sprintf("partially devirtualizing %s to %s", fun, to))
}

// wrapper allows the remark on the function that the compiler makes of a go or
// defer statement. It is in no source, so there is no verdict on it.
func (c *claimer) wrapper(call *inline.Call) {
	var texts []string
	for n := range 20 {
		texts = append(texts, fmt.Sprintf("can inline %s.%swrap%d", c.printed(call.Caller), call.Via, n+1))
	}
	c.add(call.Pos, false, "wrapper of "+call.Via, texts...)
}

func (c *claimer) inlined(call *inline.Call, callee string) {
	c.add(call.Pos, true, "call of "+callee, c.inlining(callee)...)
}

func (c *claimer) nested(call *inline.Call, list []inline.Inlined) {
	for _, in := range list {
		if in.Status == inline.StatusInlined {
			c.add(call.Pos, true, "call of "+in.Callee+" in "+call.Callee, c.inlining(in.Callee)...)
		}
		if in.Status != inline.StatusDynamic {
			c.bound(call, in)
		}
		c.nested(call, in.Inlines)
	}
}

// bound allows the remark that a call through an interface was bound to a
// method, where a method is called in an inlined body. Whether the source has
// a static call there or one through an interface, the verdict does not say.
func (c *claimer) bound(call *inline.Call, in inline.Inlined) {
	name := c.printed(in.Callee)
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 || !in.Pos.IsValid() {
		return
	}
	recv := strings.NewReplacer("(", "", ")", "").Replace(name[:dot])
	c.add(call.Pos, false, "method called in "+call.Callee, fmt.Sprintf("devirtualizing %s to %s", c.operand(in.Pos), recv))
}

// inlining returns the forms of a remark on an inlined call. Where a verdict
// names type arguments, the compiler names their shapes.
func (c *claimer) inlining(callee string) []string {
	name := c.printed(callee)
	texts := []string{"inlining call to " + name}
	if open, end := strings.IndexByte(name, '['), strings.LastIndexByte(name, ']'); open >= 0 && end > open {
		args := strings.Split(name[open+1:end], ",")
		for i, a := range args {
			args[i] = "go.shape." + strings.TrimPrefix(strings.TrimSpace(a), "go.shape.")
		}
		texts = append(texts, "inlining call to "+name[:open+1]+strings.Join(args, ",")+name[end:])
	}
	return texts
}

// operand returns the source text in front of the "(" of a call, back to where
// the expression begins: v.M, any(a).(I).M.
func (c *claimer) operand(pos inline.Position) string {
	lines, ok := c.sources[pos.File]
	if !ok {
		text, err := os.ReadFile(pos.File)
		if err != nil {
			c.t.Fatal(err)
		}
		lines = strings.Split(string(text), "\n")
		c.sources[pos.File] = lines
	}
	if pos.Line > len(lines) || pos.Col-1 > len(lines[pos.Line-1]) {
		return ""
	}
	text := lines[pos.Line-1][:pos.Col-1]
	depth, i := 0, len(text)
	for ; i > 0; i-- {
		b := text[i-1]
		switch {
		case b == ')' || b == ']':
			depth++
			continue
		case (b == '(' || b == '[') && depth > 0:
			depth--
			continue
		}
		if depth == 0 && !(b == '.' || b == '_' || b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z') {
			break
		}
	}
	return text[i:]
}
