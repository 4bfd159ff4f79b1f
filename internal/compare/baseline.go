package compare

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
)

// BaselineName is the file at a module's root that has the baseline.
const BaselineName = ".inlinelens.baseline"

// A Baseline is what was recorded of the functions of packages, to compare with. Its text
// has one line for a function, without line numbers and costs of calls, so that an edit
// changes the lines of the functions that it is about.
type Baseline struct {
	Build    Build
	Patterns []string // the packages that were named
	Tests    bool     // with test files
	Packages map[Unit]*RecordedPackage
}

// A Unit is the package, or the test variant of it, that a section is about.
type Unit struct{ Path, Variant string }

// A RecordedPackage has the lines of one package, by their text up to the colon.
type RecordedPackage struct {
	Profile string // the hash of the profile; "" for none
	Lines   map[string]Line
}

// A Line is what is recorded of a function, of an instance of it, or of a call.
type Line struct {
	Name     string // of the function, within its package
	Instance string // its type arguments
	// Callee and Ordinal are set for a call, of which Status is recorded.
	Callee  string
	Ordinal int
	Status  inline.Status

	Known        bool // the compiler said whether the function is inlinable
	Declared     bool // and not code outside of functions
	Inlinable    bool
	Cost, Budget int
	// Calls counts calls by callee (see Key), if at least one of them is no call any more:
	// inlined, or an intrinsic.
	Calls map[string]Tally

	Number int // of the line in the file
}

// A Tally counts calls of one callee.
type Tally struct{ Inlined, Total int }

// subject is the line up to its colon.
func (l *Line) subject() string {
	s := l.Name
	if l.Instance != "" {
		s += " [" + l.Instance + "]"
	}
	if l.Callee != "" {
		s += fmt.Sprintf(" -> %s #%d", l.Callee, l.Ordinal)
	}
	return s
}

// Text is the line as the file has it.
func (l *Line) Text() string {
	s := l.subject() + ": "
	switch {
	case l.Callee != "":
		return s + l.Status.String()
	case !l.Declared:
		s += "not a function"
	case !l.Known:
		s += "unknown"
	case l.Inlinable:
		s += fmt.Sprintf("inlinable %d/%d", l.Cost, l.Budget)
	default:
		s += "not inlinable"
	}
	sep := "; inlined "
	for _, callee := range slices.Sorted(maps.Keys(l.Calls)) {
		t := l.Calls[callee]
		s += fmt.Sprintf("%s%s %d/%d", sep, callee, t.Inlined, t.Total)
		sep = ", "
	}
	return s
}

// The words of the file.
const (
	baselineTitle = "inlinelens baseline 1"
	baselineEnd   = "end" // has no count, in which all merges would conflict
	noProfile     = "none"
)

// Text returns the file.
func (b *Baseline) Text() []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s\ngo %s\ntarget %s\n", baselineTitle, b.Build.Go, b.Build.Target)
	for _, f := range b.Build.Flags {
		fmt.Fprintf(&out, "flag %q\n", f)
	}
	for _, p := range b.Patterns {
		fmt.Fprintf(&out, "pattern %q\n", p)
	}
	fmt.Fprintf(&out, "tests %t\n", b.Tests)
	for _, u := range b.Units() {
		p := b.Packages[u]
		fmt.Fprintf(&out, "\npackage %q %s %s\n", u.Path, cmp.Or(u.Variant, "-"), cmp.Or(p.Profile, noProfile))
		for _, l := range p.Sorted() {
			out.WriteString(l.Text() + "\n")
		}
	}
	out.WriteString("\n" + baselineEnd + "\n")
	return out.Bytes()
}

// Units are the packages in the order of the file.
func (b *Baseline) Units() []Unit {
	return slices.SortedFunc(maps.Keys(b.Packages), func(u, v Unit) int {
		return cmp.Or(cmp.Compare(u.Path, v.Path), cmp.Compare(u.Variant, v.Variant))
	})
}

// Sorted are the lines in the order of the file.
func (p *RecordedPackage) Sorted() []Line {
	return slices.SortedFunc(maps.Values(p.Lines), func(a, b Line) int { return cmp.Compare(a.subject(), b.subject()) })
}

// Recorded counts what a baseline has.
type Recorded struct{ Functions, Inlinable, Inlined int }

// Counts counts functions, and the calls in them that are inlined.
func (p *RecordedPackage) Counts() (counts Recorded) {
	for _, l := range p.Lines {
		if l.Callee == "" && l.Declared {
			counts.Functions++
		}
		if l.Inlinable {
			counts.Inlinable++
		}
		for _, t := range l.Calls {
			counts.Inlined += t.Inlined
		}
	}
	return counts
}

// Functions counts the functions of all packages.
func (b *Baseline) Functions() (n int) {
	for _, p := range b.Packages {
		n += p.Counts().Functions
	}
	return n
}

// A BaselineError is a fault of a baseline's file.
type BaselineError struct {
	Line int
	What string
}

func (e *BaselineError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.What) }

// The remedy for most faults of the file.
const rewriteBaseline = `run "inlinelens baseline write"`

// ParseBaseline reads what Text returns.
func ParseBaseline(text []byte) (*Baseline, error) {
	r := &baselineReader{b: &Baseline{Packages: make(map[Unit]*RecordedPackage)}}
	for line := range strings.Lines(string(text)) {
		r.number++
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		if what := r.line(line); what != "" {
			return nil, &BaselineError{r.number, what}
		}
	}
	switch {
	case r.number == 0:
		return nil, &BaselineError{1, "the file is empty; " + rewriteBaseline}
	case !r.ended:
		return nil, &BaselineError{r.number, fmt.Sprintf("the file is truncated: its last line is not %q; restore it, or %s", baselineEnd, rewriteBaseline)}
	}
	return r.b, nil
}

// A baselineReader reads a baseline line by line.
type baselineReader struct {
	b       *Baseline
	number  int
	section *RecordedPackage // nil in the header
	ended   bool
}

// line reads a line. It returns what is wrong with it.
func (r *baselineReader) line(line string) (wrong string) {
	for _, mark := range []string{"<<<<<<<", "=======", ">>>>>>>", "|||||||"} {
		if strings.HasPrefix(line, mark) {
			return "a merge conflict; resolve it, or " + rewriteBaseline
		}
	}
	word, rest, _ := strings.Cut(line, " ")
	switch {
	case r.number == 1:
		if line != baselineTitle {
			return fmt.Sprintf("the first line is %.60q, and not %q; %s", line, baselineTitle, rewriteBaseline)
		}
		return ""
	case line == "":
		return ""
	case r.ended:
		return fmt.Sprintf("there is more after %q; %s", baselineEnd, rewriteBaseline)
	case line == baselineEnd:
		r.ended = true
		if r.b.Build.Go == "" || r.b.Build.Target == "" {
			return "the file does not say which toolchain and target it is for; " + rewriteBaseline
		}
		return ""
	case word == "package" && strings.HasPrefix(rest, `"`):
		return r.packageLine(rest)
	case r.section == nil:
		return r.header(word, rest)
	}
	l, ok := parseLine(line)
	if !ok {
		return fmt.Sprintf("%.60q is not a line of a baseline; %s", line, rewriteBaseline)
	}
	if l.Number = r.number; r.section.Lines[l.subject()].Number > 0 {
		return fmt.Sprintf("%s is there twice, as after a merge; %s", l.subject(), rewriteBaseline)
	}
	r.section.Lines[l.subject()] = l
	return ""
}

func (r *baselineReader) header(word, rest string) (wrong string) {
	switch word {
	case "go":
		r.b.Build.Go = rest
		return ""
	case "target":
		r.b.Build.Target = rest
		return ""
	case "tests":
		r.b.Tests = rest == "true"
		return ""
	case "flag", "pattern":
		text, err := strconv.Unquote(rest)
		if err != nil {
			return fmt.Sprintf("%.60q is not a quoted string; %s", rest, rewriteBaseline)
		}
		if word == "flag" {
			r.b.Build.Flags = append(r.b.Build.Flags, text)
		} else {
			r.b.Patterns = append(r.b.Patterns, text)
		}
		return ""
	}
	return fmt.Sprintf("%.60q is not known here; %s", word, rewriteBaseline)
}

func (r *baselineReader) packageLine(rest string) (wrong string) {
	quoted, err := strconv.QuotedPrefix(rest)
	path, pathErr := strconv.Unquote(quoted)
	fields := strings.Fields(strings.TrimPrefix(rest, quoted))
	if err != nil || pathErr != nil || len(fields) != 2 {
		return "the line does not name a package, a variant and a profile; " + rewriteBaseline
	}
	u := Unit{Path: path}
	if fields[0] != "-" {
		u.Variant = fields[0]
	}
	if r.section = r.b.Packages[u]; r.section == nil {
		r.section = &RecordedPackage{Lines: make(map[string]Line)}
		r.b.Packages[u] = r.section
	}
	if fields[1] != noProfile {
		r.section.Profile = fields[1]
	}
	return ""
}

// parseLine reads a line of a function or of a call.
func parseLine(line string) (l Line, ok bool) {
	at := strings.LastIndex(line, ": ") // type arguments may have one
	if at < 0 {
		return l, false
	}
	subject, facts := line[:at], line[at+2:]
	if before, callee, isCall := cutLast(subject, " -> "); isCall {
		name, number, _ := cutLast(callee, " #")
		ordinal, err := strconv.Atoi(number)
		if err == nil {
			l.Callee, l.Ordinal, subject = name, ordinal, before
		}
	}
	var hasInstance bool
	if l.Name, l.Instance, hasInstance = strings.Cut(subject, " ["); hasInstance {
		if l.Instance, ok = strings.CutSuffix(l.Instance, "]"); !ok {
			return l, false
		}
	}
	if l.Name == "" {
		return l, false
	}
	if l.Callee != "" {
		var err error
		l.Status, err = inline.ParseStatus(facts)
		return l, err == nil
	}
	facts, calls, hasCalls := strings.Cut(facts, "; inlined ")
	if hasCalls && !l.parseCalls(calls) {
		return l, false
	}
	l.Known, l.Declared = true, true
	switch facts {
	case "not a function":
		l.Known, l.Declared = false, false
	case "unknown":
		l.Known = false
	case "not inlinable":
	default:
		l.Inlinable = true
		n, err := fmt.Sscanf(facts, "inlinable %d/%d", &l.Cost, &l.Budget)
		return l, err == nil && n == 2
	}
	return l, true
}

func (l *Line) parseCalls(list string) bool {
	l.Calls = make(map[string]Tally)
	for item := range strings.SplitSeq(list, ", ") {
		callee, count, _ := cutLast(item, " ")
		inlined, total, _ := strings.Cut(count, "/")
		var t Tally
		var err1, err2 error
		t.Inlined, err1 = strconv.Atoi(inlined)
		t.Total, err2 = strconv.Atoi(total)
		if callee == "" || err1 != nil || err2 != nil {
			return false
		}
		l.Calls[callee] = t
	}
	return true
}

// cutLast is strings.Cut for the last sep.
func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// local cuts the path of its package off a name in a Key.
func (k Key) local() string { return linkname.Within(k.Package, "", k.Caller) }
