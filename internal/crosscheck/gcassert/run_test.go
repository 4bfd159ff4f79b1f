package gcassert

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"
)

// A line is a line of a file, whose name is relative to the module.
type line struct {
	file string
	line int
}

func (l line) String() string { return l.file + ":" + strconv.Itoa(l.line) }

// A finding is one of ours.
type finding struct {
	Kind    string `json:"kind"`
	Rule    string `json:"rule"`
	Level   string `json:"level"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Subject string `json:"subject"`
	Is      string `json:"is"`
	Promise *struct {
		File string `json:"file"`
		Line int    `json:"line"`
		Text string `json:"text"`
	} `json:"promise"`
}

func (f finding) String() string {
	return fmt.Sprintf("%s:%d: %s: %s (%s)", f.File, f.Line, f.Subject, f.Is, f.Rule)
}

// programs are both programs, built once for all tests.
var programs = sync.OnceValues(func() (paths [2]string, err error) {
	dir, err := os.MkdirTemp("", "inlinelens-gcassert-")
	if err != nil {
		return paths, err
	}
	scratch = dir
	for i, args := range [][]string{
		{"./cmd/inlinelens"},
		{"-modfile=tools/go.mod", "github.com/jordanlewis/gcassert/cmd/gcassert"},
	} {
		cmd := exec.Command("go", append([]string{"build", "-o", dir + string(filepath.Separator)}, args...)...)
		cmd.Dir = "../../.."
		if out, err := cmd.CombinedOutput(); err != nil {
			return paths, fmt.Errorf("%w\n%s", err, out)
		}
		paths[i] = filepath.Join(dir, filepath.Base(args[len(args)-1]))
	}
	return paths, nil
})

var scratch string // has the programs; "" until they are built

func TestMain(m *testing.M) {
	code := m.Run()
	if scratch != "" {
		_ = os.RemoveAll(scratch)
	}
	os.Exit(code)
}

// start runs a program in the module with a toolchain. Exit statuses up to most are fine.
func start(t *testing.T, module, toolchain string, most int, program string, args ...string) (stdout, stderr string) {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir = module
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN="+toolchain, "GOFLAGS=", "GOWORK=off", "TMPDIR="+t.TempDir())
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() <= most && exit.ExitCode() != 2 {
		err = nil
	}
	if err != nil {
		t.Fatalf("%s %v: %v\n%s\n%s", program, args, err, out.String(), errs.String())
	}
	return out.String(), errs.String()
}

// ours returns our findings, read as gcassert reads: one inlined call on a line is enough.
func ours(t *testing.T, module, toolchain string, patterns ...string) (findings []finding) {
	t.Helper()
	paths, err := programs()
	if err != nil {
		t.Fatal(err)
	}
	args := append([]string{"check", "-format", "json", "-gcassert", "any"}, patterns...)
	out, _ := start(t, module, toolchain, 3, paths[0], args...)
	judged := false
	for text := range strings.Lines(out) {
		var f finding
		if err := json.Unmarshal([]byte(text), &f); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		judged = judged || f.Kind == "judgment"
		if f.Kind == "finding" && f.Level != "note" {
			f.File = filepath.ToSlash(f.File)
			findings = append(findings, f)
		}
	}
	if !judged {
		t.Fatalf("there is no judgment: %s", out)
	}
	return findings
}

var reported = regexp.MustCompile(`(?m)^(\S+\.go):(\d+):\t`)

// theirs returns the lines at which gcassert says that a call was not inlined.
func theirs(t *testing.T, module, toolchain string, patterns ...string) (lines []line) {
	t.Helper()
	paths, err := programs()
	if err != nil {
		t.Fatal(err)
	}
	_, out := start(t, module, toolchain, 1, paths[1], patterns...)
	at := reported.FindAllStringSubmatchIndex(out, -1)
	for i, m := range at {
		end := len(out)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		if !strings.HasSuffix(out[m[0]:end], ": call was not inlined\n") {
			continue // of another directive
		}
		n, err := strconv.Atoi(out[m[4]:m[5]])
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line{filepath.ToSlash(out[m[2]:m[3]]), n})
	}
	if len(at) == 0 && strings.TrimSpace(out) != "" {
		t.Fatalf("the output of gcassert is not understood:\n%s", out)
	}
	return lines
}

// A source answers about the lines of a module's files.
type source struct {
	t      *testing.T
	module string
	files  map[string][]string
}

func (s *source) lineOf(l line) string {
	text, ok := s.files[l.file]
	if !ok {
		data, err := os.ReadFile(filepath.Join(s.module, filepath.FromSlash(l.file)))
		if err != nil {
			s.t.Fatal(err)
		}
		text = strings.Split(string(data), "\n")
		s.files[l.file] = text
	}
	if l.line < 1 || l.line > len(text) {
		return ""
	}
	return text[l.line-1]
}

// around returns a line with those beside it.
func (s *source) around(l line) string {
	var b strings.Builder
	for n := l.line - 2; n <= l.line+3; n++ {
		b.WriteString(s.lineOf(line{l.file, n}) + "\n")
	}
	return b.String()
}

// governs reports whether a directive at one line is about the statement at another: on
// the same line, or with nothing but comments between. A comment in an empty block is
// about what follows the block.
func (s *source) governs(directive, statement line) bool {
	if directive.file != statement.file || directive.line > statement.line {
		return false
	}
	empty := strings.Contains(s.lineOf(directive), "{ //")
	for n := directive.line; n < statement.line; n++ {
		text := strings.TrimSpace(s.lineOf(line{directive.file, n}))
		if text != "" && !strings.HasPrefix(text, "//") && (!empty || text != "}" && n != directive.line) {
			return false
		}
	}
	return true
}

// severalLines reports whether a composite literal goes on after the first line of a
// statement. gcassert looks at that line only, and there is no call; we look at all lines.
func (s *source) severalLines(l line) bool {
	text := strings.TrimSpace(s.lineOf(l))
	return strings.HasSuffix(text, "}{") || strings.HasSuffix(text, "int{")
}

// match finds ours for a line of gcassert's. That of a directive's statement is the first
// line of the statement, where ours is at the call or, without a call, at the directive.
func (s *source) match(l line, findings []finding) bool {
	return slices.ContainsFunc(findings, func(f finding) bool {
		here := line{f.File, f.Line}
		if here == l || f.Promise == nil && s.governs(here, l) {
			return true
		}
		return f.Promise != nil && s.governs(line{filepath.ToSlash(f.Promise.File), f.Promise.Line}, l)
	})
}
