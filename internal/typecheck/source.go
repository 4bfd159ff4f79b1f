// Package typecheck reads the source of a unit, and checks its types: what the compiler
// is given, in memory, with the packages that it imports read out of their export data.
// After an edit within bodies it types only those.
//
// It knows no compiler and no session: who has the types checked says which texts stand
// for files, and how many checks there are at once.
package typecheck

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"

	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/regular"
	"github.com/inlinelens/inlinelens/internal/resolve"
	"github.com/inlinelens/inlinelens/internal/syntax"
)

// A Source is a unit's text, syntax and types.
type Source struct {
	Names []string // as the compiler sees them
	Texts [][]byte // by name
	// written holds what the user wrote, by the names of the files that cgo made of it.
	written map[string]writtenFile
	// Directed says that there may be //line directives in the text.
	Directed bool
	Fset     *token.FileSet
	Files    []*ast.File
	Pkg      *types.Package
	Info     *types.Info
	Calls    *resolve.Calls
	Packages *PackageSet // the packages that pkg sees, its own until it is released
}

// A Checker types the sources of units, and finds the calls in them.
type Checker struct {
	Target  Target
	Imports *Importer
	Read    func(*load.Unit) (*Source, error) // of units that are imported
	Earlier *Earlier                          // what earlier checks left; nil for none
	Log     *zap.Logger
}

// A Target is the toolchain that compiles the units, and for what.
type Target struct{ Version, GOOS, GOARCH, GOROOT string }

// A writtenFile is a file that cgo translated.
type writtenFile struct {
	name   string
	text   []byte
	syntax *ast.File // once it is parsed; nil if it has errors
}

// Read reads the unit's files, but for those of which text has the text: in its
// first result, and in its second that it stands for what the compiler is given.
func Read(u *load.Unit, text func(name string) (text []byte, replaced bool)) (*Source, error) {
	src := &Source{Fset: token.NewFileSet()}
	names, replace := u.Sources()
	for _, name := range names {
		text, replaced := text(name)
		if text == nil || !replaced && replace[name] != "" {
			var err error
			if text, err = regular.ReadFile(cmp.Or(replace[name], name)); err != nil {
				return nil, err
			}
		}
		src.Names = append(src.Names, name)
		src.Texts = append(src.Texts, text)
		src.Directed = src.Directed || mayBeDirected(text)
	}
	src.written = make(map[string]writtenFile)
	for generated, name := range u.Translated() {
		text, _ := text(name)
		if text == nil {
			var err error
			if text, err = regular.ReadFile(name); err != nil {
				return nil, err
			}
		}
		src.written[generated] = writtenFile{name: name, text: text}
	}
	return src, nil
}

// mayBeDirected reports whether a text seems to have //line directives.
func mayBeDirected(text []byte) bool {
	return bytes.Contains(text, []byte("//line ")) || bytes.Contains(text, []byte("/*line "))
}

// Size is how much text there is, in bytes.
func (src *Source) Size() int {
	size := 0
	for _, text := range src.Texts {
		size += len(text)
	}
	return size
}

// MayNeedProbe reports whether the text seems to declare generic functions.
func (src *Source) MayNeedProbe() bool {
	return slices.ContainsFunc(src.Texts, seemsGeneric)
}

// seemsGeneric reports whether formatted source seems to have the declaration of
// a generic function or method: a bracket behind the name, or in the receiver.
// (A regular expression for it took a twentieth of the time of a report.)
func seemsGeneric(text []byte) bool {
	const space = " \t\r\n"
	for first := true; ; first = false {
		before, rest, found := bytes.Cut(text, []byte("func"))
		if !found {
			return false
		}
		text = rest
		if n := len(before); n > 0 && before[n-1] != '\n' || n == 0 && !first {
			continue // not at the beginning of a line
		}
		decl := bytes.TrimLeft(rest, space)
		if len(decl) == len(rest) {
			continue
		}
		if bytes.HasPrefix(decl, []byte("(")) {
			receiver, method, _ := bytes.Cut(decl, []byte(")"))
			if bytes.ContainsRune(receiver, '[') {
				return true
			}
			decl = bytes.TrimLeft(method, space)
		}
		if end := bytes.IndexAny(decl, space+"(["); end > 0 && bytes.HasPrefix(bytes.TrimLeft(decl[end:], space), []byte("[")) {
			return true
		}
	}
}

// Parse parses the unit, and reports whether it has no syntax errors. The compiler
// words them.
func (src *Source) Parse() bool {
	sound := true
	for i, name := range src.Names {
		f, err := syntax.ParseFile(src.Fset, name, src.Texts[i], parser.SkipObjectResolution)
		if f != nil {
			src.Files = append(src.Files, f)
		}
		sound = sound && err == nil
	}
	for generated, w := range src.written {
		if f, err := parser.ParseFile(src.Fset, w.name, w.text, parser.SkipObjectResolution); err == nil {
			src.written[generated] = writtenFile{name: w.name, syntax: f}
		}
	}
	src.Texts = nil
	return sound
}

// Check parses and types the unit, and finds its calls, if it has no errors.
func (c *Checker) Check(u *load.Unit, src *Source) {
	if earlier := c.Earlier.pop(u); earlier != nil {
		switch c.recheck(u, src, earlier) {
		case checkedEdit, foundError:
			c.Earlier.put(u, earlier)
			return
		case checkAll:
		}
	}
	texts := src.Texts
	if !src.Parse() {
		return
	}
	if errs := c.Types(u, src); len(errs) > 0 {
		c.Log.Debug("type error", zap.String("package", u.Path), zap.Error(errs[0]))
		return
	}
	src.Calls = c.Enumerate(u, src)
	if c.Earlier != nil && u.Root { // others are seldom checked twice
		c.Earlier.put(u, newChecked(u, src, texts))
	}
}

// Types types what has been parsed.
func (c *Checker) Types(u *load.Unit, src *Source) (errs []types.Error) {
	src.Info = &types.Info{
		Types:      make(map[ast.Expr]types.TypeAndValue),
		Defs:       make(map[*ast.Ident]types.Object),
		Uses:       make(map[*ast.Ident]types.Object),
		Selections: make(map[*ast.SelectorExpr]*types.Selection),
		Instances:  make(map[*ast.Ident]types.Instance),
	}
	imports := &unitImporter{Importer: c.Imports, unit: u, packages: src.Packages, read: c.Read}
	cfg := types.Config{
		Importer:  imports,
		Sizes:     c.Imports.Sizes,
		GoVersion: u.Lang,
		Error:     collectErrors(&errs),
	}
	src.Pkg, _ = cfg.Check(u.Path, src.Fset, src.Files, src.Info)
	for imports.retry() {
		errs = nil
		clear(src.Info.Types)
		clear(src.Info.Defs)
		clear(src.Info.Uses)
		clear(src.Info.Selections)
		clear(src.Info.Instances)
		src.Pkg, _ = cfg.Check(u.Path, src.Fset, src.Files, src.Info)
	}
	return newerGo(errs, src.Pkg, src.Files, src.Info)
}

// collectErrors returns a function for types.Config.Error.
func collectErrors(errs *[]types.Error) func(error) {
	return func(err error) {
		if e, ok := err.(types.Error); ok { //nolint:errorlint // it is documented to be one, unwrapped
			*errs = append(*errs, e)
		}
	}
}

// CheckAnyway finds the calls of a unit in which check finds errors and the
// compiler does not: what has no type becomes unknown.
func (c *Checker) CheckAnyway(u *load.Unit, src *Source) {
	if src.Files == nil {
		src.Parse()
	}
	if src.Pkg == nil {
		c.Types(u, src)
	}
	src.Calls = c.Enumerate(u, src)
}

// AsUserWrote maps the syntax of generated files to that of the user's.
func (src *Source) AsUserWrote() map[*ast.File]*ast.File {
	user := make(map[*ast.File]*ast.File, len(src.written))
	for _, f := range src.Files {
		if w := src.written[src.Fset.PositionFor(f.FileStart, false).Filename]; w.syntax != nil {
			user[f] = w.syntax
		}
	}
	return user
}

// Enumerate finds the calls of a unit that is typed.
func (c *Checker) Enumerate(u *load.Unit, src *Source) *resolve.Calls {
	return resolve.Enumerate(c.resolvable(u, src))
}

// resolvable is the source as internal/resolve reads it.
func (c *Checker) resolvable(u *load.Unit, src *Source) resolve.Source {
	return resolve.Source{
		Path: u.Path, LinkPath: u.LinkPath, Variant: u.Variant,
		Go: c.Target.Version, GOOS: c.Target.GOOS, GOARCH: c.Target.GOARCH, GOROOT: c.Target.GOROOT, Race: u.Instrumented(), InliningOff: u.InliningOff(),
		Fset: src.Fset, ImportFset: c.Imports.fset, Files: src.Files, Written: src.AsUserWrote(),
		Types: src.Pkg, Info: src.Info,
	}
}
