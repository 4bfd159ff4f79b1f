package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
)

// A Key names a function, or a call, so that most edits leave the name as it is. It has no
// line numbers, and no numbers of function literals: a literal belongs to the declared
// function around it.
type Key struct {
	Package string // import path
	Variant string // "test" for a compile with test files
	Caller  string // the declared function, with its import path; PATH.init outside of functions
	// Callee is "" for a function. The name has no type arguments. It is ".M" for a method
	// called through an interface, also where the compiler found out which one that is,
	// and "func" for a function literal or value.
	Callee string
	// Ordinal counts the calls of Callee in Caller from 1, in the order of the source.
	Ordinal int
	// Instance has the type arguments of a generic Caller; "" for all instances.
	Instance string
}

// String is the text of findings and fingerprints: "p.F -> q.G #2 [int]".
func (k Key) String() string {
	var b strings.Builder
	b.WriteString(k.Caller)
	if k.Callee != "" {
		fmt.Fprintf(&b, " -> %s #%d", k.Callee, k.Ordinal)
	}
	if k.Instance != "" {
		fmt.Fprintf(&b, " [%s]", k.Instance)
	}
	if k.Variant == "test" { // an external test has a path of its own
		b.WriteString(" (test)")
	}
	return b.String()
}

// Compare orders keys by caller, then callee.
func (k Key) Compare(l Key) int {
	return cmp.Or(
		cmp.Compare(k.Caller, l.Caller), cmp.Compare(k.Variant, l.Variant), cmp.Compare(k.Callee, l.Callee),
		cmp.Compare(k.Ordinal, l.Ordinal), cmp.Compare(k.Instance, l.Instance))
}

// In returns the key for one instance of the caller.
func (k Key) In(typeArgs []string, shape string) Key {
	k.Instance = cmp.Or(strings.Join(typeArgs, ","), shape)
	return k
}

// Keys has the keys of a package's functions and calls.
type Keys struct {
	p     *inline.Package
	names map[string]bool // of functions
	Calls []Key           // of the package's calls, at their indexes
}

// Literals and values have no name that lasts.
const calleeFunc = "func"

// KeysOf returns the keys of a package.
func KeysOf(p *inline.Package) *Keys {
	k := &Keys{p: p, names: make(map[string]bool, len(p.Functions))}
	for i := range p.Functions {
		k.names[p.Functions[i].Name] = true
	}
	k.Calls = make([]Key, len(p.Calls))
	inOrder := make([]int, len(p.Calls))
	for i := range p.Calls {
		inOrder[i] = i
		c := &p.Calls[i]
		k.Calls[i] = Key{
			Package: p.Path, Variant: p.Variant,
			Caller: k.qualified(k.declared(c.Caller)), Callee: k.callee(c),
		}
	}
	// Calls are in the order of the source already, unless directives moved lines.
	slices.SortStableFunc(inOrder, func(i, j int) int { return p.Calls[i].Pos.Compare(p.Calls[j].Pos) })
	count := make(map[[2]string]int)
	for _, i := range inOrder {
		pair := [2]string{k.Calls[i].Caller, k.Calls[i].Callee}
		count[pair]++
		k.Calls[i].Ordinal = count[pair]
	}
	return k
}

// Function returns the key of a function of the package. It is that of the declared
// function around it for a literal.
func (k *Keys) Function(f *inline.Function) Key {
	return Key{Package: k.p.Path, Variant: k.p.Variant, Caller: k.qualified(k.declared(f.Name))}
}

// IsLiteral reports whether a function of the package is a literal, or the body of a
// range-over-func loop.
func (k *Keys) IsLiteral(f *inline.Function) bool { return k.declared(f.Name) != f.Name }

// declared returns the link name of the declared function that a function is part of.
func (k *Keys) declared(name string) string {
	for outer := name; ; {
		cut, ok := withoutLiteral(outer)
		if !ok {
			return name
		}
		outer = cut
		switch {
		case k.names[outer]:
			name = outer
		case strings.HasSuffix(outer, ".glob."): // outside of functions, before Go 1.21
			return strings.TrimSuffix(outer, "glob.") + "init"
		case strings.HasSuffix(outer, ".init"):
			return outer
		}
	}
}

// withoutLiteral cuts the last part off a name that may be a literal's: F.func1,
// F.func1.2, F-range1.
func withoutLiteral(name string) (string, bool) {
	rest := strings.TrimRight(name, "0123456789")
	if rest == name {
		return name, false
	}
	for _, suffix := range []string{".func", "-range", "."} {
		outer, ok := strings.CutSuffix(rest, suffix)
		if ok && suffix == "." && strings.TrimRight(outer, "0123456789") == outer {
			break // init.0
		}
		if ok {
			return outer, true
		}
	}
	return name, false
}

// callee returns what a call calls, as a key has it.
func (k *Keys) callee(c *inline.Call) string {
	switch {
	case c.Devirtualized != "", c.Callee != "" && c.Status == inline.StatusDynamic:
		return "." + linkname.Base(c.Callee)
	case c.Callee == "":
		return calleeFunc
	}
	name := linkname.Generic(c.Callee)
	if k.declared(name) != name {
		return calleeFunc
	}
	return k.qualified(name)
}

// qualified puts the import path of a command in the place of "main".
func (k *Keys) qualified(name string) string {
	if rest, ok := strings.CutPrefix(name, "main."); ok && k.p.Name == "main" {
		return k.p.Path + "." + rest
	}
	return name
}
