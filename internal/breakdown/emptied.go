package breakdown

import (
	"cmp"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/typecheck"
)

// emptied returns the texts of a unit's files with the bodies of all functions
// but one taken out, so that the compiler has the tree of that one to print and
// no others. The tree depends on nothing in other bodies. Everything that stays
// keeps its line, and in the body that stays its column.
//
// It reports false where that cannot be done: for code that cgo made or that
// names other lines, and for generic functions, whose trees are those of
// instances that other functions make. Texts that it returns may still not
// compile: an import whose name is also a variable's may seem to be used.
func emptied(src *typecheck.Source, u *load.Unit, texts [][]byte, keep *ast.FuncDecl) ([][]byte, bool) {
	if u.Cgo || len(src.Files) != len(texts) || isGeneric(keep) {
		return nil, false
	}
	own := declaredNames(src)
	out := make([][]byte, len(texts))
	for i, f := range src.Files {
		if lineDirective.Match(texts[i]) {
			return nil, false
		}
		e := emptier{file: src.Fset.File(f.FileStart), text: texts[i], keep: keep, own: own, used: make(map[string]bool)}
		e.declarations(f)
		if !e.imports(u, f) {
			return nil, false
		}
		out[i] = e.result()
	}
	return out, true
}

// lineDirective matches what may be a directive that names another line.
var lineDirective = regexp.MustCompile(`(?m)^//line |/\*line `)

func isGeneric(d *ast.FuncDecl) bool {
	if d.Type.TypeParams != nil {
		return true
	}
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return false
	}
	t := ast.Unparen(d.Recv.List[0].Type)
	if star, ok := t.(*ast.StarExpr); ok {
		t = ast.Unparen(star.X)
	}
	_, plain := t.(*ast.Ident)
	return !plain
}

// An emptier works on one file.
type emptier struct {
	file *token.File
	text []byte
	keep *ast.FuncDecl

	own   map[string]bool // what the package declares
	used  map[string]bool // names before a dot in what stays
	dot   bool            // what stays seems to have a name of a package imported with a dot
	edits []textEdit
}

// A textEdit replaces a part of a text.
type textEdit struct {
	position.Span
	text []byte
}

// emptyBody never ends, so that no result is missing.
const emptyBody = "for{}"

// declarations empties bodies, and notes which names are used in what stays.
func (e *emptier) declarations(f *ast.File) {
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn == e.keep || fn.Body == nil {
			e.use(d)
			continue
		}
		body := position.Span{Start: e.file.Offset(fn.Body.Lbrace) + 1, End: e.file.Offset(fn.Body.Rbrace)}
		empty, ok := emptyLike(e.text[body.Start:body.End])
		if !ok {
			e.use(d)
			continue
		}
		e.use(fn.Type)
		if fn.Recv != nil {
			e.use(fn.Recv)
		}
		e.edits = append(e.edits, textEdit{body, empty})
	}
}

// emptyLike returns an empty body that is as long as another, with line feeds in
// the same places; false if no line of it has room.
func emptyLike(body []byte) ([]byte, bool) {
	empty := make([]byte, len(body))
	run, at := 0, -1
	for i, c := range body {
		empty[i] = ' '
		run++
		if c == '\n' {
			empty[i] = c
			run = 0
		}
		if run == len(emptyBody) && at < 0 {
			at = i + 1 - run
		}
	}
	if at < 0 {
		return nil, false
	}
	copy(empty[at:], emptyBody)
	return empty, true
}

// use notes the names that stand before a dot, and whether there are others that
// only an import with a dot can have brought.
func (e *emptier) use(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok {
				e.used[x.Name] = true
			}
			e.use(n.X)
			return false
		case *ast.FuncDecl:
			e.use(n.Type)
			if n.Recv != nil {
				e.use(n.Recv)
			}
			if n.Body != nil {
				e.use(n.Body)
			}
			return false
		case *ast.Field:
			e.use(n.Type)
			return false
		case *ast.KeyValueExpr:
			if _, field := n.Key.(*ast.Ident); field {
				e.use(n.Value)
				return false
			}
		case *ast.Ident:
			e.dot = e.dot || n.IsExported() && !e.own[n.Name]
		}
		return true
	})
}

// declaredNames returns the names that the package declares outside of functions.
func declaredNames(src *typecheck.Source) map[string]bool {
	names := make(map[string]bool)
	for _, f := range src.Files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				names[d.Name.Name] = true
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						names[spec.Name.Name] = true
					case *ast.ValueSpec:
						for _, n := range spec.Names {
							names[n.Name] = true
						}
					}
				}
			}
		}
	}
	return names
}

// imports makes the imports blank that nothing uses any more. It reports false
// where that is not known.
func (e *emptier) imports(u *load.Unit, f *ast.File) bool {
	for _, spec := range f.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return false
		}
		name := ""
		switch {
		case spec.Name != nil:
			name = spec.Name.Name
		case path == "unsafe":
			name = path
		case u.Imports[path] != nil:
			name = u.Imports[path].Name
		}
		switch {
		case name == "":
			return false
		case name == "_", e.used[name], name == "." && e.dot:
			continue
		}
		begin := e.file.Offset(spec.Pos())
		e.edits = append(e.edits, textEdit{position.Span{Start: begin, End: e.file.Offset(spec.Path.Pos())}, []byte("_ ")})
	}
	return true
}

func (e *emptier) result() []byte {
	slices.SortFunc(e.edits, func(a, b textEdit) int { return cmp.Compare(a.Start, b.Start) })
	out := make([]byte, 0, len(e.text)+2*len(e.edits))
	at := 0
	for _, edit := range e.edits {
		out = append(append(out, e.text[at:edit.Start]...), edit.text...)
		at = edit.End
	}
	return append(out, e.text[at:]...)
}
