package load

import (
	"cmp"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// withImportErrors tells every unit that imports something without export data which
// dependency is at fault. Unexplained says that nothing is known to be.
func (l *loader) withImportErrors(g graph, plan buildPlan) (_ graph, unexplained bool) {
	faults := map[*Unit]*Unit{}
	whyUnbuilt := sync.OnceValue(func() string { return l.whyUnbuilt(plan) })
	for _, id := range slices.Sorted(maps.Keys(g.units)) {
		u := g.units[id]
		if u.refused {
			continue
		}
		for _, path := range slices.Sorted(maps.Keys(u.Imports)) {
			dep := u.Imports[path]
			if dep.Export != "" || dep.Files == nil && dep.Std {
				continue
			}
			culprit := fault(dep, faults)
			why := ""
			if culprit == nil {
				why = whyUnbuilt()
				unexplained = why == ""
			}
			addUnique(u, l.importError(u, path, dep, culprit, why))
		}
	}
	return g, unexplained
}

// whyUnbuilt asks the go command why something that it was to build has neither
// export data nor an error: where a build could not even begin, it says so on its
// standard error alone, and go/packages drops that. It is "" when the go command has
// nothing to complain of.
func (l *loader) whyUnbuilt(plan buildPlan) string {
	for _, q := range plan.listings() {
		if len(q.patterns) == 0 {
			continue
		}
		flags := append(slices.Clone(q.gcflags), "-export", "-test="+strconv.FormatBool(q.tests), "-pgo="+cmp.Or(q.pgo, "off"))
		if q.overlay != "" {
			flags = append(flags, "-overlay="+q.overlay)
		}
		if err := l.ask(l.tried, flags, q.patterns); err != nil {
			if f := (*Failure)(nil); errors.As(err, &f) && f.Do != "" {
				return f.Why + "; " + f.Do
			} else if f != nil {
				return f.Why
			}
			return err.Error()
		}
	}
	return ""
}

// fault returns the unit because of which u has no export data: u itself, or the
// first below it that has errors of its own; nil when no error is known.
func fault(u *Unit, known map[*Unit]*Unit) *Unit {
	if f, ok := known[u]; ok {
		return f
	}
	known[u] = nil
	if slices.ContainsFunc(u.Errors, func(e Error) bool { return e.Kind != DependencyError }) {
		known[u] = u
		return u
	}
	for _, path := range slices.Sorted(maps.Keys(u.Imports)) {
		dep := u.Imports[path]
		if dep.Export == "" && !(dep.Files == nil && dep.Std) {
			if f := fault(dep, known); f != nil {
				known[u] = f
				return f
			}
		}
	}
	return nil
}

// importError says, at the import, why the imported unit cannot be used: because of the
// culprit, or where none is known for what the go command says.
func (l *loader) importError(u *Unit, path string, dep, culprit *Unit, unbuilt string) Error {
	err := Error{Kind: DependencyError}
	err.File, err.Line, err.Col = l.importPosition(u, path)
	switch {
	case culprit == nil && unbuilt != "":
		err.Message = fmt.Sprintf("import %q: the go command did not build it: %s", path, unbuilt)
	case culprit == nil:
		err.Message = fmt.Sprintf("import %q: the go command made no export data for it and gave no reason; \"go build %s\" may say why", path, dep.Path)
	case culprit == dep && len(dep.GoFiles) == 0:
		err.Message = fmt.Sprintf("import %q: %s", path, culprit.firstError())
	case len(culprit.GoFiles) == 0:
		err.Message = fmt.Sprintf("import %q: it needs %s: %s", path, culprit.ID, culprit.firstError())
	case culprit == dep:
		err.Message = fmt.Sprintf("import %q: it does not compile: %s", path, culprit.firstError())
	default:
		err.Message = fmt.Sprintf("import %q: it needs %s, which does not compile: %s", path, culprit.ID, culprit.firstError())
	}
	if culprit != nil { // it is named already
		err.Message = strings.Replace(err.Message, "for module providing package "+culprit.ID, "for its module", 1)
	}
	return err
}

// firstError is the unit's first error that is its own, with its position.
func (u *Unit) firstError() string {
	for _, e := range u.Errors {
		if e.Kind == DependencyError {
			continue
		}
		if e.Line == 0 || len(u.GoFiles) == 0 {
			return e.Message
		}
		return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Col, e.Message)
	}
	return ""
}

// importPosition finds the import in the unit's source.
func (l *loader) importPosition(u *Unit, path string) (file string, line, col int) {
	for _, file := range u.GoFiles {
		text, err := l.read(file)
		if err != nil {
			continue
		}
		fset := token.NewFileSet()
		f, _ := parser.ParseFile(fset, file, text, parser.ImportsOnly|parser.SkipObjectResolution)
		if f == nil {
			continue
		}
		for _, spec := range f.Imports {
			if p, err := strconv.Unquote(spec.Path.Value); err == nil && p == path {
				pos := fset.PositionFor(spec.Path.Pos(), false)
				return file, pos.Line, pos.Column
			}
		}
	}
	return "", 0, 0
}
