package gc

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/inlinelens/inlinelens/internal/remark"
)

// sources writes files, given as name and text in turn, into a new directory
// and returns their compile.
func sources(t testing.TB, namesAndTexts ...string) Job {
	t.Helper()
	job := Job{Dir: t.TempDir(), ImportPath: "example.com/p", Complete: true}
	for i := 0; i < len(namesAndTexts); i += 2 {
		file := filepath.Join(job.Dir, namesAndTexts[i])
		writeFile(t, file, []byte(namesAndTexts[i+1]))
		job.Files = append(job.Files, file)
	}
	return job
}

func compile(t testing.TB, release string, job Job) *Output {
	t.Helper()
	out, err := testCompiler(t, findToolchain(t, release)).Compile(t.Context(), job)
	if err != nil {
		t.Fatal(err)
	}
	if out.NumProblems > 0 {
		t.Errorf("%d problems: %q", out.NumProblems, out.Problems)
	}
	return out
}

// eachRelease runs a test with every release's compiler.
func eachRelease(t *testing.T, f func(t *testing.T, release string)) {
	for _, release := range releases {
		t.Run("release="+release, func(t *testing.T) { f(t, release) })
	}
}

func TestCompileErrors(t *testing.T) {
	eachRelease(t, func(t *testing.T, release string) {
		for _, test := range []struct {
			name string
			job  Job
			want []string // "base name:line:col: message"
		}{
			{"type errors", sources(t, "a.go", "package p\n\nfunc f(a, b int) { var x string = f(1) }\n", "b.go", "package p\n\nfunc f() {}\n"), []string{
				"a.go:3:36: f(1) (no value) used as value",
				"a.go:3:39: not enough arguments in call to f\n\thave (number)\n\twant (int, int)",
				"b.go:3:6: f redeclared in this block\n\tDIR/a.go:3:6: other declaration of f",
			}},
			{"a syntax error", sources(t, "a.go", "package p\n\nfunc f( {\n"), []string{"a.go:3:9: syntax error: unexpected {, expected )"}},
			{"behind a line directive", sources(t, "a.go", "package p\n\n//line x.y:100\nvar x = y\n"), []string{"a.go:4:9: undefined: y"}},
			{"invalid UTF-8", sources(t, "a.go", "package p\n\nvar x = \"\xff\"\n"), []string{"a.go:3:10: invalid UTF-8 encoding"}},
			{"a BOM inside", sources(t, "a.go", "package p\n\nvar \uFEFFx = 1\n"), []string{"a.go:3:5: invalid BOM in the middle of the file"}},
			{"an empty file", sources(t, "a.go", ""), []string{"a.go:1:1: syntax error: package statement must be first"}},
			{"no body", sources(t, "a.go", "package p\n\nfunc f()\n"), []string{"a.go:3:6: missing function body"}},
			{"an import that is not there", sources(t, "a.go", "package p\n\nimport \"x/y\"\n\nvar _ = y.Z\n"), []string{"a.go:3:8: could not import x/y (open : no such file or directory)"}},
			{"a file that is not there", Job{Dir: t.TempDir(), ImportPath: "p", Files: []string{"/nowhere/a.go"}}, []string{":0:0: open /nowhere/a.go: no such file or directory"}},
			{"two packages", sources(t, "a.go", "package p\n", "b.go", "package q\n"), []string{"b.go:1:1: package q; expected "}},
		} {
			out := compile(t, release, test.job)
			var got []string
			for _, e := range out.Errors {
				if e.File != "" && filepath.Dir(e.File) != test.job.Dir {
					t.Errorf("%s: the file %s is none of ours", test.name, e.File)
				}
				msg := strings.ReplaceAll(e.Message, test.job.Dir, "DIR")
				name := e.File
				if name != "" {
					name = filepath.Base(name)
				}
				got = append(got, fmt.Sprintf("%s:%d:%d: %s", name, e.Line, e.Col, msg))
			}
			if test.name == "type errors" {
				// Their order and the place of one differ between releases.
				if len(got) < 2 || !strings.Contains(strings.Join(got, "\n\n"), test.want[2]) || !strings.Contains(strings.Join(got, "\n\n"), "\n\thave (number)\n\twant (int, int)") {
					t.Errorf("%s: got %q", test.name, got)
				}
				continue
			}
			if test.name == "an import that is not there" && len(got) == 1 && strings.HasPrefix(got[0], "a.go:3:8: could not import x/y (") {
				continue
			}
			if test.name == "two packages" && len(got) == 1 {
				got[0] = got[0][:min(len(got[0]), len(test.want[0]))] // the end differs between releases
			}
			if diff := gocmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s: -want +got\n%s", test.name, diff)
			}
			if out.Stopped || len(out.Remarks) > 0 {
				t.Errorf("%s: %+v", test.name, out)
			}
		}
	})
}

func TestTooManyErrors(t *testing.T) {
	var src strings.Builder
	src.WriteString("package p\n\n")
	for i := range 30 {
		fmt.Fprintf(&src, "var x%d = undefined%d\n", i, i)
	}
	out := compile(t, "", sources(t, "a.go", src.String()))
	if len(out.Errors) != 10 {
		t.Errorf("got %d errors", len(out.Errors))
	}
	for i, e := range out.Errors {
		if e.Line != i+3 {
			t.Errorf("error %d is in line %d: %s", i, e.Line, e.Message)
		}
	}
}

// TestCgoErrors shows that an error in what cgo made of a file is reported at
// the place in the user's file, which its //line directives name.
func TestCgoErrors(t *testing.T) {
	job := sources(t, "a.go", "package p\n")
	made := filepath.Join(t.TempDir(), "made-by-cgo")
	writeFile(t, made, fmt.Appendf(nil, "package p\n\n//line %s:3:1\nfunc f() { /*line :3:20*/undefined() }\n", job.Files[0]))
	want := remark.Error{File: job.Files[0], Line: 3, Col: 20, Message: "undefined: undefined"}
	job.Files = []string{made}
	if diff := gocmp.Diff([]remark.Error{want}, compile(t, "", job).Errors); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// TestReplace shows that remarks and errors about unsaved text name the file
// for which it stands.
func TestReplace(t *testing.T) {
	const text = "package p\n\nfunc f() int { return 1 }\n\nfunc g() int { return f() }\n"
	eachRelease(t, func(t *testing.T, release string) {
		for _, name := range []string{"a.go", "ä b:c.go", "semi;colon.go", "a=>b.go"} {
			plain := sources(t, name, text)
			want := compile(t, release, plain).Remarks
			writeFile(t, plain.Files[0], []byte("package old\n"))
			unsaved := filepath.Join(t.TempDir(), "x y.go")
			writeFile(t, unsaved, []byte(text))
			plain.Replace = map[string]string{plain.Files[0]: unsaved}
			got := compile(t, release, plain).Remarks
			if diff := gocmp.Diff(want, got); diff != "" || len(got) != 3 {
				t.Errorf("%s: -on disk +replaced\n%s", name, diff)
			}
			writeFile(t, unsaved, []byte(text+"func f() { undefined() }\n"))
			for _, e := range compile(t, release, plain).Errors {
				if e.File != plain.Files[0] || strings.Contains(e.Message, unsaved) {
					t.Errorf("%s: error in %s: %s", name, e.File, e.Message)
				}
			}
		}
	})
}

// TestOddSources shows that marks and line ends do not move positions.
func TestOddSources(t *testing.T) {
	const text = "package p\n\nfunc f() int { return 1 }\n\nfunc g() int { return f() }\n"
	name := "ä ö/x y.go"
	for _, odd := range []string{text, "\uFEFF" + text, strings.ReplaceAll(text, "\n", "\r\n")} {
		job := sources(t, name, odd)
		want := []remark.Remark{
			{Kind: remark.CanInline, File: job.Files[0], Line: 3, Col: 6, Name: "f", Cost: 2},
			{Kind: remark.CanInline, File: job.Files[0], Line: 5, Col: 6, Name: "g", Cost: 4},
			{Kind: remark.InliningCall, File: job.Files[0], Line: 5, Col: 24, Name: "f"},
		}
		eachRelease(t, func(t *testing.T, release string) {
			got := compile(t, release, job).Remarks
			// The order differs between releases, and what a call costs beyond its callee.
			slices.SortFunc(got, func(a, b remark.Remark) int { return cmp.Or(a.Line-b.Line, a.Col-b.Col) })
			for i := range got {
				if got[i].Name == "g" && got[i].Cost == 5 {
					got[i].Cost = 4
				}
			}
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("%q: -want +got\n%s", odd[:4], diff)
			}
		})
	}
}

// TestRunsToItsEnd shows what happens if escape analysis has nothing to say.
func TestRunsToItsEnd(t *testing.T) {
	eachRelease(t, func(t *testing.T, release string) {
		out := compile(t, release, sources(t, "a.go", "package p\n\nfunc f() int { return 1 }\n"))
		if out.Stopped || len(out.Remarks) != 1 || out.Elapsed <= 0 {
			t.Errorf("got %+v", out)
		}
		out = compile(t, release, sources(t, "a.go", "package p\n"))
		if out.Stopped || len(out.Remarks) != 0 || len(out.Errors) != 0 {
			t.Errorf("an empty package: %+v", out)
		}
		out = compile(t, release, sources(t))
		if out.Stopped || len(out.Remarks) != 0 || len(out.Errors) != 0 {
			t.Errorf("no files: %+v", out)
		}
	})
}

// TestEmbed shows that go:embed finds its files.
func TestEmbed(t *testing.T) {
	tc := findToolchain(t, "")
	job := sources(t, "a.go", "package p\n\nimport _ \"embed\"\n\n//go:embed a.txt\nvar s string\n\nfunc f() int { return len(s) }\n")
	job.PackageFile = packageFiles(goList(t, tc, job.Dir, "embed"))
	writeFile(t, filepath.Join(job.Dir, "a.txt"), []byte("x"))
	if out := compile(t, "", job); len(out.Errors) != 1 || !strings.Contains(out.Errors[0].Message, "go:embed") || out.Errors[0].Line != 5 {
		t.Errorf("without its configuration: %v", out.Errors)
	}
	job.EmbedCfg = fmt.Appendf(nil, `{"Patterns": {"a.txt": ["a.txt"]}, "Files": {"a.txt": %q}}`, filepath.Join(job.Dir, "a.txt"))
	if out := compile(t, "", job); len(out.Errors) > 0 || len(out.Remarks) == 0 {
		t.Errorf("got %+v", out)
	}
}

// TestLongCommandLine shows that any number of files can be compiled.
func TestLongCommandLine(t *testing.T) {
	var files []string
	for i := range 2000 {
		files = append(files, fmt.Sprintf("file_%d_%s \\n.go", i, strings.Repeat("x", 60)), fmt.Sprintf("package p\n\nfunc f%d() {}\n", i))
	}
	if out := compile(t, "", sources(t, files...)); len(out.Remarks) != 2000 || len(out.Errors) > 0 {
		t.Errorf("%d remarks, errors %v", len(out.Remarks), out.Errors)
	}
}

// TestRuntime shows that the packages of the runtime compile without what the
// go command gives them besides: -+, -symabis, -asmhdr.
func TestRuntime(t *testing.T) {
	for _, release := range []string{releases[0], ""} {
		tc := findToolchain(t, release)
		for _, path := range []string{"runtime", "reflect", "sync/atomic", "internal/bytealg"} {
			out := compile(t, release, stdJob(t, tc, path))
			if len(out.Errors) > 0 || len(out.Remarks) < 10 || !out.Stopped {
				t.Errorf("%s %s: %d remarks, errors %v, stopped %v", tc.Version, path, len(out.Remarks), out.Errors, out.Stopped)
			}
		}
	}
}

// TestInstrumented shows that -race, -msan and -asan are passed on: a function
// that says so is not inlined then.
func TestInstrumented(t *testing.T) {
	const text = "package p\n\n//go:norace\nfunc f() int { return 1 }\n\nfunc g() int { return f() }\n"
	for _, flag := range []string{"", "-race", "-msan", "-asan"} {
		job := sources(t, "a.go", text)
		if flag != "" {
			job.Flags = []string{flag}
		}
		eachRelease(t, func(t *testing.T, release string) {
			refused := false
			for _, r := range compile(t, release, job).Remarks {
				refused = refused || r.Kind == remark.CannotInline && r.Text == "marked go:norace with -race compilation"
			}
			if refused != (flag == "-race") {
				t.Errorf("%s: refused is %v", flag, refused)
			}
		})
	}
}

// TestFlagsCannotHide shows that flags of the user's cannot take the remarks away.
func TestFlagsCannotHide(t *testing.T) {
	for _, flags := range [][]string{{"-m=0"}, {"-m=1"}, {"-m", "-m", "-m"}, {"-L=0"}, {"-trimpath=/"}, {"-N"}} {
		job := sources(t, "a.go", "package p\n\nfunc f() int { return 1 }\n\n//line x.y:7\nfunc g() int { return f() }\n")
		job.Flags = flags
		out := compile(t, "", job)
		if len(out.Remarks) != 3 || out.Remarks[0].File != job.Files[0] || out.Remarks[1].Orig == nil || out.Remarks[1].Cost == 0 {
			t.Errorf("%q: %+v", flags, out.Remarks)
		}
	}
}

// TestNoTemp shows that a directory which cannot be written gets a clear message.
func TestNoTemp(t *testing.T) {
	temp, err := NewTemp(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := temp.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = NewCompiler(findToolchain(t, ""), temp).Compile(t.Context(), sources(t, "a.go", "package p\n"))
	checkMessage(t, err, temp.Dir, "no such file")
}

// TestNothingBehindTheStop compiles the sample and some packages to their end
// and shows that the early stop loses nothing.
func TestNothingBehindTheStop(t *testing.T) {
	check := func(t *testing.T, c *Compiler, job Job) {
		t.Helper()
		early, err := c.Compile(t.Context(), job)
		if err != nil {
			t.Fatal(err)
		}
		col, _ := job.collector()
		behind, _ := job.collector()
		stopped := false
		r, err := c.run(t.Context(), &job, remarkFlags, func(line remark.Line) bool {
			if stopped {
				behind.Add(line)
			} else {
				stopped = col.Add(line)
			}
			return false
		})
		if err != nil || r.err != nil {
			t.Fatalf("%v, %+v", err, r)
		}
		if !stopped || !early.Stopped {
			t.Errorf("%s did not stop", job.ImportPath)
		}
		if len(behind.Remarks) > 0 {
			t.Errorf("%s: %d remarks behind the stop, the first: %+v", job.ImportPath, len(behind.Remarks), behind.Remarks[0])
		}
		if diff := gocmp.Diff(early.Remarks, col.Remarks); diff != "" {
			t.Errorf("%s: the early remarks differ from the late ones: -early +late\n%s", job.ImportPath, diff)
		}
	}
	for _, release := range []string{releases[0], ""} {
		tc := findToolchain(t, release)
		c := testCompiler(t, tc)
		for _, path := range []string{"sort", "strconv", "slices", "os"} {
			check(t, c, stdJob(t, tc, path))
		}
	}
}

// TestConcurrently runs one compiler from many goroutines.
func TestConcurrently(t *testing.T) {
	tc := findToolchain(t, "")
	c := testCompiler(t, tc)
	job := stdJob(t, tc, "errors")
	want := 0
	results := make(chan *Output)
	for range 8 {
		go func() {
			out, err := c.Compile(t.Context(), job)
			if err != nil {
				t.Error(err)
			}
			results <- out
		}()
	}
	for range 8 {
		out := <-results
		if out == nil {
			continue
		}
		if want == 0 {
			want = len(out.Remarks)
		}
		if len(out.Remarks) != want || want == 0 {
			t.Errorf("%d remarks, want %d", len(out.Remarks), want)
		}
	}
}

// BenchmarkCompile states the time to the first escape remark.
func BenchmarkCompile(b *testing.B) {
	tc := findToolchain(b, "")
	c := testCompiler(b, tc)
	for _, path := range []string{"net/http", "go/types"} {
		job := stdJob(b, tc, path)
		b.Run(path, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.Compile(b.Context(), job); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
