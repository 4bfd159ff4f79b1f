package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestFloor(t *testing.T) {
	r := &rig{ctx: t.Context(), dir: t.TempDir(), runs: 1}
	if err := os.Mkdir(r.work(), 0o777); err != nil {
		t.Fatal(err)
	}
	var err error
	if r.goroot, err = output(r.ctx, "", "go", "env", "GOROOT"); err != nil {
		t.Fatal(err)
	}
	if r.gocache, err = output(r.ctx, "", "go", "env", "GOCACHE"); err != nil {
		t.Fatal(err)
	}
	e, err := r.edited(r.file(subject{path: "strings", file: "strings.go"}))
	if err != nil {
		t.Fatal(err)
	}
	load, compile, err := r.floor("strings", e)
	if err != nil {
		t.Fatal(err)
	}
	if load <= 0 || compile <= 0 {
		t.Errorf("load %v, compile %v: want both measured", load, compile)
	}
	if left, err := filepath.Glob(filepath.Join(r.dir, "floor-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	_, err = r.run(command{
		args: []string{"go", "build", "-overlay=" + e.overlay, "-gcflags=-m=2", "strings"},
		keep: "can inline " + e.mark + " ",
	})
	if err != nil {
		t.Errorf("the rival does not see the edit: %v", err)
	}
}

func TestEscapeRemark(t *testing.T) {
	for line, want := range map[string]bool{
		"a.go:1:2: x escapes to heap in f:":                                         true,
		"a.go:1:2: leaking param: x to result ~r0 level=0":                          true,
		"a.go:1: moved to heap: x":                                                  true,
		"a.go:1:2: ... argument does not escape":                                    true,
		"a.go:1:2: parameter x leaks to {heap} for f with derefs=0:":                true,
		`a.go:1:2: can inline f with cost 2 as: func() { s = "x escapes to heap" }`: false,
		"a.go:1:2: inlining call to moved to heap":                                  false,
		"a.go:1:2: devirtualizing x.M to T":                                         false,
	} {
		if got := escapeRemark.MatchString(line) && !inliningRemark.MatchString(line); got != want {
			t.Errorf("%q: %v, want %v", line, got, want)
		}
	}
}

func TestTable(t *testing.T) {
	s := func(d time.Duration) sample { return sample{wall: d} }
	rows := []row{
		faster("a", "r", s(time.Second), s(5*time.Second), 4),
		faster("b", "r", s(time.Second), s(3*time.Second), 4),
		within("c", "r", s(1100*time.Millisecond), s(time.Second), 1.2),
		within("d", "r", s(1300*time.Millisecond), s(time.Second), 1.2),
		memory("e", sample{peak: 149_000_000}, 150),
		memory("f", sample{peak: 151_000_000}, 150),
		memory("g, not measured", sample{}, 150),
	}
	var got []string
	for _, r := range rows {
		got = append(got, r.verdict())
	}
	if want := "met missed met missed met missed missed"; strings.Join(got, " ") != want {
		t.Errorf("verdicts %v, want %s", got, want)
	}
	m := median([]sample{{wall: 3, peak: 1}, {wall: 1, peak: 9}, {wall: 2, peak: 5}})
	if m.wall != 2 || m.peak != 9 {
		t.Errorf("median %+v, want the middle time and the largest peak", m)
	}

	name := filepath.Join(t.TempDir(), "doc.md")
	if err := os.WriteFile(name, []byte("before\n"+begin+"old\n"+end+"\nafter\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for range 2 { // writing again changes nothing more
		if err := writeInto(name, "new\n"); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if want := "before\n" + begin + "\nnew\n\n" + end + "\nafter\n"; string(text) != want {
		t.Errorf("document %q, want %q", text, want)
	}
	if err := writeInto(filepath.Join("..", "..", "LICENSE"), ""); err == nil {
		t.Error("a document without marks was written")
	}
}

func TestScreen(t *testing.T) {
	const one = `{"ours":{"p50":510,"p95":640},"gopls":{"p50":300,"p95":420},"times":40}`
	on, err := parseScreen([]byte("installing\n{\"saved\":" + one + ",\"opened\":" + one + "}\n"))
	want := seen{Ours: percentiles{510, 640}, Gopls: percentiles{300, 420}, Times: 40}
	if err != nil || on.Saved != want || on.Opened != want {
		t.Errorf("got %+v, %v", on, err)
	}
	for _, out := range []string{"", "{}", "no hints", `{"saved":` + one + `}`, `{"saved":` + one + `,"opened":{"ours":{"p50":510},"times":5}}`} {
		if on, err := parseScreen([]byte(out)); err == nil {
			t.Errorf("%q: got %+v and no error", out, on)
		}
	}
}
