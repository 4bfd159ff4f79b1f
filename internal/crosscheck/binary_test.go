package crosscheck

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The comments in the sample say what must be found at their line: "inlined F" a
// body of F in the function around, "call F" a CALL of F, "call" one through a
// register; with "F > G:" in front, in the body of G in F.
const sample = `package main

import "os"

var sink int

type shape interface{ area() int }
type square struct{ n int }

func (s square) area() int { return s.n * s.n }

//go:noinline
func stays(n int) int { return n + 1 }

func small(n int) int {
	sink = n * 3
	return sink
}

func outer(n int) int {
	return stays(small(n)) // main.work > main.outer: call main.stays
}

//go:noinline
func work(s shape, n int) int {
	sink = stays(n)          // call main.stays
	sink += small(n)         // inlined main.small
	sink += outer(n)         // inlined main.outer
	sink += s.area()         // call
	sink += generic(n)       // inlined main.generic[go.shape.int]
	return sink
}

func generic[T int | string](v T) int {
	var a any = v
	n, _ := a.(int)
	return n + sink
}

func main() {
	work(square{len(os.Args)}, len(os.Args)) // call main.work
}
`

func TestBinary(t *testing.T) {
	dir := t.TempDir()
	source := filepath.Join(dir, "main.go")
	writeFile(t, source, sample)
	writeFile(t, filepath.Join(dir, "go.mod"), "module sample\n\ngo 1.22\n")
	for _, goarch := range []string{"amd64", "arm64"} {
		t.Run(goarch, func(t *testing.T) {
			exe := filepath.Join(t.TempDir(), "sample")
			goCommand(t, dir, []string{"GOOS=linux", "GOARCH=" + goarch, "CGO_ENABLED=0"}, "build", "-o", exe, ".")
			b, err := Open(exe)
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			if b.GOARCH != goarch {
				t.Errorf("GOARCH = %q", b.GOARCH)
			}
			funcs, err := b.Functions("main")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range funcs {
				if f.Undecoded > 0 {
					t.Errorf("%s: %d undecoded", f.Name, f.Undecoded)
				}
				for _, body := range f.Inlined {
					if body.At.File == source {
						got = append(got, mark(source, body.At.Line, "inlined "+body.Callee))
					}
				}
				for _, call := range f.Calls {
					if call.At.File == source && !strings.HasPrefix(call.Target, "runtime.") {
						got = append(got, mark(source, call.At.Line, frames(f, call)+strings.TrimSpace("call "+call.Target)))
					}
				}
			}
			if diff := cmp.Diff(marks(t, source, sample), sortedSet(got)); diff != "" {
				t.Errorf("marks in the source (-) and what the binary says (+):\n%s", diff)
			}
		})
	}
}

// TestNestedBodies holds the tree of bodies and the frames of a call in one.
func TestNestedBodies(t *testing.T) {
	exe := filepath.Join(t.TempDir(), "sample")
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "main.go"), sample)
	writeFile(t, filepath.Join(dir, "go.mod"), "module sample\n\ngo 1.22\n")
	goCommand(t, dir, nil, "build", "-o", exe, ".")
	b, err := Open(exe)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	funcs, err := b.Functions("main")
	if err != nil {
		t.Fatal(err)
	}
	var nested string
	for _, f := range funcs {
		for _, body := range f.Inlined {
			for _, inner := range body.Inside {
				if f.Name == "main.work" && body.Callee == "main.outer" {
					nested = inner.Callee
				}
			}
		}
	}
	if nested != "main.small" {
		t.Errorf("in main.work, main.outer has %q inside, want main.small", nested)
	}
	if strings.Join(b.Units(), " ") == "" {
		t.Error("no units")
	}
	if fs, err := b.Functions("no/such/package"); err != nil || len(fs) > 0 {
		t.Errorf("a package that is not there: %d functions, %v", len(fs), err)
	}
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	writeFile(t, text, "not a binary")
	stripped := filepath.Join(dir, "stripped")
	writeFile(t, filepath.Join(dir, "main.go"), "package main\n\nfunc main() {}\n")
	writeFile(t, filepath.Join(dir, "go.mod"), "module sample\n\ngo 1.22\n")
	goCommand(t, dir, []string{"GOOS=linux"}, "build", "-ldflags=-w", "-o", stripped, ".")
	windows := filepath.Join(dir, "windows.exe")
	writeFile(t, windows, "MZ\x90\x00"+strings.Repeat("\x00", 200))
	foreign := filepath.Join(dir, "foreign")
	data, err := os.ReadFile(stripped)
	if err != nil {
		t.Fatal(err)
	}
	data[18], data[19] = byte(elf.EM_S390), 0 // e_machine of a little-endian ELF header
	writeFile(t, foreign, string(data))
	for _, test := range []struct{ file, want string }{
		{filepath.Join(dir, "missing"), "no such file"},
		{text, "not an ELF file"},
		{stripped, "DWARF"},
		{windows, "not an ELF file"},
		{foreign, "no disassembler for machine EM_S390"},
	} {
		b, err := Open(test.file)
		if err == nil {
			b.Close()
			t.Errorf("Open(%s): no error, want one with %q", test.file, test.want)
		} else if !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), test.file) {
			t.Errorf("Open(%s): %v, want %q", test.file, err, test.want)
		}
	}
}

// frames names the bodies around a call, if there are any.
func frames(f *Function, call Instruction) string {
	if len(call.Within) == 0 {
		return ""
	}
	names := []string{f.Name}
	for _, body := range call.Within {
		names = append(names, body.Callee)
	}
	return strings.Join(names, " > ") + ": "
}

func mark(source string, line int, text string) string {
	return filepath.Base(source) + ":" + itoa(line) + ": " + text
}

// marks reads the comments of the sample.
func marks(t *testing.T, source, text string) []string {
	t.Helper()
	var want []string
	for i, line := range strings.Split(text, "\n") {
		if _, comment, ok := strings.Cut(line, " // "); ok {
			want = append(want, mark(source, i+1, comment))
		}
	}
	if len(want) < 7 {
		t.Fatalf("only %d marks", len(want))
	}
	return sortedSet(want)
}

// goCommand runs the go command in dir with further environment, and returns
// its standard output. GOFLAGS of the person who runs the test have no say.
func goCommand(t testing.TB, dir string, env []string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "GOFLAGS=", "GOWORK=off"), env...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return string(out)
}

func writeFile(t testing.TB, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
