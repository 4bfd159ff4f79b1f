package crosscheck

import (
	"regexp"
	"strings"
	"testing"
)

// printed returns a link name as the compiler prints it in its remarks on the
// package with the import path own: without the package's own name, and with
// the name instead of the path of another. The last element of a path stands for
// the name if names, from paths to names, has no entry. Type arguments are left alone.
func printed(own, link string, names map[string]string) string {
	for _, prefix := range []string{own + ".", "main."} {
		if rest, ok := strings.CutPrefix(link, prefix); ok {
			return rest
		}
	}
	head := link
	if i := strings.IndexAny(link, "[("); i >= 0 {
		head = link[:i]
	}
	last := strings.LastIndexByte(head, '/') + 1
	if dot := strings.IndexByte(link[last:], '.'); dot >= 0 {
		if name := names[link[:last+dot]]; name != "" {
			return name + link[last+dot:]
		}
	}
	return link[last:]
}

// withoutArgs drops every [...] from a name, so that instances of one generic
// function have one name: the compiler names shapes, a verdict the user's types.
func withoutArgs(name string) string {
	if !strings.Contains(name, "[") {
		return name
	}
	var b strings.Builder
	depth := 0
	for _, r := range name {
		switch {
		case r == '[':
			depth++
		case r == ']' && depth > 0:
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// sameCallee reports whether two link names are of one function. A copy of a
// function literal, which comes into being where the function around it is
// inlined, has a name of its own (F.G.func1.func2), and a verdict names the
// literal of which it is one (G.func1.1): what is a literal is the same as any.
func sameCallee(a, b string) bool {
	return withoutArgs(a) == withoutArgs(b) || ofLiteral(a) && ofLiteral(b)
}

func ofLiteral(name string) bool { return literalParts.MatchString(name) }

// Since Go 1.27 the literals of a function that is inlined are F.1, F.2.
var literalParts = regexp.MustCompile(`\.func\d|-range\d|\.\d+$`)

// withArgs puts type arguments into the name of a generic function: behind the
// name of the function, or of the receiver's type: p.F, p.(*T).M, p.T.M.
func withArgs(name, args string) string {
	slash := strings.LastIndexByte(name, '/') + 1
	if end := strings.Index(name[slash:], ")."); end >= 0 && strings.Contains(name[slash:slash+end], "(*") {
		return name[:slash+end] + "[" + args + "]" + name[slash+end:]
	}
	parts := strings.SplitN(name[slash:], ".", 4)
	if len(parts) == 3 && !strings.HasPrefix(parts[2], "func") {
		return name[:slash] + parts[0] + "." + parts[1] + "[" + args + "]." + parts[2]
	}
	if len(parts) < 2 {
		return name + "[" + args + "]"
	}
	parts[1] += "[" + args + "]"
	return name[:slash] + strings.Join(parts, ".")
}

func TestNames(t *testing.T) {
	names := map[string]string{"math/rand/v2": "rand"}
	for _, test := range []struct{ own, link, want string }{
		{"net/http", "net/http.(*Client).Do", "(*Client).Do"},
		{"net/http", "strings.ToUpper", "strings.ToUpper"},
		{"net/http", "unicode/utf8.RuneLen", "utf8.RuneLen"},
		{"p", "math/rand/v2.(*Rand).Uint", "rand.(*Rand).Uint"},
		{"p", "sync/atomic.(*Pointer[a/b.T]).Load", "atomic.(*Pointer[a/b.T]).Load"},
		{"x/cmd", "main.f.func1", "f.func1"},
		{"example.com/p", "example.com/p.T.M", "T.M"},
	} {
		if got := printed(test.own, test.link, names); got != test.want {
			t.Errorf("printed(%q, %q) = %q, want %q", test.own, test.link, got, test.want)
		}
	}
	for _, test := range []struct{ name, want string }{
		{"p.F", "p.F[int]"},
		{"a.b/p.F", "a.b/p.F[int]"},
		{"a/p.(*T).M", "a/p.(*T[int]).M"},
		{"a/p.T.M", "a/p.T[int].M"},
		{"p.F.func1", "p.F[int].func1"},
		{"p.(*T).M.func2", "p.(*T[int]).M.func2"},
	} {
		got := withArgs(test.name, "int")
		if got != test.want {
			t.Errorf("withArgs(%q) = %q, want %q", test.name, got, test.want)
		}
		if back := withoutArgs(got); back != test.name {
			t.Errorf("withoutArgs(%q) = %q, want %q", got, back, test.name)
		}
	}
	if got := withoutArgs("m[a.T[int],b]x[]"); got != "mx" {
		t.Errorf("withoutArgs of nested brackets: %q", got)
	}
}
