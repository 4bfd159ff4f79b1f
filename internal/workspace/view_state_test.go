package workspace

import (
	"fmt"
	"strings"
	"testing"
)

// Every state meets every event: the table has the state that follows, or "-" where
// that cannot happen. The columns are in the order of the events' constants.
func TestViewState(t *testing.T) {
	const table = `
		idle                | compile pending      load pending      -          -          -        -          -
		compile pending     | compile pending      load pending      compiling  -          -        -          -
		load pending        | load pending         load pending      loading    -          -        -          -
		loading             | stopping to load     stopping to load  -          compiling  -        finishing  idle
		compiling           | stopping to compile  stopping to load  -          compiling  linking  finishing  idle
		linking             | stopping to compile  stopping to load  -          compiling  linking  finishing  idle
		finishing           | stopping to compile  stopping to load  -          finishing  linking  finishing  idle
		stopping to compile | stopping to compile  stopping to load  -          -          -        -          compile pending
		stopping to load    | stopping to load     stopping to load  -          -          -        -          load pending`
	rows := strings.Split(strings.TrimSpace(table), "\n")
	if len(rows) != len(stateNames) {
		t.Fatalf("%d states in the table, want %d", len(rows), len(stateNames))
	}
	for i, row := range rows {
		name, columns, _ := strings.Cut(row, "|")
		from := viewState(i)
		if got := strings.TrimSpace(name); got != from.String() {
			t.Errorf("row %d is of %q, want %q", i, got, from)
		}
		wants := columnsOf(columns)
		if len(wants) != len(eventNames) {
			t.Fatalf("%d events in the row of %s, want %d", len(wants), from, len(eventNames))
		}
		for j, want := range wants {
			event := viewEvent(j)
			next, possible := from.after(event)
			got := next.String()
			if !possible {
				got = "-"
			}
			if got != want {
				t.Errorf("%s, when %s: %s, want %s", from, event, got, want)
			}
			if !possible && next != from {
				t.Errorf("%s, when %s, which cannot be: becomes %s", from, event, next)
			}
		}
	}
}

// columnsOf returns the columns of a row, which two spaces divide.
func columnsOf(row string) []string {
	var columns []string
	for c := range strings.SplitSeq(row, "  ") {
		if c = strings.TrimSpace(c); c != "" {
			columns = append(columns, c)
		}
	}
	return columns
}

// What is asked of a state in other places, for each.
func TestViewStateIs(t *testing.T) {
	want := map[viewState]string{
		stateIdle:              "",
		stateCompilePending:    "pending incomplete",
		stateLoadPending:       "pending incomplete",
		stateLoading:           "running incomplete",
		stateCompiling:         "running incomplete",
		stateLinking:           "running incomplete",
		stateFinishing:         "running",
		stateStoppingToCompile: "running stopping incomplete",
		stateStoppingToLoad:    "running stopping incomplete",
	}
	for i := range stateNames {
		s := viewState(i)
		var is []string
		for _, q := range []struct {
			name string
			is   bool
		}{{"pending", s.pending()}, {"running", s.running()}, {"stopping", s.stopping()}, {"incomplete", s.incomplete()}} {
			if q.is {
				is = append(is, q.name)
			}
		}
		if got := strings.Join(is, " "); got != want[s] {
			t.Errorf("%s is %q, want %q", s, got, want[s])
		}
	}
}

// A run that is asked for what it cannot meet leaves the view as it is, and says so.
func TestViewAdvance(t *testing.T) {
	v := &view{state: stateLoadPending}
	var states []string
	for _, e := range []viewEvent{eventStarted, eventLoaded, eventPartial, eventStarted, eventResult, eventCompileRequested, eventResult, eventLoadRequested, eventEnded} {
		ok := v.advance(e)
		states = append(states, fmt.Sprint(v.state, " ", ok))
	}
	want := "loading true, compiling true, linking true, linking false, finishing true, stopping to compile true, stopping to compile false, stopping to load true, load pending true"
	if got := strings.Join(states, ", "); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
