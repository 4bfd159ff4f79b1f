package crosscheck

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/engine"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/prove"
)

// TestEdits edits real packages, and compares them with what they were. What diff says is
// held against the edit that was made: which calls are lost, why, and in which line. An
// edit that changes no code gives nothing.
func TestEdits(t *testing.T) {
	m := newEditedModule(t)
	rng := rand.New(rand.NewPCG(15, 1))
	number := prove.Or(len(editKinds), 150)
	done := make(map[string]int)
	for i := 0; i < number; i++ {
		kind := editKinds[i%len(editKinds)]
		e := kind.make(m, rng)
		if e == nil {
			t.Fatalf("%s: no place for it was found", kind.name)
		}
		ok := t.Run(fmt.Sprintf("%d %s %s", i, kind.name, e.what), func(t *testing.T) { m.try(t, e) })
		if done[kind.name]++; !ok && i > 20 {
			t.FailNow() // the others mostly have the same reason
		}
	}
	t.Logf("%d edits: %v", number, done)
}

// An edit is a change of the module.
type edit struct {
	what    string // "p.F"
	overlay map[string][]byte
	// The function that is worse, by its link name, and the place and kind of the cause;
	// "" where nothing may be worse.
	function string
	cause    compare.CauseKind
	file     string
	line     int
	// lost are the calls that must be lost by their callers, "" of the edit's function.
	lost int
	// parts are the edits that it is made of, where there are several.
	parts []*edit
	// caller is set where the calls in one function are lost, and not those of one.
	caller string
}

var editKinds = []struct {
	name string
	make func(*editedModule, *rand.Rand) *edit
}{
	{"a line that costs", (*editedModule).costlyLine},
	{"comments", (*editedModule).comments},
	{"directive", (*editedModule).directive},
	{"move", (*editedModule).move},
	{"defer", (*editedModule).deferred},
	{"rename", (*editedModule).rename},
	{"big caller", (*editedModule).bigCaller},
	{"reorder files", (*editedModule).reorderFiles},
	{"call in a defer statement", (*editedModule).deferCall},
	{"several", (*editedModule).several},
}

// several makes edits of several files at once: each loss has one of them as its cause.
func (m *editedModule) several(rng *rand.Rand) *edit {
	all := &edit{overlay: make(map[string][]byte)}
	for len(all.parts) < 3 {
		e := []func(*rand.Rand) *edit{m.costlyLine, m.directive, m.deferred}[len(all.parts)](rng)
		if all.overlay[e.file] != nil {
			continue
		}
		maps.Copy(all.overlay, e.overlay)
		all.parts = append(all.parts, e)
		all.what = strings.TrimPrefix(all.what+", "+e.what, ", ")
	}
	return all
}

type editedModule struct {
	dir      string
	texts    map[string][]byte
	engine   *engine.Engine
	packages []*inline.Package
	baseline []byte
	targets  []target
	used     map[string]bool
}

// A target is a function that can be inlined, and is.
type target struct {
	pkg   *inline.Package
	f     *inline.Function
	calls []*inline.Call // inlined ones, in other functions
}

func newEditedModule(t *testing.T) *editedModule {
	m := &editedModule{used: make(map[string]bool)}
	m.dir, m.texts = copiedModule(t, prove.Oldest)
	var err error
	if m.engine, err = engine.New(engine.Options{CacheDir: t.TempDir()}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.engine.Close(); err != nil {
			t.Error(err)
		}
	})
	recorder := compare.Recorder{Baseline: new(compare.Baseline)}
	err = m.engine.Run(t.Context(), m.config(nil), []string{"./..."}, func(p *inline.Package) error {
		if len(p.Errors) > 0 {
			return fmt.Errorf("%s: %v", p.Path, p.Errors)
		}
		m.packages = append(m.packages, p)
		recorder.Add(p)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	m.baseline = recorder.Baseline.Text()
	inlined := make(map[string][]*inline.Call)
	for _, p := range m.packages {
		for i := range p.Calls {
			if c := &p.Calls[i]; c.Status == inline.StatusInlined && len(c.Instances) == 0 && c.Devirtualized == "" && !partOf(c.Caller, c.Callee) {
				inlined[c.Callee] = append(inlined[c.Callee], c)
			}
		}
	}
	for _, p := range m.packages {
		keys := compare.KeysOf(p)
		for i := range p.Functions {
			f := &p.Functions[i]
			if f.Inlinable && f.Known && len(f.Instances) == 0 && !keys.IsLiteral(f) && f.Cost > 1 && len(inlined[f.Name]) > 0 {
				m.targets = append(m.targets, target{p, f, inlined[f.Name]})
			}
		}
	}
	if len(m.targets) < 5*len(editKinds) {
		t.Fatalf("only %d functions are inlined", len(m.targets))
	}
	return m
}

// partOf reports whether a function is another one, or a literal in it.
func partOf(f, outer string) bool {
	rest, ok := strings.CutPrefix(f, outer)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '-')
}

func (m *editedModule) config(overlay map[string][]byte) load.Config {
	return load.Config{Dir: m.dir, Env: environment("GOTOOLCHAIN=local"), Overlay: overlay, OverlayKept: len(overlay) > 0}
}

// pick returns a function that was not edited yet.
func (m *editedModule) pick(rng *rand.Rand, suits func(*target) bool) *target {
	for range 2000 {
		tgt := &m.targets[rng.IntN(len(m.targets))]
		if !m.used[tgt.f.Name] && suits(tgt) {
			m.used[tgt.f.Name] = true
			return tgt
		}
	}
	return nil
}

func anyTarget(*target) bool { return true }

// A parsed is a file with what its edits need.
type parsed struct {
	name string
	text []byte
	fset *token.FileSet
	file *ast.File
}

func (m *editedModule) parse(name string) *parsed {
	p := &parsed{name: name, text: m.texts[name], fset: token.NewFileSet()}
	var err error
	if p.file, err = parser.ParseFile(p.fset, name, p.text, parser.ParseComments); err != nil {
		panic(err)
	}
	return p
}

func (p *parsed) offset(pos token.Pos) int { return p.fset.Position(pos).Offset }

// declaration returns the declaration of a function.
func (p *parsed) declaration(f *inline.Function) *ast.FuncDecl {
	for _, d := range p.file.Decls {
		if d, ok := d.(*ast.FuncDecl); ok && p.fset.Position(d.Name.Pos()).Line == f.Pos.Line && d.Name.Name == linkname.Base(f.Name) {
			return d
		}
	}
	return nil
}

// start is where a declaration begins, with its comment.
func start(d *ast.FuncDecl) token.Pos {
	if d.Doc != nil {
		return d.Doc.Pos()
	}
	return d.Pos()
}

// insert returns a text with more in it, and the number of the line on which that begins.
func insert(text []byte, at int, more string) ([]byte, int) {
	return slices.Insert(slices.Clone(text), at, []byte(more)...), 1 + bytes.Count(text[:at], []byte("\n"))
}

// inBody inserts a line at the beginning of a function, and returns its number.
func (m *editedModule) inBody(tgt *target, line string) (overlay map[string][]byte, number int) {
	p := m.parse(tgt.f.Pos.File)
	d := p.declaration(tgt.f)
	text, number := insert(p.text, p.offset(d.Body.Lbrace)+1, "\n\t"+line+"\n")
	return map[string][]byte{p.name: text}, number + 1
}

// worse is an edit by which no call of a function is inlined any more.
func worse(tgt *target, cause compare.CauseKind, overlay map[string][]byte, line int) *edit {
	return &edit{
		what: tgt.f.Name, overlay: overlay, function: tgt.f.Name, cause: cause,
		file: tgt.f.Pos.File, line: line, lost: len(tgt.calls),
	}
}

// sink adds a variable to a package.
func sink(tgt *target, overlay map[string][]byte) {
	name := filepath.Join(filepath.Dir(tgt.f.Pos.File), "added_by_edit.go")
	overlay[name] = []byte("package " + tgt.pkg.Name + "\n\nvar addedByEdit int\n")
}

// costlyLine raises the cost of a function by one line.
func (m *editedModule) costlyLine(rng *rand.Rand) *edit {
	tgt := m.pick(rng, anyTarget)
	overlay, line := m.inBody(tgt, "addedByEdit = "+strings.Repeat("addedByEdit*3 + ", 40+rng.IntN(20))+"1")
	sink(tgt, overlay)
	return worse(tgt, compare.CauseCost, overlay, line)
}

// directive puts a directive above a function.
func (m *editedModule) directive(rng *rand.Rand) *edit {
	tgt := m.pick(rng, anyTarget)
	p := m.parse(tgt.f.Pos.File)
	text, line := insert(p.text, p.offset(p.declaration(tgt.f).Pos()), "//go:noinline\n")
	return worse(tgt, compare.CauseDirective, map[string][]byte{p.name: text}, line)
}

// deferred puts a statement into a function that prevents inlining.
func (m *editedModule) deferred(rng *rand.Rand) *edit {
	tgt := m.pick(rng, anyTarget)
	overlay, line := m.inBody(tgt, "defer func() { addedByEdit++ }()")
	sink(tgt, overlay)
	return worse(tgt, compare.CauseReason, overlay, line)
}

// bigCaller makes a caller so large that it inlines only what is small.
func (m *editedModule) bigCaller(rng *rand.Rand) *edit {
	tgt := m.pick(rng, func(tgt *target) bool {
		calls := 0
		for i := range tgt.pkg.Calls {
			if c := &tgt.pkg.Calls[i]; partOf(c.Caller, tgt.f.Name) && c.Status == inline.StatusInlined {
				calls++
			}
		}
		return calls > 0 && m.bigLost(tgt) > 0
	})
	if tgt == nil {
		return nil
	}
	overlay, _ := m.inBody(tgt, strings.Repeat("addedByEdit = addedByEdit*2 + addedByEdit*3 + addedByEdit*5 + addedByEdit*7\n\t", 700))
	sink(tgt, overlay)
	return &edit{what: tgt.f.Name, overlay: overlay, function: tgt.f.Name, cause: compare.CauseCaller, caller: tgt.f.Name, lost: m.bigLost(tgt)}
}

// bigLost is how many calls a function would lose if it were big.
func (m *editedModule) bigLost(tgt *target) (n int) {
	for i := range tgt.pkg.Calls {
		if c := &tgt.pkg.Calls[i]; c.Caller == tgt.f.Name && c.Callee != tgt.f.Name && c.Status == inline.StatusInlined && c.Cost > 20 && c.Devirtualized == "" {
			n++
		}
	}
	return n
}

// deferCall puts a call into a defer statement.
func (m *editedModule) deferCall(rng *rand.Rand) *edit {
	for range 2000 {
		tgt := &m.targets[rng.IntN(len(m.targets))]
		c := tgt.calls[rng.IntN(len(tgt.calls))]
		key := fmt.Sprint("defer ", c.Pos)
		if m.used[key] {
			continue
		}
		m.used[key] = true
		p := m.parse(c.Pos.File)
		var found *ast.ExprStmt
		ast.Inspect(p.file, func(n ast.Node) bool {
			if s, ok := n.(*ast.ExprStmt); ok {
				if call, ok := s.X.(*ast.CallExpr); ok {
					if at := p.fset.Position(call.Lparen); at.Line == c.Pos.Line && at.Column == c.Pos.Col {
						found = s
					}
				}
			}
			return true
		})
		if found == nil {
			continue
		}
		text, line := insert(p.text, p.offset(found.Pos()), "defer ")
		return &edit{
			what: c.Caller + " -> " + c.Callee, overlay: map[string][]byte{p.name: text}, function: c.Callee, cause: compare.CauseCaller,
			file: p.name, line: line, caller: c.Caller, lost: 1,
		}
	}
	return nil
}

// comments puts comments everywhere in the file of a function.
func (m *editedModule) comments(rng *rand.Rand) *edit {
	tgt := m.pick(rng, anyTarget)
	p := m.parse(tgt.f.Pos.File)
	text := slices.Clone(p.text)
	for i, d := range slices.Backward(p.file.Decls) {
		if d, ok := d.(*ast.FuncDecl); ok {
			if d.Body != nil && text[p.offset(d.Body.Lbrace)+1] == '\n' {
				text, _ = insert(text, p.offset(d.Body.Lbrace)+1, " // edited\n\t// "+strings.Repeat("longer ", i%7))
			}
			text, _ = insert(text, p.offset(start(d)), fmt.Sprintf("// Comment %d.\n/* one\nmore */\n\n", i))
		}
	}
	return &edit{what: filepath.Base(p.name), overlay: map[string][]byte{p.name: text}}
}

// move turns the order of the functions in a file around.
func (m *editedModule) move(rng *rand.Rand) *edit {
	tgt := m.pick(rng, anyTarget)
	p := m.parse(tgt.f.Pos.File)
	text := slices.Clone(p.text)
	var moved []byte
	for _, d := range slices.Backward(p.file.Decls) {
		if d, ok := d.(*ast.FuncDecl); ok && (d.Recv != nil || d.Name.Name != "init") {
			from, to := p.offset(start(d)), p.offset(d.End())
			moved = append(append(append(moved, '\n'), p.text[from:to]...), '\n')
			text = slices.Delete(text, from, to)
		}
	}
	return &edit{what: filepath.Base(p.name), overlay: map[string][]byte{p.name: append(text, moved...)}}
}

// rename gives a function another name, in all of its package.
func (m *editedModule) rename(rng *rand.Rand) *edit {
	tgt := m.pick(rng, func(tgt *target) bool {
		name := linkname.Base(tgt.f.Name)
		return tgt.f.Name == tgt.pkg.Path+"."+name && !ast.IsExported(name) && m.onlyFunction(tgt, name)
	})
	if tgt == nil {
		return nil
	}
	name := linkname.Base(tgt.f.Name)
	overlay := make(map[string][]byte)
	for _, p := range m.filesOf(tgt.pkg) {
		var at []int
		ast.Inspect(p.file, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && id.Name == name {
				at = append(at, p.offset(id.Pos()))
			}
			return true
		})
		if len(at) == 0 {
			continue
		}
		slices.Sort(at)
		text := slices.Clone(p.text)
		for _, i := range slices.Backward(at) {
			text = slices.Replace(text, i, i+len(name), []byte(name+"Renamed")...)
		}
		overlay[p.name] = text
	}
	return &edit{what: tgt.f.Name, overlay: overlay}
}

func (m *editedModule) filesOf(pkg *inline.Package) (files []*parsed) {
	dir := filepath.Join(m.dir, filepath.FromSlash(strings.TrimPrefix(pkg.Path, "copied/")))
	for _, name := range slices.Sorted(maps.Keys(m.texts)) {
		if filepath.Dir(name) == dir {
			files = append(files, m.parse(name))
		}
	}
	return files
}

// onlyFunction reports whether a name means nothing else in a package.
func (m *editedModule) onlyFunction(tgt *target, name string) bool {
	only := len(name) > 3
	for _, p := range m.filesOf(tgt.pkg) {
		ast.Inspect(p.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				only = only && n.Sel.Name != name
			case *ast.Field:
				only = only && !slices.ContainsFunc(n.Names, func(id *ast.Ident) bool { return id.Name == name })
			case *ast.AssignStmt:
				for _, e := range n.Lhs {
					id, ok := e.(*ast.Ident)
					only = only && !(ok && id.Name == name)
				}
			case *ast.ValueSpec:
				only = only && !slices.ContainsFunc(n.Names, func(id *ast.Ident) bool { return id.Name == name })
			case *ast.KeyValueExpr:
				id, ok := n.Key.(*ast.Ident)
				only = only && !(ok && id.Name == name)
			}
			return only
		})
	}
	return only
}

// reorderFiles gives the files of a package each other's names.
func (m *editedModule) reorderFiles(rng *rand.Rand) *edit {
	tgt := m.pick(rng, func(tgt *target) bool { return len(m.filesOf(tgt.pkg)) > 1 && !m.used["files of "+tgt.pkg.Path] })
	if tgt == nil {
		return &edit{what: "no other package", overlay: map[string][]byte{}}
	}
	m.used["files of "+tgt.pkg.Path] = true
	overlay := make(map[string][]byte)
	files := m.filesOf(tgt.pkg)
	for i, p := range files {
		overlay[filepath.Join(filepath.Dir(p.name), fmt.Sprintf("z%02d.go", len(files)-i))] = p.text
		overlay[p.name] = nil
	}
	return &edit{what: tgt.pkg.Path, overlay: overlay}
}

// try compares the module with what it is after an edit.
func (m *editedModule) try(t *testing.T, e *edit) {
	before := &engine.Side{Name: "before", Config: m.config(nil), Patterns: []string{"./..."}}
	after := &engine.Side{Name: "after", Config: m.config(e.overlay), Patterns: []string{"./..."}}
	j, err := m.engine.Compare(t.Context(), before, after, "")
	if err != nil {
		t.Fatal(err)
	}
	if len(e.parts) == 0 {
		m.tryBaseline(t, e)
	}
	if _, unjudged, _ := j.Counted(); unjudged > 0 {
		t.Fatalf("not judged: %+v", j.Findings[0])
	}
	if len(e.parts) > 0 {
		checkParts(t, e, j)
		return
	}
	if e.function == "" {
		for _, f := range j.Findings {
			t.Errorf("nothing has changed, and there is: %s %s: was %s, is %s", f.Rule, f.Subject, f.Was, f.Is)
		}
		return
	}
	lost := 0
	for _, f := range j.Findings {
		if f.Level != compare.LevelFailed {
			continue
		}
		callerName, callee, isCall := f.Subject.Function, f.Subject.Callee, f.Subject.Call
		if isCall && (callee == e.function && e.caller == "" || callerName == e.caller && callee != e.caller && f.Rule == compare.RuleCallNotInlined) {
			lost++
		}
		if e.caller == "" || isCall && callerName == e.caller && callee != e.caller { // what else the edit of a caller costs is not what it is about
			checkCause(t, e, j, &f)
		}
	}
	if lost != e.lost {
		t.Errorf("%d calls are said to be lost, and %d were inlined before", lost, e.lost)
	}
}

// checkParts holds the findings on several edits against each of them.
func checkParts(t *testing.T, e *edit, j *compare.Judgment) {
	for _, part := range e.parts {
		lost := 0
		for _, f := range j.Findings {
			callee := f.Subject.Callee
			if f.Rule != compare.RuleCallNotInlined || callee != part.function {
				continue
			}
			lost++
			if e.of(j, &f) != part {
				t.Errorf("%s: the cause is not its edit, but %+v", f.Subject, j.Causes[max(f.Cause, 1)-1])
			}
		}
		if lost != part.lost {
			t.Errorf("%d calls of %s are said to be lost, and %d were inlined before", lost, part.function, part.lost)
		}
	}
	for _, f := range j.Findings {
		if f.Level == compare.LevelFailed && e.of(j, &f) == nil {
			t.Errorf("%s: %s: none of the edits is the cause: %+v", f.Rule, f.Subject, j.Causes[max(f.Cause, 1)-1])
		}
	}
}

// of returns the part that is the cause of a finding; nil if none is.
func (e *edit) of(j *compare.Judgment, f *compare.Finding) *edit {
	for _, part := range e.parts {
		if f.Cause == 0 {
			return nil
		}
		if c := j.Causes[f.Cause-1]; c.Kind == part.cause && c.Pos.File == part.file && c.Pos.Line == part.line {
			return part
		}
	}
	return nil
}

// tryBaseline compares the edited module with the baseline of what it was.
func (m *editedModule) tryBaseline(t *testing.T, e *edit) {
	b, err := compare.ParseBaseline(m.baseline)
	if err != nil {
		t.Fatal(err)
	}
	judge := compare.BaselineJudge{Baseline: b, File: "baseline"}
	err = m.engine.Run(t.Context(), m.config(e.overlay), []string{"./..."}, func(p *inline.Package) error {
		judge.Package(p)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	j := judge.Judgment()
	lost := 0
	for _, f := range j.Findings {
		callee := f.Subject.Callee
		switch {
		case e.function == "" && f.Rule != compare.RuleGone:
			t.Errorf("nothing has changed, and the baseline says: %s %s: was %s, is %s", f.Rule, f.Subject, f.Was, f.Is)
		case f.Rule == compare.RuleCallNotInlined && callee == e.function:
			lost++
		}
	}
	if e.caller == "" && lost != e.lost {
		t.Errorf("by the baseline %d calls are lost, and %d were inlined before", lost, e.lost)
	}
}

// checkCause holds the cause of a finding against the edit.
func checkCause(t *testing.T, e *edit, j *compare.Judgment, f *compare.Finding) {
	if f.Cause == 0 {
		t.Errorf("%s: %s has no cause", f.Rule, f.Subject)
		return
	}
	c := j.Causes[f.Cause-1]
	switch {
	case c.Kind != e.cause:
		t.Errorf("%s: %s has a cause of the kind %s, want %s: %s", f.Rule, f.Subject, c.Kind, e.cause, c.Text)
	case e.line > 0 && (c.Pos.File != e.file || c.Pos.Line != e.line):
		t.Errorf("%s: the cause of %s is said to be at %s:%d, and is at %s:%d: %s", f.Rule, f.Subject, c.Pos.File, c.Pos.Line, e.file, e.line, c.Text)
	case !strings.Contains(c.Text, linkname.Base(cmp.Or(e.caller, e.function))):
		t.Errorf("%s: %s: the cause does not name %s: %s", f.Rule, f.Subject, e.function, c.Text)
	}
}
