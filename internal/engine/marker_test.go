package engine

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/words"
)

// Marker tests are Go modules in txtar files whose lines say in comments which
// verdicts they expect:
//
//	f(x) // calls: f inlined
//	g(h(x)) // calls: g not-inlined too-expensive; h inlined {k intrinsic}
//	func f() { // func: inlinable 12
//	func g() { // func: too-expensive 120/80
//	func h[T any]() { // func: int inlinable 12; string too-expensive 120/80
//
// A line that says something of its calls names all of them, in the order of
// their parentheses; a callee is named by the end of its link name, or by a
// dash where it has none. The first line of the txtar's comment that begins
// with "flags:" gives build flags, "go:" a toolchain, "tests" asks for test
// variants. With "profile: PACKAGE" the build has a CPU profile of the calls in a.go,
// of the package with that path, whose lines name a callee:
//
//	s.area(2) // edge: p.(*square).area // calls: area inlined
//
// With -update, the comments are rewritten to what the engine says.
var update = flag.Bool("update", false, "rewrite the expectations")

func TestMarkers(t *testing.T) {
	files, err := filepath.Glob("testdata/marker/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no marker tests: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			testMarkers(t, file)
		})
	}
}

func testMarkers(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range archive.Files {
		name := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	cfg := load.Config{Dir: dir, Env: append(os.Environ(), "GOFLAGS=-buildvcs=false")}
	for line := range strings.Lines(string(archive.Comment)) {
		line = strings.TrimSpace(line)
		if flags, ok := strings.CutPrefix(line, "flags:"); ok {
			cfg.BuildFlags = strings.Fields(flags)
		}
		if env, ok := strings.CutPrefix(line, "env:"); ok {
			cfg.Env = append(cfg.Env, strings.Fields(env)...)
		}
		if pkg, ok := strings.CutPrefix(line, "profile:"); ok {
			writeEdges(t, dir, strings.TrimSpace(pkg))
			cfg.BuildFlags = append(cfg.BuildFlags, "-pgo=edges.pprof")
		}
		cfg.Tests = cfg.Tests || line == "tests"
	}
	packages := run(t, cfg, "./...")

	said := make(map[string]map[int]string) // by file and line
	for _, p := range packages {
		for _, e := range p.Errors {
			t.Errorf("%s: %s:%d: %s", p.Path, e.Pos.File, e.Pos.Line, e.Message)
		}
		for _, pr := range p.Problems {
			t.Errorf("%s: not understood: %s", p.Path, pr.Text)
		}
		describe(p, dir, said)
		checkPlaces(t, p, dir, archive)
	}
	changed := false
	for i, f := range archive.Files {
		if !strings.HasSuffix(f.Name, ".go") {
			continue
		}
		lines := bytes.Split(f.Data, []byte("\n"))
		for n, line := range lines {
			code, want, marked := cutMark(string(line))
			got := said[f.Name][n+1]
			if *update {
				if marked && got != want {
					lines[n] = []byte(code + "// " + got)
					changed = true
				}
				continue
			}
			if marked && got != want {
				t.Errorf("%s:%d: %s\n got %s\nwant %s", f.Name, n+1, strings.TrimSpace(code), got, want)
			}
		}
		archive.Files[i].Data = bytes.Join(lines, []byte("\n"))
	}
	if *update && changed {
		if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// writeEdges writes the profile of the edges that the lines of a.go name.
func writeEdges(t *testing.T, dir, pkg string) {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(dir, "a.go"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "edges.pprof"), edgeProfile(t, pkg, string(source)), 0o666); err != nil {
		t.Fatal(err)
	}
}

// checkPlaces holds that functions and calls are where the source has a name or
// a parenthesis, in files without line directives.
func checkPlaces(t *testing.T, p *inline.Package, dir string, archive *txtar.Archive) {
	t.Helper()
	lines := make(map[string][][]byte)
	for _, f := range archive.Files {
		if !bytes.Contains(f.Data, []byte("//line ")) && !bytes.Contains(f.Data, []byte("/*line ")) {
			lines[filepath.Join(dir, f.Name)] = bytes.Split(f.Data, []byte("\n"))
		}
	}
	check := func(at inline.Position, what string, begins ...string) {
		text, ok := lines[at.File]
		if !ok {
			return
		}
		if at.Line > 0 && at.Line <= len(text) && at.Col > 0 && at.Col <= len(text[at.Line-1]) {
			rest := string(text[at.Line-1][at.Col-1:])
			if slices.ContainsFunc(begins, func(s string) bool { return strings.HasPrefix(rest, s) }) {
				return
			}
		}
		t.Errorf("%s:%d:%d: %s is not here", at.File, at.Line, at.Col, what)
	}
	for i := range p.Functions {
		f := &p.Functions[i]
		name := f.Name[strings.LastIndexByte(f.Name, '.')+1:]
		check(f.Pos, f.Name, name, "init", "func", "for")
	}
	for i := range p.Calls {
		check(p.Calls[i].Pos, "the call of "+p.Calls[i].Callee, "(", "for")
	}
}

var mark = regexp.MustCompile(`// ((?:calls|func):.*)$`)

func cutMark(line string) (code, want string, ok bool) {
	m := mark.FindStringSubmatchIndex(line)
	if m == nil {
		return line, "", false
	}
	return line[:m[0]], strings.TrimSpace(line[m[2]:m[3]]), true
}

// run asks an engine that keeps nothing.
func run(t *testing.T, cfg load.Config, patterns ...string) []*inline.Package {
	t.Helper()
	e, err := New(Options{CacheDir: "off"})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	var packages []*inline.Package
	err = e.Run(context.Background(), cfg, patterns, func(p *inline.Package) error {
		packages = append(packages, p)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return packages
}

// describe writes what a package's verdicts are, by file and line, in the form
// of the marks.
func describe(p *inline.Package, dir string, said map[string]map[int]string) {
	at := func(pos inline.Position) (map[int]string, int) {
		name, err := filepath.Rel(dir, pos.File)
		if err != nil {
			name = pos.File
		}
		if said[name] == nil {
			said[name] = make(map[int]string)
		}
		return said[name], pos.Line
	}
	for i := range p.Functions {
		f := &p.Functions[i]
		if strings.Contains(f.Name, ".func") || strings.Contains(f.Name, "-range") {
			continue
		}
		m, line := at(f.Pos)
		m[line] = "func: " + describeFunction(f)
	}
	lines := make(map[inline.Position][]string)
	var order []inline.Position
	for i := range p.Calls {
		c := &p.Calls[i]
		key := inline.Position{File: c.Pos.File, Line: c.Pos.Line}
		if lines[key] == nil {
			order = append(order, key)
		}
		lines[key] = append(lines[key], describeCall(c))
	}
	for _, key := range order {
		m, line := at(key)
		if old := m[line]; strings.HasPrefix(old, "func:") {
			continue
		}
		m[line] = "calls: " + strings.Join(lines[key], "; ")
	}
	for i := range p.Functions { // function literals, where their line has no call
		f := &p.Functions[i]
		if m, line := at(f.Pos); m[line] == "" {
			m[line] = "func: " + describeFunction(f)
		}
	}
}

func describeFunction(f *inline.Function) string {
	if !words.InstancesDiffer(f) {
		return describeVerdict(f)
	}
	var list []string
	for _, in := range f.Instances {
		one := inline.Function{Known: true, Inlinable: in.Inlinable, Cost: in.Cost, Budget: in.Budget, Reason: in.Reason}
		list = append(list, strings.Join(in.TypeArgs, ",")+" "+describeVerdict(&one))
	}
	slices.Sort(list)
	return strings.Join(list, "; ")
}

func describeVerdict(f *inline.Function) string {
	switch {
	case !f.Known:
		return "unknown " + string(f.Reason.Code)
	case f.Inlinable:
		return fmt.Sprintf("inlinable %d", f.Cost)
	case f.Cost > 0:
		return fmt.Sprintf("%s %d/%d", f.Reason.Code, f.Cost, f.Budget)
	}
	return string(f.Reason.Code)
}

func describeCall(c *inline.Call) string {
	s := verdict(c.Callee, c.Status, c.Reason, c.Inlines)
	if c.Via != "" {
		s = c.Via + " " + s
	}
	if c.Devirtualized != "" {
		s += " devirtualized " + c.Devirtualized
	}
	if c.Wrapped {
		s += " wrapped"
	}
	if len(c.Instances) > 0 {
		var list []string
		for _, in := range c.Instances {
			list = append(list, strings.Join(in.TypeArgs, ",")+" "+in.Status.String())
		}
		slices.Sort(list)
		s += " [" + strings.Join(list, ", ") + "]"
	}
	return s
}

func verdict(callee string, status inline.Status, reason *inline.Reason, inlines []inline.Inlined) string {
	name := callee
	if i := strings.IndexByte(name, '['); i >= 0 {
		name = name[strings.LastIndexByte(name[:i], '/')+1:]
	} else {
		name = name[strings.LastIndexByte(name, '/')+1:]
	}
	if name == "" {
		name = "-"
	}
	s := name + " " + status.String()
	if reason != nil {
		s += " " + string(reason.Code)
		if reason.Op != "" {
			s += ":" + reason.Op
		}
	}
	if len(inlines) > 0 {
		var list []string
		for _, in := range inlines {
			list = append(list, verdict(in.Callee, in.Status, in.Reason, in.Inlines))
		}
		s += " {" + strings.Join(list, ", ") + "}"
	}
	return s
}
