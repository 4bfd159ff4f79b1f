package rewrite

import (
	"go/ast"
	"go/types"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// fresh returns a name for a new function that means nothing yet anywhere in the
// package and is not given to a part of another function.
// Names of functions made for a method say of which type, those of methods need not.
func (f *function) fresh(kind Kind, ends bool, method bool) string {
	base := lowered(f.decl.Name.Name)
	if recv := f.sig.Recv(); recv != nil && !method {
		t := types.Unalias(recv.Type())
		if p, ok := t.(*types.Pointer); ok {
			t = types.Unalias(p.Elem())
		}
		if named, ok := t.(*types.Named); ok {
			first, size := utf8.DecodeRuneInString(base)
			base = lowered(named.Obj().Name()) + string(unicode.ToUpper(first)) + base[size:]
		}
	}
	switch kind {
	case ColdPath:
		base += "Cold"
		if ends {
			base = strings.TrimSuffix(base, "Cold") + "Fail"
		}
	case SlowPath:
		base += "Slow"
	case AfterChecks:
		base += "Checked"
	case Loop:
		base += "Loop"
	case Branch, Unwrap:
		base += "Rest"
	}
	for n := 1; ; n++ {
		name := base
		if n > 1 {
			name += strconv.Itoa(n)
		}
		if of := f.given[name]; (of == nil || of == f.decl) && !f.known()[name] && types.Universe.Lookup(name) == nil && (f.Taken == nil || !f.Taken(name)) {
			if f.given == nil {
				f.given = make(map[string]*ast.FuncDecl)
			}
			f.given[name] = f.decl
			return name
		}
	}
}

// known returns all identifiers of the package.
func (p *Package) known() map[string]bool {
	if p.names == nil {
		p.names = make(map[string]bool)
		for _, file := range p.Files {
			ast.Inspect(file, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					p.names[id.Name] = true
				}
				return true
			})
		}
	}
	return p.names
}

// lowered makes a name one that is not exported: Lock is lock, HTTPGet httpGet.
func lowered(name string) string {
	runes := []rune(name)
	for i, r := range runes {
		if !unicode.IsUpper(r) || i > 0 && i+1 < len(runes) && unicode.IsLower(runes[i+1]) {
			break
		}
		runes[i] = unicode.ToLower(r)
	}
	return string(runes)
}
