package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// gatedPackages are packages of the module that is checked, with a file of each: those that
// have an assertion, and are edited.
var gatedPackages = []struct{ folder, file string }{
	{"go/ssa", "func.go"}, {"go/callgraph/vta", "vta.go"}, {"internal/refactor/inline", "inline.go"},
}

// A gated is a module that is checked: a copy of golang.org/x/tools, which has more than
// 200 packages, with assertions that both programs read.
type gated struct {
	dir      string
	gcassert string // the program
	facts    string // our own cache
	edits    int
}

// tools is a module that our own go.mod has, so that it is there.
const tools = "golang.org/x/tools"

func (r *rig) newGated() (*gated, error) {
	g := &gated{dir: r.sub("gated"), gcassert: r.sub("gcassert"), facts: r.sub("gated-facts")}
	// gcassert needs a newer x/tools than its go.mod asks for: that of ours.
	modfile, err := output(r.ctx, "", "go", "list", "-f", "{{.Root}}/tools/go.mod", "github.com/inlinelens/inlinelens/cmd/inlinelens")
	if err != nil {
		return nil, err
	}
	if _, err := output(r.ctx, "", "go", "build", "-modfile="+modfile, "-o", g.gcassert, "github.com/jordanlewis/gcassert/cmd/gcassert"); err != nil {
		return nil, err
	}
	from, err := output(r.ctx, "", "go", "list", "-m", "-f", "{{.Dir}}", tools)
	if err != nil {
		return nil, err
	}
	if err := os.CopyFS(g.dir, os.DirFS(from)); err != nil {
		return nil, err
	}
	for _, p := range gatedPackages {
		text := "package " + filepath.Base(p.folder) + "\n\n//gcassert:inline\nfunc benchGated(a, b int) int { return a + b }\n\nfunc benchGatedCaller(x int) int { return benchGated(x, 1) }\n"
		if err := os.WriteFile(filepath.Join(g.dir, p.folder, "bench_gated.go"), []byte(text), 0o666); err != nil {
			return nil, err
		}
	}
	return g, nil
}

func (g *gated) check(r *rig) command {
	return command{dir: g.dir, facts: g.facts, args: []string{r.program, "check", "./..."}, keep: "ok: no findings"}
}

func (g *gated) rival() command {
	return command{dir: g.dir, args: []string{g.gcassert, "./..."}, keep: "for full output"}
}

// edit appends functions to a file of a package, as somebody does who works on it.
func (g *gated) edit(folder, file string) error {
	g.edits++
	f, err := os.OpenFile(filepath.Join(g.dir, filepath.FromSlash(folder), file), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "\nfunc bench%[1]d(x []string) int { return bench%[1]dCallee(x) }\n\nfunc bench%[1]dCallee(x []string) int { return len(x) }\n", g.edits)
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

// gate measures check against gcassert, and diff against a report.
func (r *rig) gate() ([]row, error) {
	g, err := r.newGated()
	if err != nil {
		return nil, err
	}
	progress("  building the module")
	for _, c := range []command{{dir: g.dir, args: []string{"go", "build", "./..."}}, g.rival(), g.check(r)} {
		if _, err := r.run(c); err != nil {
			return nil, err
		}
	}
	rows, err := r.gateUnchanged(g)
	if err != nil {
		return nil, err
	}
	edited, err := r.gateEdited(g)
	if err != nil {
		return nil, err
	}
	compared, err := r.gateCompared(g)
	return append(append(rows, edited), compared...), err
}

func (r *rig) gateUnchanged(g *gated) ([]row, error) {
	var ours, rivals, lists []sample
	for range r.runs {
		for _, m := range []struct {
			to *[]sample
			c  command
		}{{&ours, g.check(r)}, {&rivals, g.rival()}, {&lists, command{dir: g.dir, args: []string{"go", "list", "./..."}}}} {
			s, err := r.run(m.c)
			if err != nil {
				return nil, err
			}
			*m.to = append(*m.to, s)
		}
	}
	check := median(ours)
	return []row{
		faster("`check ./...`, nothing changed, "+tools, "gcassert", check, median(rivals), 20),
		within("the same", "`go list ./...`", check, median(lists), 3),
	}, nil
}

func (r *rig) gateEdited(g *gated) (row, error) {
	var ours, rivals []sample
	for i := -1; i < r.runs; i++ {
		if err := g.edit(gatedPackages[0].folder, gatedPackages[0].file); err != nil {
			return row{}, err
		}
		// Who comes first builds what the other one needs, too: they take turns.
		commands := []command{g.check(r), g.rival()}
		var samples [2]sample
		for n := range commands {
			at := n
			if i%2 != 0 {
				at = 1 - n
			}
			var err error
			if samples[at], err = r.run(commands[at]); err != nil {
				return row{}, err
			}
		}
		if i >= 0 {
			ours, rivals = append(ours, samples[0]), append(rivals, samples[1])
		}
	}
	return faster("`check ./...` after an edit of "+gatedPackages[0].folder, "gcassert", median(ours), median(rivals), 5), nil
}

func (r *rig) gateCompared(g *gated) ([]row, error) {
	git := func(args ...string) error {
		_, err := output(r.ctx, g.dir, "git", append([]string{"-c", "user.name=bench", "-c", "user.email=bench@example.com", "-c", "commit.gpgsign=false"}, args...)...)
		return err
	}
	commit := func() error {
		if err := git("add", "-A"); err != nil {
			return err
		}
		return git("commit", "-q", "-m", "edits")
	}
	if err := git("init", "-q"); err != nil {
		return nil, err
	}
	if err := commit(); err != nil {
		return nil, err
	}
	report := command{dir: g.dir, facts: g.facts, args: []string{r.program, "report", "./..."}, keep: "Summary"}
	diff := command{dir: g.dir, facts: g.facts, args: []string{r.program, "diff", "HEAD~1"}, keep: "ok: "}
	if _, err := r.run(report); err != nil {
		return nil, err
	}
	var first, again, reports []sample
	for range r.runs {
		for _, p := range gatedPackages {
			if err := g.edit(p.folder, p.file); err != nil {
				return nil, err
			}
		}
		if err := commit(); err != nil {
			return nil, err
		}
		for _, m := range []struct {
			to *[]sample
			c  command
		}{{&first, diff}, {&again, diff}, {&reports, report}} {
			s, err := r.run(m.c)
			if err != nil {
				return nil, err
			}
			*m.to = append(*m.to, s)
		}
	}
	rival := "`report ./...` of one side, nothing changed"
	compiling := within("`diff HEAD~1`, 3 packages of "+strings.TrimPrefix(tools, "golang.org/")+" changed, with their compiles", rival, median(first), median(reports), 3)
	compiling.goal = ""
	return []row{compiling, within("the same again", rival, median(again), median(reports), 3)}, nil
}
