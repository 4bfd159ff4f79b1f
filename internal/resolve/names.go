package resolve

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/inlinelens/inlinelens/internal/linkname"
)

// funcName returns the name of f within its package, as the compiler forms it:
// F, T.M, (*T).M. Type parameters of the receiver are left out. It returns ""
// for a method of an interface.
func funcName(f *types.Func) string {
	recv := f.Signature().Recv()
	if recv == nil {
		return f.Name()
	}
	t := types.Unalias(recv.Type())
	ptr := false
	if p, ok := t.(*types.Pointer); ok {
		t, ptr = types.Unalias(p.Elem()), true
	}
	named, ok := t.(*types.Named)
	if !ok || types.IsInterface(named) {
		return ""
	}
	if ptr {
		return "(*" + named.Obj().Name() + ")." + f.Name()
	}
	return named.Obj().Name() + "." + f.Name()
}

// lookupFunc finds a function or method of a package by what funcName says of it.
func lookupFunc(pkg *types.Package, name string) *types.Func {
	recv, method, isMethod := strings.Cut(name, ".")
	if !isMethod {
		f, _ := pkg.Scope().Lookup(name).(*types.Func)
		return f
	}
	recv = strings.TrimSuffix(strings.TrimPrefix(recv, "(*"), ")")
	obj, ok := pkg.Scope().Lookup(recv).(*types.TypeName)
	if !ok {
		return nil
	}
	named, ok := types.Unalias(obj.Type()).(*types.Named)
	if !ok {
		return nil
	}
	for m := range named.Methods() {
		if m.Name() == method {
			return m
		}
	}
	return nil
}

// declName is funcName for a declaration whose types may be broken.
func declName(d *ast.FuncDecl, info *types.Info) string {
	if f, ok := info.Defs[d.Name].(*types.Func); ok {
		if name := funcName(f); name != "" {
			return name
		}
	}
	return d.Name.Name
}

// An instance of a generic function is looked up by its name without type arguments
// and all of these: a method of a generic type may have its own (Go 1.27), so that
// they stand in two places of the name.

// instanceKey joins a name without type arguments and those.
func instanceKey(base, typeArgs string) string { return base + "[" + typeArgs + "]" }

// keyOf returns the key of a printed name.
func keyOf(name string) string { return instanceKey(linkname.Generic(name), linkname.TypeArgs(name)) }

// literalNumber reports whether a printed name ends as those of function
// literals and of the bodies of range-over-func loops do: F.func1, F.func1.2,
// F-range1.
func literalNumber(name string) bool {
	rest := strings.TrimRight(name, "0123456789")
	return rest != name && (strings.HasSuffix(rest, ".func") || strings.HasSuffix(rest, "-range") || strings.HasSuffix(rest, "."))
}

// copied returns the link name of the innermost function around a function literal
// with which the compiler copies the literal where it inlines the function; "" if
// there is none.
func (k *Linkable) copied(caller string) string {
	name := k.local(caller)
	for literalNumber(name) {
		name = strings.TrimRight(name, "0123456789")
		for _, suffix := range []string{".func", "-range", "."} {
			if outer, ok := strings.CutSuffix(name, suffix); ok {
				name = outer
				break
			}
		}
		if f := k.funcs[name]; f != nil && f.Inlinable {
			return f.Name
		}
	}
	return ""
}

// isOwnLiteral reports whether a printed name is that of a function literal in
// the function root itself. Copies that inlining makes of it are named for all
// functions that they were inlined through. Since Go 1.27 a copy is named by its
// number in the literal root, as if that were a function, or the other way round:
// root.1, root.func1.func1.
func isOwnLiteral(printed, root string) bool {
	rest, ok := strings.CutPrefix(linkname.Generic(printed), root)
	separators := []string{".func", "-range"}
	for ok && rest != "" {
		for _, sep := range separators {
			if rest, ok = strings.CutPrefix(rest, sep); ok {
				separators = []string{".", "-range"} // in a literal
				if sep == "-range" {
					separators = []string{".func", "-range", "."}
				}
				break
			}
		}
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		ok = ok && digits > 0
		rest = rest[digits:]
	}
	return ok
}

// isShaped reports whether a printed name is the one of a shaped instance, the
// code that is shared by all type arguments with one underlying type.
func isShaped(name string) bool { return strings.Contains(name, shapePrefix) }

// isWrapper reports whether a printed name is the one of a wrapper that calls a shaped
// instance: it stands for the instance as a value, or as the method of an interface.
func isWrapper(name string) bool { return strings.Contains(name, "[") && !isShaped(name) }

// unshape makes the shape of a type argument readable where no type argument
// that a user wrote is known for it.
func unshape(shape string) string {
	s := strings.ReplaceAll(shape, shapePrefix, "")
	if s == "*uint8" {
		return "*T" // every pointer has this shape
	}
	return s
}

// linkJoin qualifies a name within a package by the package's path.
func linkJoin(path, name string) string { return path + "." + name }
