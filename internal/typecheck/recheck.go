package typecheck

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"sync"

	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/resolve"
	"github.com/inlinelens/inlinelens/internal/syntax"
)

// Earlier keeps of the last check of each unit what the next one can take over.
// A nil *checks keeps nothing.
type Earlier struct {
	mu    sync.Mutex
	units map[string]*checked // by ID
}

// NewEarlier returns checks of which there are none yet.
func NewEarlier() *Earlier { return &Earlier{units: make(map[string]*checked)} }

// pop returns the unit's last check, which is then the caller's own; nil if
// there is none.
func (c *Earlier) pop(u *load.Unit) *checked {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	last := c.units[u.ID]
	delete(c.units, u.ID)
	return last
}

func (c *Earlier) put(u *load.Unit, last *checked) {
	if last != nil {
		c.mu.Lock()
		c.units[u.ID] = last
		c.mu.Unlock()
	}
}

// checked is what a check leaves: the declarations of each file, without the
// bodies of functions, and the calls that were found in them.
type checked struct {
	dependencies string
	names        []string
	files        []*skeleton // by name
	fset         *token.FileSet
	reusable     *resolve.Reusable
}

// A skeleton is a file without the bodies of its functions.
type skeleton struct {
	text   [sha256.Size]byte // of the whole file
	shape  [sha256.Size]byte // of what is outside of gaps
	syntax *ast.File         // with bodies that do nothing
	gaps   []position.Span   // the bodies of declared functions, and what stands between declarations: space and comments
	token  *token.File
}

// dependencies are what a check depends on besides its files.
func dependencies(u *load.Unit) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%q %q %q\n", u.Path, u.Lang, u.LinkPath)
	for _, path := range slices.Sorted(maps.Keys(u.Imports)) {
		fmt.Fprintf(&b, "%q %q %q\n", path, u.Imports[path].ID, u.Imports[path].Export)
	}
	return b.String()
}

// newChecked makes what the check of a unit without errors leaves; nil for one
// that the next check cannot take over.
func newChecked(u *load.Unit, src *Source, texts [][]byte) *checked {
	c := &checked{dependencies: dependencies(u), names: src.Names, fset: src.Fset, reusable: src.Calls.Reusable()}
	if len(src.Files) != len(texts) {
		return nil
	}
	for i, f := range src.Files {
		o := newSkeleton(src.Fset, f, texts[i])
		if o == nil {
			return nil
		}
		c.files = append(c.files, o)
	}
	return c
}

// newSkeleton makes the skeleton of a file; nil for a text with //line directives,
// as edits move the places that they name otherwise than those of the text.
func newSkeleton(fset *token.FileSet, f *ast.File, text []byte) *skeleton {
	if mayBeDirected(text) {
		return nil
	}
	o := &skeleton{text: sha256.Sum256(text), token: fset.File(f.FileStart)}
	syntax := *f
	syntax.Decls = make([]ast.Decl, 0, len(f.Decls))
	shape := sha256.New()
	at := 0
	gap := func(start, end int) {
		o.gaps = append(o.gaps, position.Span{Start: start, End: end})
		shape.Write(text[at:start])
		shape.Write([]byte{0}) // no text has it
		at = end
	}
	between := o.token.Offset(f.Name.End()) // and the next declaration
	for _, d := range f.Decls {
		// Comments above an import mean something to cgo.
		if g, ok := d.(*ast.GenDecl); !ok || g.Tok != token.IMPORT {
			gap(between, o.token.Offset(d.Pos()))
		}
		between = o.token.Offset(d.End())
		if d, ok := d.(*ast.FuncDecl); ok && d.Body != nil {
			gap(o.token.Offset(d.Body.Pos()), o.token.Offset(d.Body.End()))
			empty := *d
			// Nothing is missing behind a loop that never ends.
			loop := &ast.ForStmt{For: d.Body.Lbrace, Body: &ast.BlockStmt{Lbrace: d.Body.Lbrace, Rbrace: d.Body.Rbrace}}
			empty.Body = &ast.BlockStmt{Lbrace: d.Body.Lbrace, List: []ast.Stmt{loop}, Rbrace: d.Body.Rbrace}
			syntax.Decls = append(syntax.Decls, &empty)
			continue
		}
		syntax.Decls = append(syntax.Decls, d)
	}
	gap(between, len(text))
	shape.Sum(o.shape[:0])
	o.syntax = &syntax
	return o
}

// A recheckOutcome is what came of checking only what was edited.
type recheckOutcome int

const (
	checkAll    recheckOutcome = iota // more has changed
	checkedEdit                       // the calls are found, and earlier is this check now
	foundError                        // the edit has an error, and earlier is what it was
)

// recheck checks a unit of which an earlier check had no errors, if since then
// only bodies of functions and comments between declarations have changed: types
// the bodies of the files where they did, and takes over what was found in the
// others.
func (c *Checker) recheck(u *load.Unit, src *Source, earlier *checked) recheckOutcome {
	if earlier.dependencies != dependencies(u) || !slices.Equal(earlier.names, src.Names) {
		return checkAll
	}
	next := &Source{Names: src.Names, Fset: earlier.fset, Packages: src.Packages}
	files := slices.Clone(earlier.files)
	edited := make(map[*ast.File]bool)
	old := make(map[*token.File]*skeleton) // what an edited file was, and is
	now := make(map[*token.File]*skeleton)
	forget := func() {
		for f := range edited {
			next.Fset.RemoveFile(next.Fset.File(f.FileStart))
		}
	}
	for i, text := range src.Texts {
		was := earlier.files[i]
		if sha256.Sum256(text) == was.text {
			next.Files = append(next.Files, was.syntax)
			continue
		}
		f, err := syntax.ParseFile(next.Fset, src.Names[i], text, parser.SkipObjectResolution)
		if f != nil {
			edited[f] = true
		}
		if err != nil {
			forget()
			return foundError
		}
		o := newSkeleton(next.Fset, f, text)
		if o == nil || o.shape != was.shape {
			forget()
			return checkAll
		}
		next.Files = append(next.Files, f)
		files[i] = o
		old[was.token], now[was.token] = was, o
	}
	for _, err := range c.Types(u, next) {
		if !err.Soft { // an import may be unused but in the bodies that are left out
			c.Log.Debug("type error", zap.String("package", u.Path), zap.Error(err))
			forget()
			return foundError
		}
	}
	next.Calls = resolve.Update(c.resolvable(u, next), earlier.reusable, edited, func(at token.Pos) token.Pos {
		if !at.IsValid() {
			return at
		}
		file := next.Fset.File(at)
		if old[file] == nil {
			return at
		}
		return old[file].moved(at, now[file])
	})
	for file := range old {
		next.Fset.RemoveFile(file)
	}
	earlier.files, earlier.reusable = files, next.Calls.Reusable()
	packages := src.Packages
	*src = *next
	src.Packages = packages
	return checkedEdit
}

// moved tells where a place outside of gaps is in the edited file.
func (o *skeleton) moved(at token.Pos, now *skeleton) token.Pos {
	offset := o.token.Offset(at)
	i, _ := slices.BinarySearchFunc(o.gaps, offset, func(g position.Span, offset int) int { return g.End - offset })
	// Gap i is the first that ends at offset or behind it.
	if i < len(o.gaps) && o.gaps[i].End == offset {
		i++
	}
	if i > 0 {
		offset += now.gaps[i-1].End - o.gaps[i-1].End
	}
	return now.token.Pos(offset)
}
