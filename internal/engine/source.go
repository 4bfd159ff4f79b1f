package engine

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

// A source is a unit's text, syntax and types.
type source struct {
	names []string // as the compiler sees them
	texts [][]byte // by name
	// written holds what the user wrote, by the names of the files that cgo made of it.
	written map[string]writtenFile
	// directed says that there may be //line directives in the text.
	directed bool
	fset     *token.FileSet
	files    []*ast.File
	pkg      *types.Package
	info     *types.Info
	calls    *resolve.Calls
	world    *world // the packages that pkg sees, its own until it is released
}

// A checker types the sources of units, and finds the calls in them.
type checker struct {
	target  target
	imports *importer
	read    func(*load.Unit) (*source, error) // of units that are imported
	earlier *checks                           // what earlier checks left; nil for none
	log     *zap.Logger
}

// A target is the toolchain that compiles the units, and for what.
type target struct{ Version, GOOS, GOARCH, GOROOT string }

// A writtenFile is a file that cgo translated.
type writtenFile struct {
	name   string
	text   []byte
	syntax *ast.File // once it is parsed; nil if it has errors
}

// readSource reads the unit's files, but for those of which text has the text: in its
// first result, and in its second that it stands for what the compiler is given.
func readSource(u *load.Unit, text func(name string) (text []byte, replaced bool)) (*source, error) {
	src := &source{fset: token.NewFileSet()}
	names, replace := u.Sources()
	for _, name := range names {
		text, replaced := text(name)
		if text == nil || !replaced && replace[name] != "" {
			var err error
			if text, err = regular.ReadFile(cmp.Or(replace[name], name)); err != nil {
				return nil, err
			}
		}
		src.names = append(src.names, name)
		src.texts = append(src.texts, text)
		src.directed = src.directed || mayBeDirected(text)
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

// size is how much text there is, in bytes.
func (src *source) size() int {
	size := 0
	for _, text := range src.texts {
		size += len(text)
	}
	return size
}

// mayNeedProbe reports whether the text seems to declare generic functions.
func (src *source) mayNeedProbe() bool {
	return slices.ContainsFunc(src.texts, seemsGeneric)
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

// parse parses the unit, and reports whether it has no syntax errors. The compiler
// words them.
func (src *source) parse() bool {
	sound := true
	for i, name := range src.names {
		f, err := syntax.ParseFile(src.fset, name, src.texts[i], parser.SkipObjectResolution)
		if f != nil {
			src.files = append(src.files, f)
		}
		sound = sound && err == nil
	}
	for generated, w := range src.written {
		if f, err := parser.ParseFile(src.fset, w.name, w.text, parser.SkipObjectResolution); err == nil {
			src.written[generated] = writtenFile{name: w.name, syntax: f}
		}
	}
	src.texts = nil
	return sound
}

// check parses and types the unit, and finds its calls, if it has no errors.
func (c *checker) check(u *load.Unit, src *source) {
	if earlier := c.earlier.take(u); earlier != nil {
		switch c.recheck(u, src, earlier) {
		case checkedEdit, foundError:
			c.earlier.put(u, earlier)
			return
		case checkAll:
		}
	}
	texts := src.texts
	if !src.parse() {
		return
	}
	if errs := c.types(u, src); len(errs) > 0 {
		c.log.Debug("type error", zap.String("package", u.Path), zap.Error(errs[0]))
		return
	}
	src.calls = c.enumerate(u, src)
	if c.earlier != nil && u.Root { // others are seldom checked twice
		c.earlier.put(u, newChecked(u, src, texts))
	}
}

// types types what has been parsed.
func (c *checker) types(u *load.Unit, src *source) (errs []types.Error) {
	src.info = &types.Info{
		Types:      make(map[ast.Expr]types.TypeAndValue),
		Defs:       make(map[*ast.Ident]types.Object),
		Uses:       make(map[*ast.Ident]types.Object),
		Selections: make(map[*ast.SelectorExpr]*types.Selection),
		Instances:  make(map[*ast.Ident]types.Instance),
	}
	imports := &unitImporter{importer: c.imports, unit: u, world: src.world, read: c.read}
	cfg := types.Config{
		Importer:  imports,
		Sizes:     c.imports.sizes,
		GoVersion: u.Lang,
		Error:     collectErrors(&errs),
	}
	src.pkg, _ = cfg.Check(u.Path, src.fset, src.files, src.info)
	for imports.retry() {
		errs = nil
		clear(src.info.Types)
		clear(src.info.Defs)
		clear(src.info.Uses)
		clear(src.info.Selections)
		clear(src.info.Instances)
		src.pkg, _ = cfg.Check(u.Path, src.fset, src.files, src.info)
	}
	return newerGo(errs, src.pkg, src.files, src.info)
}

// collectErrors returns a function for types.Config.Error.
func collectErrors(errs *[]types.Error) func(error) {
	return func(err error) {
		if e, ok := err.(types.Error); ok { //nolint:errorlint // it is documented to be one, unwrapped
			*errs = append(*errs, e)
		}
	}
}

// checkAnyway finds the calls of a unit in which check finds errors and the
// compiler does not: what has no type becomes unknown.
func (c *checker) checkAnyway(u *load.Unit, src *source) {
	if src.files == nil {
		src.parse()
	}
	if src.pkg == nil {
		c.types(u, src)
	}
	src.calls = c.enumerate(u, src)
}

// asUserWrote maps the syntax of generated files to that of the user's.
func (src *source) asUserWrote() map[*ast.File]*ast.File {
	user := make(map[*ast.File]*ast.File, len(src.written))
	for _, f := range src.files {
		if w := src.written[src.fset.PositionFor(f.FileStart, false).Filename]; w.syntax != nil {
			user[f] = w.syntax
		}
	}
	return user
}

// enumerate finds the calls of a unit that is typed.
func (c *checker) enumerate(u *load.Unit, src *source) *resolve.Calls {
	return resolve.Enumerate(c.resolvable(u, src))
}

// resolvable is the source as internal/resolve reads it.
func (c *checker) resolvable(u *load.Unit, src *source) resolve.Source {
	return resolve.Source{
		Path: u.Path, LinkPath: u.LinkPath, Variant: u.Variant,
		Go: c.target.Version, GOOS: c.target.GOOS, GOARCH: c.target.GOARCH, GOROOT: c.target.GOROOT, Race: u.Instrumented(), InliningOff: u.InliningOff(),
		Fset: src.fset, ImportFset: c.imports.fset, Files: src.files, Written: src.asUserWrote(),
		Types: src.pkg, Info: src.info,
	}
}
