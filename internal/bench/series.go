package main

import (
	"fmt"
	"os"
	"slices"
)

// A series is a set of rows that are measured together.
type series struct {
	name    string // what -only matches
	measure func(*rig) ([]row, error)
}

var all = []series{
	{"edit net/http", func(r *rig) ([]row, error) { return r.afterEdit(netHTTP, 4, 150) }},
	{"edit go/types", func(r *rig) ([]row, error) { return r.afterEdit(goTypes, 6, 0) }},
	{"edit cmd/compile/internal/ssa", func(r *rig) ([]row, error) { return r.afterEdit(ssa, 3, 0) }},
	{"floor", (*rig).floors},
	{"explain", (*rig).explain},
	{"std", (*rig).std},
	{"gate", (*rig).gate},
	{"editor saves net/http", func(r *rig) ([]row, error) { return r.saves(netHTTP) }},
	{"editor saves go/types", func(r *rig) ([]row, error) { return r.saves(goTypes) }},
	{"editor requests", (*rig).requests},
	{"editor costs", (*rig).costs},
	{"advice", (*rig).advice},
	{"editor keystrokes", (*rig).keystrokes},
	{"editor start", (*rig).start},
	{"editor memory", (*rig).memoryOfDay},
	{"editor screen", (*rig).screen},
	{"editor day", (*rig).day},
}

// afterEdit measures a report of one package whose text nobody has seen,
// against the full -m=2 build of the same text, and against the floor.
// maxMB is the goal for our peak memory, 0 for none.
func (r *rig) afterEdit(s subject, goal float64, maxMB int64) ([]row, error) {
	var ours, rivals, empty []sample
	for i := -1; i < r.runs; i++ {
		e, err := r.edited(r.file(s))
		if err != nil {
			return nil, err
		}
		our := command{args: []string{r.program, "report", "-overlay=" + e.overlay, s.path}, keep: e.mark}
		rival := command{args: []string{"go", "build", "-overlay=" + e.overlay, "-gcflags=-m=2", s.path}}
		if i < 0 { // the first round warms both sides, and proves that the rival sees the edit
			rival.keep = e.mark
		}
		o, err := r.run(our)
		if err != nil {
			return nil, err
		}
		v, err := r.run(rival)
		if err != nil {
			return nil, err
		}
		if i < 0 {
			continue
		}
		ours, rivals = append(ours, o), append(rivals, v)
		if i < 2 { // and with a cache of our own that is empty
			our.facts = r.sub(fmt.Sprintf("empty%d", r.edits))
			o, err := r.run(our)
			if err != nil {
				return nil, err
			}
			empty = append(empty, o)
			if err := os.RemoveAll(our.facts); err != nil {
				return nil, err
			}
		}
	}
	const rivalName = "`go build -gcflags=-m=2`"
	rows := []row{faster("`report "+s.path+"` after an edit", rivalName, median(ours), median(rivals), goal)}
	cold := faster("the same, with no facts of dependencies remembered", rivalName, median(empty), median(rivals), 0)
	cold.goal = ""
	rows = append(rows, cold)
	if maxMB > 0 {
		rows = append(rows, memory("peak memory of our process, `report "+s.path+"`", median(slices.Concat(ours, empty)), maxMB))
	}
	return rows, nil
}

// floors measures reports of edits against loading plus the compiler's time to
// its first escape remark.
func (r *rig) floors() ([]row, error) {
	var rows []row
	for _, s := range []subject{
		netHTTP, goTypes, ssa,
		{path: "encoding/json", file: "encode.go"},
		{path: "text/template", file: "exec.go"},
		{path: "strings", file: "strings.go"},
	} {
		var ours, floors []sample
		for i := -1; i < r.runs; i++ {
			e, err := r.edited(r.file(s))
			if err != nil {
				return nil, err
			}
			o, err := r.run(command{args: []string{r.program, "report", "-overlay=" + e.overlay, s.path}, keep: e.mark})
			if err != nil {
				return nil, err
			}
			load, compile, err := r.floor(s.path, e)
			if err != nil {
				return nil, err
			}
			if i >= 0 {
				ours, floors = append(ours, o), append(floors, sample{wall: load + compile})
			}
		}
		rows = append(rows, within("`report "+s.path+"` after an edit", "`go list` + compiler to its first escape remark", median(ours), median(floors), 1.2))
	}
	return rows, nil
}

// std measures the whole standard library: with nothing known, and with
// nothing changed.
func (r *rig) std() ([]row, error) {
	our := command{args: []string{r.program, "report", "std"}, facts: r.sub("std-facts"), keep: "net/http"}
	progress("  report std, cold")
	cold, err := r.run(our)
	if err != nil {
		return nil, err
	}
	progress("  go build -gcflags=all=-m=2 std, into an empty cache")
	empty := r.sub("std-gocache")
	rival, err := r.run(command{args: []string{"go", "build", "-gcflags=all=-m=2", "std"}, gocache: empty})
	if err != nil {
		return nil, err
	}
	if err := os.RemoveAll(empty); err != nil {
		return nil, err
	}
	progress("  report std, nothing changed")
	var ours, lists []sample
	for range r.runs {
		o, err := r.run(our)
		if err != nil {
			return nil, err
		}
		if o.lines != cold.lines {
			return nil, fmt.Errorf("report std printed %d lines when cold and %d when nothing had changed", cold.lines, o.lines)
		}
		l, err := r.run(command{args: []string{"go", "list", "std"}})
		if err != nil {
			return nil, err
		}
		ours, lists = append(ours, o), append(lists, l)
	}
	progress("  the compiles of std, to their first escape remarks")
	floor, err := r.floorOfStd()
	if err != nil {
		return nil, err
	}
	beside := within("the same", "its compiles to their first escape remarks, and nothing else", cold, sample{wall: floor}, 1)
	beside.goal = ""
	warm := median(ours)
	return []row{
		faster("`report std`, cold", "`go build -gcflags=all=-m=2 std` into an empty cache", cold, rival, 5),
		beside,
		within("`report std`, nothing changed", "`go list std`", warm, median(lists), 3),
		memory("peak memory of our process, `report std`", median(append(ours, cold)), 400),
	}, nil
}
