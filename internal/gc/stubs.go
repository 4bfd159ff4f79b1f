package gc

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/remark"
)

// The two files of a stub package.
const (
	declsFile = "decls.go" // types, and functions without bodies
	callsFile = "calls.go" // one line for each function
)

// stubs are the declarations of a package, reduced to what calls of its
// functions need.
type stubs struct {
	pkgName string
	types   []*stub
	funcs   []*stub
	lines   map[string]map[int]*stub // by file and line, of the last source
}

// A stub is a declaration.
type stub struct {
	name   string // link name without the package; a type's name
	isType bool
	decl   string
	call   string          // the function that calls it
	uses   map[string]bool // types of the package
}

// parseStubs reads the declarations that q is about.
func parseStubs(ctx context.Context, q IntrinsicsQuery) (*stubs, error) {
	files, err := readFiles(ctx, q.Files)
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for _, name := range q.Funcs {
		wanted[name] = true
	}
	s := &stubs{}
	seen := map[string]bool{}
	for _, f := range parseFiles(files, func(f *stubFile) bool { return q.Funcs == nil || f.mayDeclareFunc(q.Funcs) }) {
		s.pkgName = f.ast.Name.Name
		for _, d := range f.ast.Decls {
			if d, ok := d.(*ast.FuncDecl); ok {
				fn := f.funcStub(d)
				if fn == nil || seen[fn.name] || q.Funcs != nil && !wanted[fn.name] {
					continue
				}
				seen[fn.name] = true
				s.funcs = append(s.funcs, fn)
			}
		}
	}
	s.addTypes(files)
	return s, nil
}

// addTypes adds the types that the functions need, and those that these need.
// One that is declared in no file, or generic, or made of what is not known
// here, becomes opaque.
func (s *stubs) addTypes(files []*stubFile) {
	declared := map[string]*stub{}
	scanned := map[*stubFile]bool{}
	have := map[string]bool{}
	for {
		var missing []string
		for _, st := range slices.Concat(s.funcs, s.types) {
			for name := range st.uses {
				if !have[name] {
					have[name] = true
					missing = append(missing, name)
				}
			}
		}
		if len(missing) == 0 {
			return
		}
		slices.Sort(missing)
		for _, f := range parseFiles(files, func(f *stubFile) bool { return !scanned[f] && (f.ast != nil || f.mayDeclareType(missing)) }) {
			scanned[f] = true
			for _, t := range f.typeStubs() {
				declared[t.name] = t
			}
		}
		for _, name := range missing {
			t := declared[name]
			if t == nil {
				t = &stub{name: name, isType: true}
				t.makeOpaque()
			}
			s.types = append(s.types, t)
		}
	}
}

// typeStubs returns the types that a file declares.
func (f *stubFile) typeStubs() (types []*stub) {
	for _, d := range f.ast.Decls {
		if d, ok := d.(*ast.GenDecl); ok && d.Tok == token.TYPE {
			for _, spec := range d.Specs {
				types = append(types, f.typeStub(spec.(*ast.TypeSpec)))
			}
		}
	}
	return types
}

// prune leaves out the types that no function needs.
func (s *stubs) prune() {
	byName := map[string]*stub{}
	for _, t := range s.types {
		byName[t.name] = t
	}
	needed := map[string]bool{}
	var need func(uses map[string]bool)
	need = func(uses map[string]bool) {
		for name := range uses {
			if !needed[name] {
				needed[name] = true
				if t := byName[name]; t != nil {
					need(t.uses)
				}
			}
		}
	}
	for _, f := range s.funcs {
		need(f.uses)
	}
	s.types = slices.DeleteFunc(s.types, func(t *stub) bool { return !needed[t.name] })
}

// source returns the two files, and remembers which line has what.
func (s *stubs) source() (decls, calls []byte) {
	s.lines = map[string]map[int]*stub{declsFile: {}, callsFile: {}}
	write := func(b *bytes.Buffer, file string, st *stub, text string) {
		line := bytes.Count(b.Bytes(), []byte{'\n'}) + 1
		for i := range strings.Count(text, "\n") + 1 {
			s.lines[file][line+i] = st
		}
		b.WriteString(text)
		b.WriteByte('\n')
	}
	var d, c bytes.Buffer
	head := "package " + s.pkgName + "; import \"unsafe\"; var _ unsafe.Pointer\n"
	d.WriteString(head)
	// Something for escape analysis to speak about, in any package.
	c.WriteString(strings.TrimSuffix(head, "\n") + "; func inlinelens_stop(p *int) *int { return p }\n")
	for _, t := range s.types {
		write(&d, declsFile, t, "type "+t.decl)
	}
	for i, f := range s.funcs {
		write(&d, declsFile, f, f.decl)
		// The name cannot clash: no Go source of the standard library has it.
		write(&c, callsFile, f, fmt.Sprintf("func inlinelens_call_%d%s", i, f.call))
	}
	return d.Bytes(), c.Bytes()
}

// at returns what stands at a line of the last source, or nil.
func (s *stubs) at(file string, line int) *stub { return s.lines[file][line] }

// makeOpaque takes a type's parts away.
func (st *stub) makeOpaque() { st.decl, st.uses = st.name+opaque, nil }

// drop leaves out what has errors: functions, and types, which become opaque at first.
func (s *stubs) drop(errs []remark.Error) {
	bad := map[*stub]bool{}
	for _, e := range errs {
		st := s.at(baseName(e.File), e.Line)
		if st.isType && st.decl != st.name+opaque {
			st.makeOpaque()
			continue
		}
		bad[st] = true
	}
	s.types = slices.DeleteFunc(s.types, func(t *stub) bool { return bad[t] })
	s.funcs = slices.DeleteFunc(s.funcs, func(f *stub) bool { return bad[f] })
	s.prune()
}

// keep leaves out the functions that are not in kept.
func (s *stubs) keep(kept map[*stub]bool) {
	s.funcs = slices.DeleteFunc(slices.Clone(s.funcs), func(f *stub) bool { return !kept[f] })
	s.prune()
}

func baseName(path string) string {
	return path[strings.LastIndexAny(path, `/\`)+1:]
}

// opaque stands for a type whose parts are not known here. A pointer to it is
// as good as one to the real type.
const opaque = " struct{ _ uintptr }"
