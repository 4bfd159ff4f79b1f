package compare

import (
	"cmp"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
)

// A Recorder makes a baseline of packages.
type Recorder struct {
	Baseline *Baseline
	// Calls picks the functions of which each call gets a line; nil for none.
	Calls func(*inline.Function) bool

	seen seenFiles
}

// Add records a package. The variants of a package come after it.
func (r *Recorder) Add(p *inline.Package) {
	if r.Baseline.Packages == nil {
		r.Baseline.Packages = make(map[Unit]*RecordedPackage)
	}
	c := currentOf(p, r.Calls, &r.seen)
	lines := make(map[string]Line, len(c.lines))
	for subject, l := range c.lines {
		if l.Declared || l.Callee != "" || l.Calls != nil {
			lines[subject] = l.Line
		}
	}
	r.Baseline.Build = BuildOf(p)
	r.Baseline.Packages[Unit{p.Path, p.Variant}] = &RecordedPackage{Profile: p.Profile, Lines: lines}
}

// seenFiles are the files whose functions have been looked at: the test variant of a
// package has them too.
type seenFiles map[string]bool

// new reports whether a file is not one of those that the package of a variant has.
func (s *seenFiles) isNew(p *inline.Package, file string) bool {
	return p.Variant != "test" || !(*s)[file]
}

func (s *seenFiles) add(p *inline.Package) {
	if p.Variant != "" {
		return
	}
	*s = make(seenFiles) // of one package at a time
	for i := range p.Functions {
		(*s)[p.Functions[i].Pos.File] = true
	}
	for i := range p.Calls {
		(*s)[p.Calls[i].Pos.File] = true
	}
}

// A current is what a package's lines are now, with what findings say of them.
type current struct {
	lines map[string]currentLine // by subject
}

type currentLine struct {
	Line
	function *inline.Function // nil outside of functions
	reason   *inline.Reason
	calls    map[string][]currentCall // by callee
}

// A currentCall is a call as one instance of its caller has it.
type currentCall struct {
	call   *inline.Call
	key    Key
	status inline.Status
	reason *inline.Reason
}

// noCall reports whether nothing is called any more.
func (c *currentCall) noCall() bool {
	return c.status == inline.StatusInlined || c.status == inline.StatusIntrinsic
}

// currentOf returns the lines of a package.
func currentOf(p *inline.Package, calls func(*inline.Function) bool, seen *seenFiles) *current {
	seen.add(p)
	c := &current{lines: make(map[string]currentLine)}
	keys := KeysOf(p)
	for i := range p.Functions {
		f := &p.Functions[i]
		if keys.IsLiteral(f) || !seen.isNew(p, f.Pos.File) {
			continue
		}
		if linkname.Base(f.Name) == "_" { // nobody can call it
			continue
		}
		base := Line{Name: keys.Function(f).local(), Declared: true, Known: f.Known, Inlinable: f.Inlinable, Cost: f.Cost, Budget: f.Budget}
		if len(f.Instances) == 0 {
			c.add(currentLine{Line: base, function: f, reason: f.Reason})
			continue
		}
		for _, in := range f.Instances {
			l := base
			l.Instance = instanceText(in.TypeArgs, in.Shape)
			l.Known, l.Inlinable, l.Cost, l.Budget = true, in.Inlinable, in.Cost, in.Budget
			c.add(currentLine{Line: l, function: f, reason: in.Reason})
		}
	}
	for i := range p.Calls {
		call := &p.Calls[i]
		if !seen.isNew(p, call.Pos.File) {
			continue
		}
		key := keys.Calls[i]
		if len(call.Instances) == 0 {
			c.call(currentCall{call, key, call.Status, call.Reason}, calls)
		}
		for _, in := range call.Instances {
			c.call(currentCall{call, key.In(in.TypeArgs, in.Shape), in.Status, in.Reason}, calls)
		}
	}
	return c
}

// instanceText is the instance of a key.
func instanceText(typeArgs []string, shape string) string {
	return cmp.Or(strings.Join(typeArgs, ","), shape)
}

func (c *current) add(l currentLine) {
	l.calls = make(map[string][]currentCall)
	c.lines[l.subject()] = l
}

// call adds a call to the line of its caller.
func (c *current) call(call currentCall, wanted func(*inline.Function) bool) {
	caller := Line{Name: call.key.local(), Instance: call.key.Instance}
	l, ok := c.lines[caller.subject()]
	if !ok { // code outside of functions
		l = currentLine{Line: caller, calls: make(map[string][]currentCall)}
	}
	if wanted != nil && l.function != nil && wanted(l.function) {
		one := currentLine{Line: caller, function: l.function, reason: call.reason, calls: map[string][]currentCall{call.key.Callee: {call}}}
		one.Callee, one.Ordinal, one.Status = call.key.Callee, call.key.Ordinal, call.status
		c.lines[one.subject()] = one
	}
	if call.status == inline.StatusEliminated {
		return // it is not there
	}
	l.calls[call.key.Callee] = append(l.calls[call.key.Callee], call)
	if call.noCall() && l.Calls == nil {
		l.Calls = make(map[string]Tally)
	}
	if all := l.calls[call.key.Callee]; call.noCall() || l.Calls[call.key.Callee].Total > 0 {
		t := Tally{Total: len(all)}
		for i := range all {
			if all[i].noCall() {
				t.Inlined++
			}
		}
		l.Calls[call.key.Callee] = t
	}
	c.lines[caller.subject()] = l
}
