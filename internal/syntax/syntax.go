// Package syntax parses the Go source of every release, whichever release the
// program itself was built with: go/parser of Go 1.26 drops the type parameters
// of a method, which Go 1.27 has.
package syntax

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"slices"
)

// ParseFile is [parser.ParseFile], which knows the methods with type parameters
// of Go 1.27 also where go/parser does not. Mode must not leave declarations out.
func ParseFile(fset *token.FileSet, name string, src []byte, mode parser.Mode) (*ast.File, error) {
	f, err := parser.ParseFile(fset, name, src, mode)
	if f == nil || !dropsTypeParameters(err) {
		return f, err
	}
	// It stops at ten errors unless it is to find all.
	fset.RemoveFile(fset.File(f.FileStart))
	f, err = parser.ParseFile(fset, name, src, mode|parser.AllErrors)
	var list scanner.ErrorList
	if f == nil || !errors.As(err, &list) {
		return f, err
	}
	restore(f, fset.File(f.FileStart).Base(), name, src, list)
	list = slices.DeleteFunc(slices.Clone(list), isDropped)
	return f, list.Err()
}

// isDropped reports whether go/parser has dropped a method's type parameters.
func isDropped(e *scanner.Error) bool { return e.Msg == "method must have no type parameters" }

func dropsTypeParameters(err error) bool {
	var list scanner.ErrorList
	return errors.As(err, &list) && slices.ContainsFunc(list, isDropped)
}

// restore gives methods the type parameters back that go/parser has dropped. A
// function may have them: so the text is parsed once more, with blanks in place of
// these methods' receivers, at the same places.
func restore(f *ast.File, base int, name string, src []byte, dropped scanner.ErrorList) {
	at := make(map[int]bool) // offsets of the brackets
	for _, e := range dropped {
		if isDropped(e) {
			at[e.Pos.Offset] = true
		}
	}
	text := bytes.Clone(src)
	methods := make(map[token.Pos]*ast.FuncDecl) // by name
	for _, d := range f.Decls {
		d, ok := d.(*ast.FuncDecl)
		if !ok || d.Recv == nil || !d.Recv.Opening.IsValid() || !d.Recv.Closing.IsValid() {
			continue
		}
		between := int(d.Name.End()) - base
		for between < int(d.Type.Params.Pos())-base && !at[between] {
			between++
		}
		if !at[between] {
			continue
		}
		methods[d.Name.Pos()] = d
		for i := int(d.Recv.Opening) - base; i <= int(d.Recv.Closing)-base; i++ {
			if text[i] != '\n' {
				text[i] = ' '
			}
		}
	}
	fset := token.NewFileSet()
	if pad := base - fset.Base() - 1; pad >= 0 {
		fset.AddFile("", fset.Base(), pad)
	}
	functions, _ := parser.ParseFile(fset, name, text, parser.SkipObjectResolution|parser.AllErrors)
	if functions == nil {
		return
	}
	for _, d := range functions.Decls {
		if d, ok := d.(*ast.FuncDecl); ok && methods[d.Name.Pos()] != nil {
			methods[d.Name.Pos()].Type.TypeParams = d.Type.TypeParams
		}
	}
}
