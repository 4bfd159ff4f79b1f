package crosscheck

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// A spot is a place in a source file, as the compiler prints it; col is 0 where
// it prints none.
type spot struct {
	file      string
	line, col int
}

func (s spot) String() string { return fmt.Sprintf("%s:%d:%d", s.file, s.line, s.col) }

// A packageOutput is what the compiler says of one package.
type packageOutput struct {
	inlined map[spot][]string // callees of "inlining call to", in order
	asked   map[spot]bool     // where functions are that it says it can, or cannot, inline; without columns
	likely  map[spot]string   // callees that a profile put a test for beside a dynamic call
}

// readFullOutput reads what "go build -gcflags=-m=2" prints, one line after
// another. A line "# PKG" begins the output of a package; relative names of
// files are taken below dir. Remarks before the first such line are dropped.
func readFullOutput(r io.Reader, dir string) (all map[string]*packageOutput, lines int, err error) {
	all = map[string]*packageOutput{}
	var pkg *packageOutput
	br := bufio.NewReaderSize(r, 1<<20)
	for {
		line, err := br.ReadString('\n')
		if line != "" {
			lines++
			if name, ok := strings.CutPrefix(line, "# "); ok {
				name = strings.TrimSpace(name)
				if all[name] == nil {
					all[name] = &packageOutput{map[spot][]string{}, map[spot]bool{}, map[spot]string{}}
				}
				pkg = all[name]
			} else if pkg != nil {
				pkg.remark(strings.TrimRight(line, "\r\n"), dir)
			}
		}
		if err == io.EOF {
			return all, lines, nil
		}
		if err != nil {
			return all, lines, err
		}
	}
}

// remark keeps "FILE:LINE:COL: inlining call to NAME", and the place of
// "can inline NAME" and "cannot inline NAME"; COL may be missing.
func (p *packageOutput) remark(line, dir string) {
	if pos, callee, ok := strings.Cut(line, ": inlining call to "); ok && callee != "" {
		if at, ok := readSpot(pos, dir); ok {
			p.inlined[at] = append(p.inlined[at], callee)
		}
		return
	}
	if pos, rest, ok := strings.Cut(line, ": PGO devirtualizing "); ok {
		if at, ok := readSpot(pos, dir); ok {
			p.likely[at] = rest[strings.LastIndex(rest, " to ")+len(" to "):]
		}
		return
	}
	for _, form := range []string{": can inline ", ": cannot inline "} {
		if pos, _, ok := strings.Cut(line, form); ok {
			if at, ok := readSpot(pos, dir); ok {
				at.col = 0
				p.asked[at] = true
			}
			return
		}
	}
}

// readSpot reads "FILE:LINE:COL" or "FILE:LINE".
func readSpot(pos, dir string) (spot, bool) {
	var numbers []int
	for len(numbers) < 2 {
		i := strings.LastIndexByte(pos, ':')
		if i < 0 {
			break
		}
		n, err := strconv.Atoi(pos[i+1:])
		if err != nil || n < 0 {
			break
		}
		numbers = append([]int{n}, numbers...)
		pos = pos[:i]
	}
	if len(numbers) == 0 || pos == "" {
		return spot{}, false
	}
	s := spot{file: pos, line: numbers[0]}
	if len(numbers) == 2 {
		s.col = numbers[1]
	}
	if !filepath.IsAbs(s.file) && !strings.HasPrefix(s.file, "<") {
		s.file = filepath.Join(dir, s.file)
	}
	return s, true
}

// fullOutput compiles packages of std with -m=2, every package to its end,
// and reads all that is printed. For all of std the build cache is one of its own,
// which stays for the next run, where the go command repeats the output without
// compiling.
//
// The go command makes the names of files relative to its directory where that is
// shorter, and repeats them as they were, in whatever directory it runs later. So it
// always runs in GOROOT here. And the flag stands twice, which no one else writes: the
// output of another command is not repeated.
func fullOutput(t *testing.T, release string, patterns []string) (all map[string]*packageOutput, lines int) {
	t.Helper()
	cache, err := filepath.Abs(filepath.Join("..", "..", ".cache", "crosscheck", "full-output"))
	if err != nil {
		t.Fatal(err)
	}
	dir := goroot(t, release)
	args := []string{"build"}
	env := environment("GOTOOLCHAIN="+release, "PWD="+dir)
	for _, p := range patterns {
		if p == "std" {
			p, env = "all", append(env, "GOCACHE="+cache)
		}
		args = append(args, "-gcflags="+p+"=-m=2 -m=2")
	}
	cmd := exec.CommandContext(t.Context(), "go", append(args, patterns...)...)
	cmd.Dir = dir
	cmd.Env = env
	pr, pw, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = pw, pw
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	pw.Close()
	all, lines, err = readFullOutput(pr, dir)
	pr.Close()
	if waitErr := cmd.Wait(); waitErr != nil {
		t.Fatalf("%v: %v", cmd, waitErr)
	}
	if err != nil {
		t.Fatal(err)
	}
	return all, lines
}

// What another command printed, with names relative to its directory, is not taken
// for the output of this one.
func TestFullOutputAnywhere(t *testing.T) {
	goroot := goroot(t, "local")
	t.Setenv("GOCACHE", t.TempDir())
	goCommand(t, filepath.Dir(goroot), nil, "build", "-gcflags=container/list=-m=2", "container/list")
	all, _ := fullOutput(t, "local", []string{"container/list"})
	files := map[string]bool{}
	for at := range all["container/list"].inlined {
		files[at.file] = true
	}
	if want := filepath.Join(goroot, "src", "container", "list", "list.go"); len(files) != 1 || !files[want] {
		t.Errorf("remarks on %v, want %s", files, want)
	}
}

func TestReadFullOutput(t *testing.T) {
	const text = "# p/q\n" +
		"/src/q.go:3:7: inlining call to f\n" +
		"/src/q.go:3:7: inlining call to errors.New\n" +
		"./r.go:4: inlining call to g[go.shape.struct { a:1: b int }]\n" +
		"<autogenerated>:1: inlining call to T.m\n" +
		"/src/q.go:5:6: can inline f with cost 3 as: func() { }\n" +
		"/src/q.go:6:7: PGO devirtualizing interface call x.M to (*T).M\n" +
		"\tflow: x = y:1:2: inlining call to\n" +
		"# p/s\r\n" +
		"/src/s.go:1:1: inlining call to h\r\n"
	all, lines, err := readFullOutput(strings.NewReader(text), "/dir")
	if err != nil || lines != 10 || len(all) != 2 {
		t.Fatalf("%d packages, %d lines, %v", len(all), lines, err)
	}
	for _, test := range []struct{ pkg, want string }{
		{"p/q", "map[/dir/r.go:4:0:[g[go.shape.struct { a:1: b int }]] /src/q.go:3:7:[f errors.New] <autogenerated>:1:0:[T.m]] map[/src/q.go:5:0:true]"},
		{"p/s", "map[/src/s.go:1:1:[h]] map[]"},
	} {
		if got := fmt.Sprint(all[test.pkg].inlined, all[test.pkg].asked); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.pkg, got, test.want)
		}
	}
}

func FuzzReadFullOutput(f *testing.F) {
	f.Add("# p\n/a.go:1:2: inlining call to f\n")
	f.Add("# p\n:1: inlining call to f\na:-1:3: inlining call to \n::: inlining call to x: inlining call to y")
	f.Fuzz(func(t *testing.T, text string) {
		all, lines, err := readFullOutput(strings.NewReader(text), "/dir")
		if err != nil || lines > strings.Count(text, "\n")+1 {
			t.Fatalf("%d lines, %v", lines, err)
		}
		for pkg, out := range all {
			for s, callees := range out.inlined {
				if s.file == "" || s.line < 0 || s.col < 0 || len(callees) == 0 {
					t.Errorf("%q: %v: %q", pkg, s, callees)
				}
			}
		}
	})
}
