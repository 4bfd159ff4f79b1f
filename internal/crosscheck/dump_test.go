package crosscheck

import (
	"bufio"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// callNode matches the place of a call in the tree that -W=2 dumps before
// anything is inlined. Files are named by their base there.
var callNode = regexp.MustCompile(`^[. ]*CALL(?:FUNC|INTER|METH|) .*# ([^ :]+):(\d+):(\d+)`)

// The calls that the compiler has in its tree before it inlines are those that
// we do not call eliminated, and none else. Only code that every build of the
// package has can be compared: generic functions come with instances of ours.
func TestDump(t *testing.T) {
	for _, path := range []string{"net/http", "math/big", "encoding/json", "os"} {
		type spot struct {
			file      string
			line, col int
		}
		dumped := make(map[spot]bool)
		cmd := exec.CommandContext(t.Context(), "go", "build", "-gcflags=-W=2", path)
		cmd.Dir = t.TempDir()
		out, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewReaderSize(out, 1<<16)
		for {
			line, _, err := lines.ReadLine() // what is longer than the buffer is no call's place
			if err != nil {
				break
			}
			if m := callNode.FindSubmatch(line); m != nil {
				n, _ := strconv.Atoi(string(m[2]))
				col, _ := strconv.Atoi(string(m[3]))
				dumped[spot{string(m[1]), n, col}] = true
			}
		}
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
		live, dead := 0, 0
		verdicts(t, load.Config{Dir: t.TempDir()}, []string{path}, func(p *inline.Package) {
			for i := range p.Calls {
				c := &p.Calls[i]
				if len(c.Instances) > 0 || c.Via == "range" || c.Pos.Col == 0 || c.Pos.Col >= 255 {
					continue
				}
				there := dumped[spot{filepath.Base(c.Pos.File), c.Pos.Line, c.Pos.Col}]
				switch eliminated := c.Status == inline.StatusEliminated; {
				case eliminated && there:
					t.Errorf("%s:%d:%d: %s is called eliminated, and the compiler has it", c.Pos.File, c.Pos.Line, c.Pos.Col, c.Callee)
				case !eliminated && !there:
					t.Errorf("%s:%d:%d: %s is %s, and the compiler does not have it", c.Pos.File, c.Pos.Line, c.Pos.Col, c.Callee, c.Status)
				case eliminated:
					dead++
				default:
					live++
				}
			}
		})
		t.Logf("the tree before inlining, %s: %d calls are in it, %d are eliminated and are not", path, live, dead)
		if live < 500 {
			t.Errorf("%s: only %d calls were compared", path, live)
		}
	}
}
