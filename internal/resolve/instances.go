package resolve

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/remark"
)

// instancesOf lists the compiled instances of a generic function, in the order
// in which the compiler came to them. shaped are the remarks on the code of
// each shape; plain those on the wrappers, one for each list of type arguments
// that the unit uses, as the compiler prints it.
func (w *walker) instancesOf(shaped, plain []remark.Remark, c *caller) []instance {
	var list []instance
	for _, r := range shaped {
		args := linkname.TypeArgs(r.Name)
		list = append(list, instance{shape: args, shapes: linkname.SplitTypeArgs(args), remark: r})
	}
	root := rootOf(c).name
	known := w.userArgs[root]
	if p, ok := w.probes[root]; ok {
		if !slices.ContainsFunc(known, func(u userArgs) bool { return slices.Equal(u.args, p.args) }) {
			known = append(slices.Clone(known), userArgs(p))
		}
	}
	for i := range list {
		in := &list[i]
		for _, u := range known {
			if u.shape == in.shape {
				in.users = append(in.users, u.args)
			}
		}
		if len(in.users) == 0 {
			for _, r := range plain {
				args := linkname.SplitTypeArgs(linkname.TypeArgs(r.Name))
				if basicShape(args) == in.shape {
					in.users = append(in.users, args)
				}
			}
		}
		if len(in.users) == 0 {
			readable := make([]string, 0, len(in.shapes))
			for _, s := range in.shapes {
				readable = append(readable, unshape(s))
			}
			in.users = append(in.users, readable)
		}
	}
	return list
}

func rootOf(c *caller) *caller {
	for c.parent != nil {
		c = c.parent
	}
	return c
}

// basicShape returns the shape of type arguments that are all basic types, and
// "" if one is not.
func basicShape(args []string) string {
	shapes := make([]string, 0, len(args))
	for _, a := range args {
		if obj := types.Universe.Lookup(a); obj == nil {
			return ""
		}
		shapes = append(shapes, shapePrefix+a)
	}
	return strings.Join(shapes, ",")
}

// userArgs are type arguments as the source has them, with the shape that the
// compiler makes of them.
type userArgs struct {
	args  []string
	shape string
}

// collectUserArgs finds the type arguments with which each file of the unit
// instantiates the unit's own generic functions and types, by the name of the
// function within the package.
func (w *unit) collectUserArgs() map[*token.File]map[string][]userArgs {
	files := make(map[*token.File]map[string][]userArgs)
	var found map[string][]userArgs // in one file
	add := func(f *types.Func, list []types.Type) {
		shapes := shapesOf(typeParams(f), list, w.source.Go)
		if shapes == nil {
			return
		}
		u := userArgs{shape: strings.Join(shapes, ",")}
		for _, t := range list {
			u.args = append(u.args, w.typeString(t))
		}
		name := funcName(f)
		for _, old := range found[name] {
			if slices.Equal(old.args, u.args) {
				return
			}
		}
		found[name] = append(found[name], u)
	}
	for id, inst := range w.info.Instances {
		file := w.fset.File(id.Pos())
		if found = files[file]; found == nil {
			found = make(map[string][]userArgs)
			files[file] = found
		}
		switch obj := w.info.Uses[id].(type) {
		case *types.Func:
			if obj.Pkg() == w.pkg {
				add(obj, append(receiverArgs(obj), typeList(inst.TypeArgs)...))
			}
		case *types.TypeName:
			named, ok := types.Unalias(inst.Type).(*types.Named)
			if !ok || obj.Pkg() != w.pkg {
				continue
			}
			for m := range named.Origin().Methods() {
				if m.Signature().TypeParams().Len() == 0 { // others have instances of their own
					add(m, typeList(named.TypeArgs()))
				}
			}
		}
	}
	return files
}

// receiverType returns the named type whose method f is, be it of a pointer; nil if f is
// no method, or one of an interface without a name.
func receiverType(f *types.Func) *types.Named {
	recv := f.Signature().Recv()
	if recv == nil {
		return nil
	}
	t := types.Unalias(recv.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	named, _ := t.(*types.Named)
	return named
}

// receiverArgs returns the type arguments of a method's receiver.
func receiverArgs(f *types.Func) []types.Type {
	if named := receiverType(f); named != nil {
		return typeList(named.TypeArgs())
	}
	return nil
}

// mergeUserArgs joins what files have.
func mergeUserArgs(files []*fileCalls) map[string][]userArgs {
	all := make(map[string][]userArgs)
	for _, f := range files {
		for name, list := range f.userArgs {
			all[name] = append(all[name], list...)
		}
	}
	for name, list := range all {
		slices.SortFunc(list, func(a, b userArgs) int { return slices.Compare(a.args, b.args) })
		all[name] = slices.CompactFunc(list, func(a, b userArgs) bool { return slices.Equal(a.args, b.args) })
	}
	return all
}

// typeString writes a type as it is written in the unit's package.
func (w *unit) typeString(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p == w.pkg {
			return ""
		}
		return p.Name()
	})
}
