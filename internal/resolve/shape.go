package resolve

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"github.com/inlinelens/inlinelens/internal/gorelease"
)

// The compiler makes one body of a generic function for all type arguments that
// have the same shape, and names the shape after the underlying type
// [cmd/compile/internal/noder/reader.go, shapify; types/fmt.go, tconv2]. The
// names are formed here in the same way, so that each remark finds the type
// arguments that it is about.

const shapePrefix = "go.shape."

// maxShape is the length from which the compiler puts a hash in a name's place.
const maxShape = 500

// A Shape is what names the shape of a type argument. Where the argument speaks of
// type parameters around it, their shapes are to be filled in.
type Shape struct {
	Text string // "" if it is not known
	Kind ShapeKind
	Open bool // Text has places for the shapes of type parameters
}

// A ShapeKind says what bears on the name of a shape.
type ShapeKind uint8

const (
	plainShape     ShapeKind = iota
	paramShape               // a type parameter itself
	pointerShape             // a pointer whose element does not matter: the constraint is one of methods alone
	ifaceShape               // an interface
	paramOfMethods           // a type parameter itself, where the constraint is one of methods alone
)

// typeParams returns the type parameters of a generic function, of its receiver
// for a method.
func typeParams(f *types.Func) []*types.TypeParam {
	sig := f.Origin().Signature()
	var list []*types.TypeParam
	for _, l := range []*types.TypeParamList{sig.RecvTypeParams(), sig.TypeParams()} {
		for tp := range l.TypeParams() {
			list = append(list, tp)
		}
	}
	return list
}

// shapesOf returns the shapes of type arguments for parameters, nil if one is not
// known or speaks of type parameters.
func shapesOf(params []*types.TypeParam, args []types.Type, toolchain string) []string {
	if len(params) != len(args) {
		return nil
	}
	shapes := make([]string, 0, len(args))
	for i, t := range args {
		s, ok := shapeOf(t, params[i], nil).in(nil, toolchain)
		if !ok {
			return nil
		}
		shapes = append(shapes, s)
	}
	return shapes
}

// shapeOf returns the shape of a type argument for a parameter. around are the
// type parameters of which it may speak.
func shapeOf(t types.Type, param *types.TypeParam, around []*types.TypeParam) Shape {
	iface, _ := param.Constraint().Underlying().(*types.Interface)
	basic := iface != nil && iface.IsMethodSet()
	p := &shapePrinter{around: around}
	s := Shape{}
	if tp, ok := types.Unalias(t).(*types.TypeParam); ok {
		s.Kind = paramShape
		if basic {
			s.Kind = paramOfMethods
		}
		p.write(tp) // its Underlying is its constraint
	} else {
		under := t.Underlying()
		p.write(under)
		switch under.(type) {
		case *types.Pointer:
			if basic {
				s.Kind = pointerShape
			}
		case *types.Interface:
			s.Kind = ifaceShape
		}
	}
	if p.failed && s.Kind == pointerShape && !hasTypeParam(t) {
		return Shape{Text: anyPointer, Kind: pointerShape}
	}
	if !p.failed {
		s.Text, s.Open = p.String(), p.open
	}
	return s
}

const anyPointer = "*uint8"

// in returns the shape's name within an instance that has the given shapes for
// the type parameters around; ok is false if it is not known.
func (s Shape) in(shapes []string, toolchain string) (name string, ok bool) {
	text := s.Text
	if text == "" {
		return "", false
	}
	if s.Open {
		if text, ok = fill(text, shapes); !ok {
			return "", false
		}
	}
	switch s.Kind {
	case paramShape:
		return text, true // what has a shape keeps it
	case paramOfMethods:
		under := strings.TrimPrefix(text, shapePrefix)
		if isShapeHash(under) {
			return "", false // it may be a pointer
		}
		if !strings.HasPrefix(under, "*") || keepsPointer(under, toolchain) {
			return text, true
		}
		text = anyPointer
	case pointerShape:
		if s.Open && keepsPointer(text, toolchain) {
			return text, true
		}
		text = anyPointer
	case ifaceShape:
		if s.Open {
			return "", false // releases differ
		}
	}
	if len(text) > maxShape {
		text = shapeHash(text, toolchain)
	}
	return shapePrefix + text, true
}

// keepsPointer reports whether a release leaves a pointer alone that a constraint of
// methods would let it take for any other: Go 1.25 and 1.26 do with one to what is made
// of shapes, but is none itself.
func keepsPointer(text, toolchain string) bool {
	elem := text[1:]
	return strings.Contains(elem, shapePrefix) && !strings.HasPrefix(elem, shapePrefix) &&
		gorelease.Of(toolchain).KeepsPointersToShapes()
}

// isShapeHash reports whether text is what shapeHash returns.
func isShapeHash(text string) bool {
	_, err := hex.DecodeString(text)
	return err == nil && len(text) == 2*sha256.Size
}

// shapeHash is what the compiler puts in the place of a long name: SHA-256,
// changed so that it is not taken for one.
func shapeHash(text, toolchain string) string {
	h := sha256.Sum256([]byte(text))
	switch gorelease.Of(toolchain).ShapeHash() {
	case gorelease.ShapeHashInvertsFirst:
		h[0] ^= 0xff
	case gorelease.ShapeHashFlipsOneBit:
		h[0] ^= 1
	case gorelease.ShapeHashInvertsAll:
		for i := range h {
			h[i] = ^h[i]
		}
	}
	return hex.EncodeToString(h[:])
}

// fill puts shapes in the places of type parameters.
func fill(text string, shapes []string) (string, bool) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "\x01")
		b.WriteString(before)
		if !found {
			return b.String(), true
		}
		number, after, _ := strings.Cut(rest, "\x02")
		n, err := strconv.Atoi(number)
		if err != nil || n >= len(shapes) {
			return "", false
		}
		b.WriteString(shapes[n])
		text = after
	}
}

// A shapePrinter writes types as the compiler does in names of symbols.
type shapePrinter struct {
	strings.Builder
	around []*types.TypeParam
	open   bool // there are places for type parameters
	failed bool
}

func (p *shapePrinter) write(t types.Type) {
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		for i, tp := range p.around {
			if tp == t {
				p.WriteString("\x01" + strconv.Itoa(i) + "\x02")
				p.open = true
				return
			}
		}
		p.failed = true
	case *types.Basic:
		switch t.Kind() {
		case types.UnsafePointer:
			p.WriteString("unsafe.Pointer")
		default:
			p.WriteString(types.Typ[t.Kind()].Name()) // byte is uint8, rune is int32
		}
	case *types.Named:
		p.named(t)
	case *types.Pointer:
		p.WriteByte('*')
		p.write(t.Elem())
	case *types.Slice:
		p.WriteString("[]")
		p.write(t.Elem())
	case *types.Array:
		p.WriteString("[" + strconv.FormatInt(t.Len(), 10) + "]")
		p.write(t.Elem())
	case *types.Map:
		p.WriteString("map[")
		p.write(t.Key())
		p.WriteByte(']')
		p.write(t.Elem())
	case *types.Chan:
		p.channel(t)
	case *types.Signature:
		p.WriteString("func")
		p.signature(t)
	case *types.Struct:
		p.structure(t)
	case *types.Interface:
		p.iface(t)
	default:
		p.failed = true
	}
}

func (p *shapePrinter) named(t *types.Named) {
	obj := t.Obj()
	if obj.Pkg() == nil { // error
		p.WriteString(obj.Name())
		return
	}
	if obj.Parent() != obj.Pkg().Scope() && !strings.HasPrefix(obj.Name(), madeUpName) {
		p.failed = true // declared in a function: the compiler numbers such types
		return
	}
	p.qualifier(obj.Pkg())
	p.WriteString(obj.Name())
	if args := typeList(t.TypeArgs()); len(args) > 0 {
		p.WriteByte('[')
		for i, a := range args {
			if i > 0 {
				p.WriteByte(',')
			}
			p.write(a)
		}
		p.WriteByte(']')
	}
}

func (p *shapePrinter) qualifier(pkg *types.Package) {
	p.WriteString(escapePath(pkg.Path()))
	p.WriteByte('.')
}

// escapePath writes an import path as it stands in names of symbols.
func escapePath(path string) string {
	last := strings.LastIndexByte(path, '/')
	var b strings.Builder
	for i := range len(path) {
		if c := path[i]; c <= ' ' || c == '.' && i > last || c == '%' || c == '"' || c >= 0x7f {
			const digits = "0123456789abcdef"
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func (p *shapePrinter) channel(t *types.Chan) {
	switch t.Dir() {
	case types.RecvOnly:
		p.WriteString("<-chan ")
	case types.SendOnly:
		p.WriteString("chan<- ")
	default:
		p.WriteString("chan ")
		if elem, ok := types.Unalias(t.Elem()).(*types.Chan); ok && elem.Dir() == types.RecvOnly {
			p.WriteByte('(')
			p.write(elem)
			p.WriteByte(')')
			return
		}
	}
	p.write(t.Elem())
}

func (p *shapePrinter) signature(t *types.Signature) {
	p.params(t.Params(), t.Variadic())
	switch t.Results().Len() {
	case 0:
	case 1:
		p.WriteByte(' ')
		p.write(t.Results().At(0).Type())
	default:
		p.WriteByte(' ')
		p.params(t.Results(), false)
	}
}

func (p *shapePrinter) params(vars *types.Tuple, variadic bool) {
	p.WriteByte('(')
	for i := range vars.Len() {
		if i > 0 {
			p.WriteString(", ")
		}
		t := vars.At(i).Type()
		if s, ok := types.Unalias(t).(*types.Slice); ok && variadic && i == vars.Len()-1 {
			p.WriteString("...")
			t = s.Elem()
		}
		p.write(t)
	}
	p.WriteByte(')')
}

func (p *shapePrinter) structure(t *types.Struct) {
	p.WriteString("struct {")
	for i := range t.NumFields() {
		if i > 0 {
			p.WriteByte(';')
		}
		p.WriteByte(' ')
		f := t.Field(i)
		switch {
		case f.Embedded() && f.Name() == embeddedName(f.Type()):
		case f.Embedded():
			p.fieldName(f)
			p.WriteString(" = ")
		default:
			p.fieldName(f)
			p.WriteByte(' ')
		}
		p.write(f.Type())
		if tag := t.Tag(i); tag != "" {
			p.WriteString(" " + strconv.Quote(tag))
		}
	}
	if t.NumFields() > 0 {
		p.WriteByte(' ')
	}
	p.WriteByte('}')
}

func (p *shapePrinter) fieldName(f *types.Var) {
	if !f.Exported() {
		p.qualifier(f.Pkg())
	}
	p.WriteString(f.Name())
}

// embeddedName is the name that the compiler expects an embedded field to have:
// that of its type, with type arguments.
func embeddedName(t types.Type) string {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if t.TypeArgs().Len() > 0 {
			return ""
		}
		return t.Obj().Name()
	case *types.Basic:
		return types.Typ[t.Kind()].Name()
	}
	return ""
}

func (p *shapePrinter) iface(t *types.Interface) {
	p.WriteString("interface {")
	methods := slices.Collect(t.Methods())
	slices.SortFunc(methods, func(a, b *types.Func) int { // [types/sym.go, CompareSyms]
		if a.Exported() != b.Exported() {
			if a.Exported() {
				return -1
			}
			return +1
		}
		if a.Name() != b.Name() || a.Exported() {
			return cmp.Compare(a.Name(), b.Name())
		}
		return cmp.Compare(a.Pkg().Path(), b.Pkg().Path())
	})
	for i, m := range methods {
		if i > 0 {
			p.WriteByte(';')
		}
		p.WriteByte(' ')
		if !m.Exported() {
			p.qualifier(m.Pkg())
		}
		p.WriteString(m.Name())
		p.signature(m.Signature())
	}
	if len(methods) > 0 {
		p.WriteByte(' ')
	}
	p.WriteByte('}')
}
