package gc

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/inlinelens/inlinelens/internal/remark"
)

var update = flag.Bool("update", false, "record the corpus of package remark again, with every toolchain; its tests then rewrite the goldens")

const (
	corpusDir  = "../remark/testdata/corpus"
	samplePath = "example.com/sample" // import path of the sample
	recordDir  = "/corpus"            // stands for the directory in which it was compiled
)

// A recording is one compile of the sample.
type recording struct {
	file    string // base name in corpusDir, without extension
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
	r, err := c.run(t.Context(), &job, []string{"-o", object}, func(line remark.Line) bool {
		t.Errorf("testing: %s", line.Head)
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

// TestLive compiles the sample with each release as it is now, and shows that it
// still provokes every form of remark that the recording has. With -update it records
// the corpus again.
func TestLive(t *testing.T) {
	for _, rec := range recordings() {
		t.Run(rec.file, func(t *testing.T) {
			text, out, tc := record(t, rec)
			if *update {
				head := fmt.Sprintf("# What %s (%s/%s) prints with -m=2 -L -d=pgodebug=1 for the sample, up to the first escape remark.\n", tc.Version, tc.GOOS, tc.GOARCH)
				writeFile(t, filepath.Join(corpusDir, rec.file+".txt"), append([]byte(head), text...))
			}
			if out.NumProblems > 0 || len(out.Errors) > 0 {
				t.Errorf("%s: %d problems: %q, errors: %v", tc.Version, out.NumProblems, out.Problems, out.Errors)
			}
			if !out.Stopped {
				t.Errorf("%s ran to its end", tc.Version)
			}
			if diff := cmp.Diff(forms(recorded(t, rec)), forms(out.Remarks)); diff != "" {
				t.Errorf("%s prints other forms than its recording has: -recorded +printed\n%s", tc.Version, diff)
			}
		})
	}
}

// recorded returns the remarks of the recording, which the tests of package remark
// hold against its text.
func recorded(t *testing.T, rec recording) (remarks []remark.Remark) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(corpusDir, rec.file+".golden"))
	if err != nil {
		t.Fatal(err)
	}
	for dec := jsontext.NewDecoder(bytes.NewReader(text)); dec.PeekKind() != jsontext.KindInvalid; {
		var r remark.Remark
		if err := json.UnmarshalDecode(dec, &r); err != nil {
			t.Fatal(err)
		}
		remarks = append(remarks, r)
	}
	return remarks
}

// forms returns which forms remarks have, and what their positions are like.
func forms(remarks []remark.Remark) map[string]bool {
	seen := make(map[string]bool)
	for _, r := range remarks {
		seen[fmt.Sprintf("kind %d, how %d", r.Kind, r.How)] = true
		seen[fmt.Sprintf("autogenerated: %v", r.File == "<autogenerated>")] = true
		seen[fmt.Sprintf("behind a line directive: %v", r.Orig != nil)] = true
		seen[fmt.Sprintf("without a column: %v", r.Col == 0 && r.Line > 0 && r.Orig == nil)] = true
		seen[fmt.Sprintf("with a score: %v", r.Score != 0)] = true
	}
	return seen
}
