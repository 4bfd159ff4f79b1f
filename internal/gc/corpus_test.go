package gc

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"
)

var update = flag.Bool("update", false, "record the corpus again, with every toolchain, and rewrite the goldens")

const (
	corpusDir  = "testdata/corpus"
	samplePath = "example.com/sample" // import path of the sample
	recordDir  = "/corpus"            // stands for the directory in which it was compiled
)

// A recording is one compile of the sample.
type recording struct {
	file    string // base name in testdata/corpus, without extension
	release string
	newInl  bool // GOEXPERIMENT=newinliner
}

// recordings has every release, and the experiment once.
func recordings() []recording {
	var rs []recording
	for _, release := range releases {
		minor := strings.TrimPrefix(release, "go")
		if release == "" {
			minor = "1.26"
		}
		minor = minor[:len("1.26")]
		rs = append(rs, recording{file: "go" + minor, release: release})
	}
	return append(rs, recording{file: "go1.26-newinliner", newInl: true})
}

// record compiles the sample and returns the output up to the stop, and what
// the package made of it.
func record(t *testing.T, rec recording) (text []byte, out *Output, tc *Toolchain) {
	t.Helper()
	var more []string
	if rec.newInl {
		more = append(more, "GOEXPERIMENT=newinliner")
	}
	tc = findToolchain(t, rec.release, more...)
	c := testCompiler(t, tc)
	dir := filepath.Join(t.TempDir(), "sample")
	job := Job{
		Dir:        dir,
		ImportPath: samplePath,
		Lang:       "go1.22",
		PGOProfile: filepath.Join(dir, "cpu.pprof"),
	}
	names := []string{"sample.go", "generic.go", "profiled.go", "bench.go", "range123.go"}
	if rec.newInl {
		// Nothing with imports: export data of another experiment is refused, and
		// a standard library for it takes minutes to build.
		names = []string{"generic.go", "profiled.go", "plain.go"}
	}
	if rec.file == "go1.22" {
		names = slices.DeleteFunc(names, func(s string) bool { return s == "range123.go" })
	} else {
		job.Lang = "go1.23"
	}
	for _, name := range names {
		src, err := os.ReadFile(filepath.Join(corpusDir, "sample", name))
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, name)
		writeFile(t, file, src)
		job.Files = append(job.Files, file)
	}
	big := filepath.Join(dir, "big file: häßlich.go")
	writeFile(t, big, bigFile())
	job.Files = append(job.Files, big)
	writeProfile(t, &job)
	if !rec.newInl {
		imports := []string{"errors", "math/bits", "sync/atomic", "unsafe"}
		if rec.file != "go1.22" {
			imports = append(imports, "iter")
		}
		job.PackageFile = packageFiles(goList(t, tc, dir, imports...))
		job.PackageFile["testing"] = compileTesting(t, c)
	}
	var tee bytes.Buffer
	c.tee = &tee
	out, err := c.Compile(t.Context(), job)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.ReplaceAll(tee.Bytes(), []byte(dir), []byte(recordDir)), out, tc
}

// bigFile has a function of more than 5,000 nodes.
func bigFile() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "package sample\n\nfunc big(x int) int {\n")
	for i := range 1300 {
		fmt.Fprintf(&b, "\tx += x * %d\n", i)
	}
	fmt.Fprintf(&b, "\treturn x + twice(x) + middling(x)\n}\n")
	return b.Bytes()
}

// compileTesting compiles a package testing that has nothing but B.Loop, which
// the compiler knows by name, and returns its export data. The real one would
// have most of the standard library built for each toolchain.
func compileTesting(t *testing.T, c *Compiler) string {
	t.Helper()
	dir := t.TempDir()
	src := filepath.Join(dir, "testing.go")
	writeFile(t, src, []byte("package testing\n\ntype B struct{ N int }\n\nfunc (b *B) Loop() bool { b.N++; return b.N < 3 }\n"))
	job := Job{Dir: dir, ImportPath: "testing", Files: []string{src}}
	object := filepath.Join(dir, "testing.o")
	r, err := c.run(t.Context(), &job, []string{"-o", object}, func(line textLine) bool {
		t.Errorf("testing: %s", line.head)
		return false
	})
	if err != nil || r.err != nil {
		t.Fatal(err, r)
	}
	return object
}

var hotComment = regexp.MustCompile(`// hot (.+)$`)

// writeProfile writes a profile that has the calls which comments mark as hot.
func writeProfile(t *testing.T, job *Job) {
	t.Helper()
	prof := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"},
		Period:     10_000_000,
	}
	type fn struct{ start, end int }
	fns := map[string]fn{}
	type hot struct {
		line   int
		callee string
	}
	hots := map[string][]hot{}
	for _, file := range job.Files {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			d, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			name := d.Name.Name
			if d.Recv != nil {
				if star, ok := d.Recv.List[0].Type.(*ast.StarExpr); ok {
					if id, ok := star.X.(*ast.Ident); ok {
						name = "(*" + id.Name + ")." + name
					}
				}
			}
			fns[name] = fn{fset.Position(d.Name.Pos()).Line, fset.Position(d.End()).Line}
			for _, g := range f.Comments {
				if g.Pos() < d.Pos() || g.Pos() > d.End() {
					continue
				}
				if m := hotComment.FindStringSubmatch(g.List[0].Text); m != nil {
					hots[name] = append(hots[name], hot{fset.Position(g.Pos()).Line, m[1]})
				}
			}
		}
	}
	locate := func(name string, line int) *profile.Location {
		f := &profile.Function{ID: uint64(len(prof.Function) + 1), Name: samplePath + "." + name, SystemName: samplePath + "." + name, StartLine: int64(fns[name].start)}
		prof.Function = append(prof.Function, f)
		loc := &profile.Location{ID: uint64(len(prof.Location) + 1), Line: []profile.Line{{Function: f, Line: int64(line)}}}
		prof.Location = append(prof.Location, loc)
		return loc
	}
	for caller, list := range hots {
		for _, h := range list {
			prof.Sample = append(prof.Sample, &profile.Sample{
				Location: []*profile.Location{locate(h.callee, fns[h.callee].start+1), locate(caller, h.line)},
				Value:    []int64{1000, 10_000_000_000},
			})
		}
	}
	if len(prof.Sample) == 0 {
		t.Fatal("nothing is marked as hot")
	}
	var b bytes.Buffer
	if err := prof.Write(&b); err != nil {
		t.Fatal(err)
	}
	writeFile(t, job.PGOProfile, b.Bytes())
}

// parseRecorded reads recorded text as Compile would.
func parseRecorded(t testing.TB, text []byte) *collector {
	t.Helper()
	c := newCollector(&Job{})
	lines := newLineReader(bytes.NewReader(text))
	for {
		line, err := lines.next()
		if len(line.head) > 0 && line.head[0] != '#' && c.add(line) {
			t.Errorf("the recording goes on behind %q", line.head)
			return c
		}
		if errors.Is(err, io.EOF) {
			return c
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func golden(t testing.TB, remarks []Remark) []byte {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, r := range remarks {
		if err := enc.Encode(r); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// checkKinds checks that a recording has every form that its release prints, so
// that a sample that no longer provokes one is noticed.

func TestCorpus(t *testing.T) {
	for _, rec := range recordings() {
		t.Run(rec.file, func(t *testing.T) {
			txt, gold := filepath.Join(corpusDir, rec.file+".txt"), filepath.Join(corpusDir, rec.file+".golden")
			if *update {
				text, _, tc := record(t, rec)
				head := fmt.Sprintf("# What %s (%s/%s) prints with -m=2 -L -d=pgodebug=1 for the sample, up to the first escape remark.\n", tc.Version, tc.GOOS, tc.GOARCH)
				writeFile(t, txt, append([]byte(head), text...))
			}
			text, err := os.ReadFile(txt)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.HasPrefix(text, []byte("# What "+rec.file[:len("go1.26")])) {
				t.Errorf("%s does not name its Go version", txt)
			}
			c := parseRecorded(t, text)
			if kept, n := c.problems(); n > 0 {
				t.Errorf("%d lines are not known, the first: %q", n, kept[:min(len(kept), 10)])
			}
			got := golden(t, c.remarks)
			if *update {
				writeFile(t, gold, got)
			}
			want, err := os.ReadFile(gold)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
				t.Errorf("-%s +parsed\n%s", gold, diff)
			}
			checkKinds(t, rec, c.remarks)
		})
	}
}

func checkKinds(t *testing.T, rec recording, remarks []Remark) {
	t.Helper()
	n := map[Kind]int{}
	how := map[How]int{}
	var autogenerated, orig, noCol, score int
	for _, r := range remarks {
		n[r.Kind]++
		if r.Kind == Devirtualizing {
			how[r.How]++
		}
		if r.File == "<autogenerated>" {
			autogenerated++
		}
		if r.Orig != nil {
			orig++
		}
		if r.Col == 0 && r.Line > 0 && r.Orig == nil {
			noCol++
		}
		if r.Score != 0 {
			score++
		}
	}
	for _, kind := range []Kind{CanInline, CannotInline, InliningCall, Devirtualizing, BigCaller, RecursiveCycle, HotCallee, HotCall} {
		if n[kind] == 0 {
			t.Errorf("no remark of kind %d", kind)
		}
	}
	if loops := rec.file == "go1.24" || rec.file == "go1.25"; loops != (n[BenchLoop] > 0) {
		t.Errorf("%d remarks about B.Loop", n[BenchLoop])
	}
	if rec.newInl {
		if score == 0 {
			t.Error("no score")
		}
		return // the rest is in files with imports
	}
	for _, h := range []How{HowStatic, HowPartial, HowPGOInterface, HowPGOFunc} {
		if how[h] == 0 {
			t.Errorf("nothing devirtualized in way %d", h)
		}
	}
	if autogenerated == 0 || orig == 0 || noCol == 0 {
		t.Errorf("%d remarks at autogenerated code, %d behind //line, %d without a column", autogenerated, orig, noCol)
	}
}

// TestLive compiles the sample with each release as it is now.
func TestLive(t *testing.T) {
	for _, rec := range recordings() {
		t.Run(rec.file, func(t *testing.T) {
			_, out, tc := record(t, rec)
			if out.NumProblems > 0 || len(out.Errors) > 0 {
				t.Errorf("%s: %d problems: %q, errors: %v", tc.Version, out.NumProblems, out.Problems, out.Errors)
			}
			if !out.Stopped {
				t.Errorf("%s ran to its end", tc.Version)
			}
			checkKinds(t, rec, out.Remarks)
		})
	}
}
