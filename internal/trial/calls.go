package trial

import (
	"bytes"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/remark"
	"github.com/inlinelens/inlinelens/internal/resolve"
	"github.com/inlinelens/inlinelens/internal/rewrite"
)

// countCalls counts the calls of a function in a unit, and those of them that were
// inlined.
func countCalls(k *resolve.Linkable, function string) (calls, inlined int) {
	name := linkname.Within(k.Package.Path, k.Package.Name, function)
	for i := range k.Sites {
		site := &k.Sites[i]
		if site.Pkg != k.Package.Path || linkname.Generic(site.Name) != name {
			continue
		}
		calls++
		if !site.Pending && site.Status == inline.StatusInlined {
			inlined++
		}
	}
	return calls, inlined
}

// callsOf lists the calls of a function in the unit.
func (a *Adviser) callsOf(function string) []*resolve.Site {
	return a.calls()[linkname.Within(a.k.Package.Path, a.k.Package.Name, function)]
}

// findCalls lists the calls of each function of the unit, by its name within the unit.
func (a *Adviser) findCalls() map[string][]*resolve.Site {
	calls := make(map[string][]*resolve.Site)
	for i := range a.k.Sites {
		if site := &a.k.Sites[i]; site.Pkg == a.k.Package.Path {
			name := linkname.Generic(site.Name)
			calls[name] = append(calls[name], site)
		}
	}
	return calls
}

// callers returns the functions that call a function. It reports false if the remarks of
// a compile alone do not tell at which of the calls the function was inlined: calls that
// share a place, calls in generic code, of which there are several instances, and those
// in the function itself, which a change moves.
func (a *Adviser) callers(f *inline.Function, self *declaration) (callers []*declaration, tells bool) {
	places := make(map[inline.Position]bool)
	for _, site := range a.callsOf(f.Name) {
		if site.Pos.Col == 0 || places[site.Pos] {
			return nil, false
		}
		places[site.Pos] = true
		d, ok := a.around(site.Pos)
		switch {
		case !ok || d != nil && (d == self || d.generic):
			return nil, false
		case d != nil: // else it is in an initializer, which is always compiled
			callers = append(callers, d)
		}
	}
	return callers, true
}

// around returns the declared function around a place, nil for none; ok is false if the
// place is in no file of the unit.
func (a *Adviser) around(pos inline.Position) (d *declaration, ok bool) {
	for _, file := range a.bodies.files {
		if file.name != pos.File {
			continue
		}
		offset := file.offset(pos)
		for _, d := range file.decls {
			if d.start <= offset && offset < d.end {
				return d, true
			}
		}
		return nil, true
	}
	return nil, false
}

// offset returns the offset of a place in the file.
func (f *fileBodies) offset(pos inline.Position) int {
	lines := f.lines()
	return lines[min(pos.Line-1, len(lines)-1)] + pos.Col - 1
}

func (f *fileBodies) findLines() []int {
	lines := []int{0}
	for i, c := range f.text {
		if c == '\n' {
			lines = append(lines, i+1)
		}
	}
	return lines
}

// moved tells where a place is after edits, none of which has the place.
func (f *fileBodies) moved(pos inline.Position, edits []rewrite.Edit) inline.Position {
	offset := f.offset(pos)
	lineStart := offset - (pos.Col - 1)
	for _, e := range edits {
		if e.End > offset {
			continue
		}
		pos.Line += bytes.Count([]byte(e.New), []byte("\n")) - bytes.Count(f.text[e.Start:e.End], []byte("\n"))
		if e.End > lineStart { // on the same line
			pos.Col += len(e.New) - (e.End - e.Start)
		}
	}
	return pos
}

// inlinedAt counts at how many calls of a function the compiler inlined it, going by
// the remarks on a text with edits.
func (a *Adviser) inlinedAt(out *gc.Output, f *inline.Function, edits map[string][]rewrite.Edit) (n int) {
	name := linkname.Within(a.k.Package.Path, a.k.Package.Name, f.Name)
	at := make(map[inline.Position]bool)
	for _, r := range out.Remarks {
		if r.Kind == remark.InliningCall && linkname.Generic(r.Name) == name {
			at[inline.Position{File: r.File, Line: r.Line, Col: r.Col}] = true
		}
	}
	for _, site := range a.callsOf(f.Name) {
		if site.Via == "go" || site.Via == "defer" || site.Status == inline.StatusEliminated {
			continue
		}
		for _, file := range a.bodies.files {
			if file.name == site.Pos.File && at[file.moved(site.Pos, edits[file.name])] {
				n++
			}
		}
	}
	return n
}
