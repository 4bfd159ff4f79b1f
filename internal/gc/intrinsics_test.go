package gc

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/inlinelens/inlinelens/internal/remark"
)

func query(job Job) IntrinsicsQuery {
	return IntrinsicsQuery{ImportPath: job.ImportPath, Files: job.Files, Flags: job.Flags}
}

// intrinsicPackages are those that have intrinsics in the newest release. The
// tests know them; the code does not.
var intrinsicPackages = []string{
	"crypto/internal/constanttime", "internal/runtime/atomic", "internal/runtime/maps", "internal/runtime/math",
	"internal/runtime/sys", "math", "math/big", "math/bits", "runtime", "sync", "sync/atomic",
}

func trues(m map[string]bool) []string {
	var names []string
	for name, yes := range m {
		if yes {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// TestIntrinsicsSource compares the answer with the table in the compiler's
// own source, which is on every machine that has the toolchain.
func TestIntrinsicsSource(t *testing.T) {
	tc := findToolchain(t, "", "GOARCH=amd64", "GOAMD64=v1")
	table := readIntrinsicsTable(t, filepath.Join(tc.GOROOT, "src/cmd/compile/internal/ssagen/intrinsics.go"))
	if n := len(table); n < 8 {
		t.Fatalf("read only %d packages out of the table", n)
	}
	c := testCompiler(t, tc)
	checked := 0
	for _, path := range intrinsicPackages {
		job := stdJob(t, tc, path)
		got, err := c.Intrinsics(t.Context(), query(job))
		if err != nil {
			t.Fatal(err)
		}
		declared := declaredFuncs(t, job.Files)
		var want []string
		for name := range table[path] {
			// The table also has functions of other architectures' files, and those
			// that only the compiler calls.
			if declared[name] {
				want = append(want, name)
				if _, asked := got[name]; !asked {
					t.Errorf("%s.%s was not asked about", path, name)
				}
			}
		}
		slices.Sort(want)
		checked += len(want)
		if diff := cmp.Diff(want, trues(got)); diff != "" {
			t.Errorf("%s: -table +learned\n%s", path, diff)
		}
	}
	for path := range table {
		if !slices.Contains(intrinsicPackages, path) && !strings.HasPrefix(path, "simd") {
			t.Errorf("the compiler's table has %s, the test does not", path)
		}
	}
	t.Logf("%d intrinsics of %d packages agree with the compiler's table", checked, len(intrinsicPackages))
}

// readIntrinsicsTable evaluates the registrations in ssagen.initIntrinsics for
// amd64 at GOAMD64=v1 without instrumentation.
func readIntrinsicsTable(t *testing.T, file string) map[string]map[string]bool {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	conds := map[string]bool{"cfg.instrumenting": false, "cfg.goamd64 >= 2": false, "cfg.goamd64 >= 3": false}
	archs := map[string]bool{"all": true, "p8": true, "lwatomics": true, "sys.ArchAMD64": true, "sys.AMD64": true}
	table := map[string]map[string]bool{}
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := func(n ast.Node) string { return string(src[n.Pos()-f.FileStart : n.End()-f.FileStart]) }
	var holds func(e ast.Expr) bool
	holds = func(e ast.Expr) bool {
		switch e := e.(type) {
		case *ast.UnaryExpr:
			if e.Op == token.NOT {
				return !holds(e.X)
			}
		case *ast.BinaryExpr:
			if e.Op == token.LOR {
				return holds(e.X) || holds(e.Y)
			}
			if e.Op == token.LAND {
				return holds(e.X) && holds(e.Y)
			}
		}
		v, known := conds[text(e)]
		if !known && strings.Contains(text(e), "amd64") {
			t.Errorf("unknown condition in the compiler's table: %s", text(e))
		}
		return v
	}
	var visit func(n ast.Node) bool
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IfStmt:
			if holds(n.Cond) {
				ast.Inspect(n.Body, visit)
			} else if n.Else != nil {
				ast.Inspect(n.Else, visit)
			}
			return false
		case *ast.FuncLit:
			return false // the builders
		case *ast.CallExpr:
			fn, ok := n.Fun.(*ast.Ident)
			skip := map[string]int{"add": 3, "addF": 3, "alias": 4}
			if !ok || skip[fn.Name] == 0 || len(n.Args) <= skip[fn.Name] {
				return true
			}
			pkg, err1 := strconv.Unquote(text(n.Args[0]))
			name, err2 := strconv.Unquote(text(n.Args[1]))
			if err1 != nil || err2 != nil {
				return true
			}
			on := slices.ContainsFunc(n.Args[skip[fn.Name]:], func(e ast.Expr) bool { return archs[text(e)] })
			if fn.Name == "alias" && on {
				pkg2, _ := strconv.Unquote(text(n.Args[2]))
				name2, _ := strconv.Unquote(text(n.Args[3]))
				on = table[pkg2][name2]
			}
			if on {
				if table[pkg] == nil {
					table[pkg] = map[string]bool{}
				}
				table[pkg][name] = true
			}
		}
		return true
	}
	for _, d := range f.Decls {
		if d, ok := d.(*ast.FuncDecl); ok && d.Name.Name == "initIntrinsics" {
			ast.Inspect(d.Body, visit)
		}
	}
	return table
}

func declaredFuncs(t *testing.T, files []string) map[string]bool {
	names := map[string]bool{}
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Recv == nil {
				names[d.Name.Name] = true
			}
		}
	}
	return names
}

// TestIntrinsicsCaller compares the answer with what the back end substitutes
// in a package that calls the real functions, in each release.
func TestIntrinsicsCaller(t *testing.T) {
	for _, release := range releases {
		t.Run("release="+release, func(t *testing.T) {
			tc := findToolchain(t, release)
			c := testCompiler(t, tc)
			dir := t.TempDir()
			var src bytes.Buffer
			paths := []string{"math", "math/bits", "sync/atomic"}
			fmt.Fprintf(&src, "package user; import (%q; %q; %q; \"unsafe\"); var _ unsafe.Pointer\n", paths[0], paths[1], paths[2])
			learned := map[int]bool{} // by line
			names := map[int]string{}
			var pkgs []listed
			for _, path := range paths {
				job := stdJob(t, tc, path)
				got, err := c.Intrinsics(t.Context(), query(job))
				if err != nil {
					t.Fatal(err)
				}
				s, err := parseStubs(t.Context(), query(job))
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range s.funcs {
					if strings.Contains(f.name, ".") || !unicode.IsUpper(rune(f.name[0])) || len(f.uses) > 0 {
						continue
					}
					line := len(names) + 2
					names[line], learned[line] = f.name, got[f.name]
					fmt.Fprintf(&src, "func f%d%s\n", line, strings.Replace(f.call, "{ ", "{ "+s.pkgName+".", 1))
				}
				pkgs = append(pkgs, goList(t, tc, dir, path)...)
			}
			file := filepath.Join(dir, "user.go")
			writeFile(t, file, src.Bytes())
			substituted := map[int]bool{}
			for line := range names {
				substituted[line] = false
			}
			job := Job{Dir: dir, ImportPath: "user", Files: []string{file}, PackageFile: packageFiles(pkgs)}
			// -l: an inlined function may have intrinsics in its body.
			r, err := c.run(t.Context(), &job, []string{"-l", "-c=1", "-d=ssa/intrinsics/debug=1"}, func(line remark.Line) bool {
				if at, ok, _ := remark.ParseSubstitution(line); ok {
					if !strings.Contains(string(line.Head), "intrinsic substitution for "+names[at.Line]+" with") {
						t.Errorf("line %d: %s, want %s", at.Line, line.Head, names[at.Line])
					}
					substituted[at.Line] = true
				} else {
					t.Errorf("unexpected: %s", line.Head)
				}
				return false
			})
			if err != nil || r.err != nil {
				t.Fatal(err, r)
			}
			if len(names) < 100 {
				t.Errorf("only %d functions compared", len(names))
			}
			n := 0
			for _, line := range slices.Sorted(maps.Keys(names)) {
				if learned[line] != substituted[line] {
					t.Errorf("%s: learned %v, the caller's compile says %v", names[line], learned[line], substituted[line])
				}
				if learned[line] {
					n++
				}
			}
			t.Logf("%d functions, %d intrinsics", len(names), n)
		})
	}
}

// TestIntrinsicsSettings shows that the answer follows the build's settings.
func TestIntrinsicsSettings(t *testing.T) {
	ask := func(path string, funcs []string, flags []string, env ...string) map[string]bool {
		tc := findToolchain(t, "", env...)
		job := stdJob(t, tc, path)
		q := query(job)
		q.Funcs, q.Flags = funcs, flags
		got, err := testCompiler(t, tc).Intrinsics(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	tests := []struct {
		name string
		got  map[string]bool
		want map[string]bool
	}{
		{"plain", ask("sync/atomic", []string{"LoadInt32", "(*Int32).Load"}, nil), map[string]bool{"LoadInt32": true, "(*Int32).Load": false}},
		{"race", ask("sync/atomic", []string{"LoadInt32"}, []string{"-race"}), map[string]bool{"LoadInt32": false}},
		{"amd64", ask("math", []string{"Abs", "Sqrt", "sqrt", "Trunc"}, nil, "GOARCH=amd64"), map[string]bool{"Abs": false, "Sqrt": false, "sqrt": true, "Trunc": true}},
		{"arm64", ask("math", []string{"Abs", "sqrt", "Trunc"}, nil, "GOARCH=arm64"), map[string]bool{"Abs": true, "sqrt": true, "Trunc": true}},
		{"386", ask("math/bits", []string{"Add64", "TrailingZeros32"}, nil, "GOARCH=386"), map[string]bool{"Add64": false, "TrailingZeros32": true}},
		{"types of other packages inside of its own", ask("net/http", []string{"(*Client).Do", "HandleFunc", "StatusText"}, nil), map[string]bool{"(*Client).Do": false, "HandleFunc": false, "StatusText": false}},
		{"runtime", ask("runtime", []string{"KeepAlive", "GC"}, nil), map[string]bool{"KeepAlive": true, "GC": false}},
		{"as needs a type of another package", ask("errors", nil, nil), map[string]bool{"(*errorString).Error": false, "(*joinError).Error": false, "(*joinError).Unwrap": false, "As": false, "Is": false, "Join": false, "New": false, "Unwrap": false, "is": false}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("%s: -want +got\n%s", test.name, diff)
		}
	}
}

// BenchmarkIntrinsics states the time for one package, asked about one
// function as it is from a call site that has no remark.
func BenchmarkIntrinsics(b *testing.B) {
	tc := findToolchain(b, "")
	c := testCompiler(b, tc)
	for _, bench := range []struct{ path, fn string }{{"math/bits", "Len64"}, {"sync/atomic", "LoadInt32"}, {"runtime", "KeepAlive"}, {"net/http", "StatusText"}} {
		job := stdJob(b, tc, bench.path)
		q := query(job)
		q.Funcs = []string{bench.fn}
		b.Run(bench.path, func(b *testing.B) {
			for b.Loop() {
				if _, err := c.Intrinsics(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func writeFile(t testing.TB, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
