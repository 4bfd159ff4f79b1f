package handlers

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/engine"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/settings"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// Marker tests are Go modules in txtar files. They are compiled, by the engine and
// the real compiler, and their files shown as an editor would, in sections whose
// names begin with want/: hints stand in ‹›, lenses in «» above their lines,
// diagnostics below them. Asking for more is done by comments at the ends of lines,
// with a piece of text of the line behind the word:
//
//	f(x) //@hover f
//
// The words are hover, tooltip (of the hint behind the text), explain, cost, calls
// and actions; the answer is the section want/p.go:7/hover f.
// A file below edited/ is what a buffer holds that was not saved; it gets answers
// of its own. Files below then/ are saved when all others have been compiled: answers
// are those after that.
//
// Each answer is asked for in utf-8, utf-16 and utf-32, and must be the same. Lines
// of the txtar's comment are options: "settings: JSON", on top of hints
// at all calls, "plain" for an editor
// without Markdown, "status" for one that shows that of packages, "crlf" for lines that end in \r\n, "env: NAME=VALUE".
//
// With -update, the answers are written into the txtar.
var update = flag.Bool("update", false, "rewrite the expectations")

func TestMarkers(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no marker tests: %v", err)
	}
	cache := t.TempDir()
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			testMarkers(t, file, cache)
		})
	}
}

func testMarkers(t *testing.T, file, cache string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sc := newScene(t, archive, cache)
	var got []txtar.File
	for i, enc := range encodings {
		sc.encoding = enc
		answers := sc.answers(t)
		if i == 0 {
			got = answers
			continue
		}
		if diff := cmp.Diff(readable(got), readable(answers)); diff != "" {
			t.Errorf("%v and %v differ:\n%s", encodings[0], enc, diff)
		}
	}
	var want, sources []txtar.File
	for _, f := range archive.Files {
		if strings.HasPrefix(f.Name, "want/") {
			want = append(want, f)
		} else {
			sources = append(sources, f)
		}
	}
	if *update {
		archive.Files = slices.Concat(sources, got)
		if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(readable(want), readable(got)); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

func readable(files []txtar.File) map[string]string {
	m := make(map[string]string, len(files))
	for _, f := range files {
		for m[f.Name] != "" { // a question that a line has twice
			f.Name += "'"
		}
		m[f.Name] = string(f.Data)
	}
	return m
}

// A scene is a module that was compiled, with its files open.
type scene struct {
	dir      string
	names    []string // of the files that are shown, in the txtar's order
	texts    map[string][]byte
	snapshot *workspace.Snapshot
	// workspace counts costs when they are asked for.
	workspace *workspace.Workspace
	settings  settings.Settings
	markdown  bool
	status    bool // the editor shows the status of packages
	encoding  position.Encoding
}

func newScene(t testing.TB, archive *txtar.Archive, cache string) *scene {
	t.Helper()
	sc := &scene{dir: t.TempDir(), texts: map[string][]byte{}, settings: talkative(), markdown: true}
	options := workspace.Options{Env: append(os.Environ(), "GOFLAGS=-buildvcs=false", "GOPROXY=off", "GOWORK=off"), Tests: true}
	crlf := false
	for line := range strings.Lines(string(archive.Comment)) {
		line = strings.TrimSpace(line)
		if raw, ok := strings.CutPrefix(line, "settings:"); ok {
			merged, problems := sc.settings.Merge(jsontext.Value(raw))
			for _, p := range problems {
				t.Errorf("settings: %v", p)
			}
			sc.settings = merged
		}
		if env, ok := strings.CutPrefix(line, "env:"); ok {
			options.Env = append(options.Env, strings.Fields(env)...)
		}
		sc.markdown = sc.markdown && line != "plain"
		sc.status = sc.status || line == "status"
		crlf = crlf || line == "crlf"
	}
	open, then := map[string]bool{}, map[string][]byte{}
	for _, f := range archive.Files {
		if strings.HasPrefix(f.Name, "want/") {
			continue
		}
		text := f.Data
		if crlf && strings.HasSuffix(f.Name, ".go") {
			text = bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))
		}
		saved, edited := strings.CutPrefix(f.Name, "edited/")
		if name, later := strings.CutPrefix(f.Name, "then/"); later {
			then[filepath.Join(sc.dir, name)] = text
			sc.texts[name] = text
			continue
		}
		if !edited {
			name := filepath.Join(sc.dir, f.Name)
			if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, text, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if strings.HasSuffix(f.Name, ".go") {
			sc.names = append(sc.names, f.Name)
			sc.texts[f.Name] = text
			open[saved] = true
		}
	}
	e, err := engine.New(engine.Options{CacheDir: cache})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	w := e.NewWorkspace(options, func(*workspace.Snapshot) {})
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, name := range slices.Sorted(maps.Keys(open)) {
		w.Open(filepath.Join(sc.dir, name))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if err := w.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	for name, text := range then {
		if err := os.WriteFile(name, text, 0o666); err != nil {
			t.Fatal(err)
		}
		w.Changed(name)
	}
	if err := w.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	sc.snapshot, sc.workspace = w.Snapshot(), w
	return sc
}

// talkative are settings that show every call.
func talkative() settings.Settings {
	s := settings.Default()
	s.Hints.Statuses = nil
	for _, status := range inline.Statuses() {
		s.Hints.Statuses = append(s.Hints.Statuses, status.String())
	}
	s.Hints.Reasons = nil
	for _, r := range inline.ReasonCodes() {
		s.Hints.Reasons = append(s.Hints.Reasons, string(r.Code))
	}
	s.Hints.Overrun = 0
	return s
}

// resolved are the settings as the server hands them to handlers.
func (sc *scene) resolved() settings.Settings {
	s := sc.settings
	s.Hints = s.Hints.Resolve("")
	return s
}

// document is a file of the scene as a handler sees it.
func (sc *scene) document(name string) *Document {
	saved := filepath.Join(sc.dir, strings.TrimPrefix(name, "edited/"))
	d := &Document{
		URI:      uri.File(saved),
		Path:     saved,
		Mapper:   position.NewMapper(sc.texts[name]),
		Encoding: sc.encoding,
		File:     sc.snapshot.Files[saved],
		Settings: sc.resolved(),
		Client:   Client{Markdown: sc.markdown, ResolvesHints: true, TellsLack: !sc.status},
		Texts:    onDisk,
	}
	if d.File != nil {
		d.Shift = position.NewShift(d.File.Text, d.File.Blocks, sc.texts[name])
	}
	d.Costs = func(t workspace.Target) *breakdown.UnitCosts {
		costs, err := sc.workspace.FunctionCosts(context.Background(), d.File, t)
		if err != nil {
			return nil
		}
		return costs
	}
	return d
}

// onDisk is the Mapper of a file that no buffer holds.
func onDisk(path string) *position.Mapper {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	return position.NewMapper(text)
}

// answers are the sections that the scene makes.
func (sc *scene) answers(t *testing.T) []txtar.File {
	t.Helper()
	var files []txtar.File
	add := func(name string, text string) {
		text = strings.TrimRight(sc.portable(text), "\n") + "\n"
		files = append(files, txtar.File{Name: "want/" + name, Data: []byte(text)})
	}
	for _, name := range sc.names {
		d := sc.document(name)
		add(name, shown(t, d))
		start, number := 0, 0
		for line := range bytes.Lines(sc.texts[name]) {
			number++
			if code, question, ok := bytes.Cut(line, []byte("//@")); ok {
				word, text, _ := strings.Cut(strings.TrimSpace(string(question)), " ")
				at := bytes.LastIndex(code, []byte(text))
				if at < 0 {
					t.Fatalf("%s: no %q in %q", name, text, code)
				}
				add(fmt.Sprintf("%s:%d/%s %s", name, number, word, text), ask(t, d, word, position.Span{Start: start + at, End: start + at + len(text)}))
			}
			start += len(line)
		}
	}
	status := Status(sc.snapshot, sc.settings.Hints.Resolve(""), func(string) bool { return false }, onDisk, sc.encoding)
	for i := range status.Packages {
		status.Packages[i].TookMS = 0
		status.Packages[i].Go = ""
	}
	add("status", asJSON(t, status))
	return files
}

// portable leaves out what differs between machines.
func (sc *scene) portable(s string) string {
	s = strings.ReplaceAll(s, sc.dir, "$DIR")
	s = standard.ReplaceAllString(s, "$$GOROOT/$1")
	return strings.ReplaceAll(s, "\r", "")
}

// standard finds links into the standard library.
var standard = regexp.MustCompile(`file:///[^ )"]*/src/([a-z/]+\.go)#L[0-9]+`)

// ask returns the answer to one comment, about a span of the current text.
func ask(t *testing.T, d *Document, word string, at position.Span) string {
	t.Helper()
	place := d.span(at)
	switch word {
	case "hover":
		h := Hover(d, place.Start)
		if h == nil {
			return "nothing"
		}
		marked := d.Mapper.Text()[offsetOf(t, d, h.Range.Start):offsetOf(t, d, h.Range.End)]
		return "[" + string(marked) + "]\n" + markup(t, d, *h.Contents.(*protocol.MarkupContent))
	case "tooltip":
		hints := InlayHints(d, protocol.Range{Start: place.End, End: place.End})
		if len(hints) != 1 {
			t.Fatalf("%d hints at %v", len(hints), place.End)
		}
		data, ok := ParseData(hints[0].Data)
		if !ok || data.URI != string(d.URI) {
			t.Fatalf("data %s", hints[0].Data)
		}
		h := ResolveInlayHint(d, hints[0], data)
		s := markup(t, d, *h.Tooltip.(*protocol.MarkupContent))
		for _, p := range h.Label.(protocol.InlayHintLabelPartSlice) {
			s += fmt.Sprintf("\n[%s] %s", p.Value, asJSON(t, p.Location))
		}
		return s
	case "explain":
		content, _, ok := Explain(d, place.Start, nil)
		if !ok {
			return "nothing"
		}
		return markup(t, d, content)
	case "cost":
		return costText(t, d, place.Start)
	case "calls":
		return asJSON(t, Calls(d, place.Start))
	case "actions":
		var b strings.Builder
		for _, a := range CodeActions(d, place, protocol.CodeActionContext{}, nil) {
			fmt.Fprintf(&b, "%s: %s\n", *a.Kind, a.Title)
		}
		return b.String()
	}
	t.Fatalf("no question is called %q", word)
	return ""
}

// costText is what inlinelens/cost answers, and below it the function with the hints
// of its lines.
func costText(t *testing.T, d *Document, at protocol.Position) string {
	t.Helper()
	f, err := CostFunction(d, at)
	if err != nil {
		return "error: " + err.Error()
	}
	if f == nil {
		return "nothing"
	}
	costs := d.Costs(d.target(f))
	item, err := Cost(d, f, costs)
	if err != nil {
		return "error: " + err.Error()
	}
	text := d.Mapper.Text()
	in := func(r protocol.Range) string { return string(text[offsetOf(t, d, r.Start):offsetOf(t, d, r.End)]) }
	var b strings.Builder
	fmt.Fprintf(&b, "%s [%s] %d/%d printed %v, inlinable %v, unexplained %d: %s\n", item.Function, in(item.Range), item.Cost, item.Budget, item.Printed, item.Inlinable, item.Unexplained, item.Reason)
	for _, bl := range item.Blockers {
		fmt.Fprintf(&b, "%s [%s]\n", bl.Op, in(bl.Range))
	}
	hints := d.costHints(f, costs, protocol.Range{End: d.point(len(text))})
	for i, l := range item.Lines {
		h := hints[i]
		start, end := offsetOf(t, d, protocol.Position{Line: l.Line}), offsetOf(t, d, h.Position)
		fmt.Fprintf(&b, "%s ‹%s› %s\n", text[start:end], h.Label, l.Text)
		for _, p := range l.Parts {
			fmt.Fprintf(&b, "\t%d [%s] %s ×%d %s %s\n", p.Cost, in(p.Range), p.What, p.Count, p.Callee, p.Note)
		}
	}
	return b.String()
}

func markup(t *testing.T, d *Document, c protocol.MarkupContent) string {
	t.Helper()
	if want := map[bool]protocol.MarkupKind{true: "markdown", false: "plaintext"}[d.Client.Markdown]; c.Kind != want {
		t.Errorf("content is %s, want %s", c.Kind, want)
	}
	return c.Value
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := protocol.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := (*jsontext.Value)(&b).Indent(); err != nil {
		t.Fatal(err)
	}
	return ranges.ReplaceAllString(string(b), `"$1:$2-$3:$4"`)
}

// ranges finds ranges in JSON, which take ten lines each.
var ranges = regexp.MustCompile(`\{\s*"start": \{\s*"line": (\d+),\s*"character": (\d+)\s*\},\s*"end": \{\s*"line": (\d+),\s*"character": (\d+)\s*\}\s*\}`)

// shown is the current text of d with what an editor would show in it.
func shown(t *testing.T, d *Document) string {
	t.Helper()
	text := d.Mapper.Text()
	whole := protocol.Range{End: d.point(len(text))}
	type insertion struct {
		at   int
		text string
	}
	var all []insertion
	last := -1
	for _, h := range InlayHints(d, whole) {
		at := offsetOf(t, d, h.Position)
		if at <= last {
			t.Errorf("hint at %d behind one at %d", at, last)
		}
		last = at
		var label string
		for _, p := range h.Label.(protocol.InlayHintLabelPartSlice) {
			if p.Value == "" {
				t.Error("a label part is empty")
			}
			label += p.Value
		}
		all = append(all, insertion{at, "‹" + label + "›"})
	}
	for _, l := range CodeLenses(d) {
		data, ok := ParseData(l.Data)
		if !ok || data.URI != string(d.URI) {
			t.Fatalf("data %s", l.Data)
		}
		l = ResolveCodeLens(d, l, data)
		at := offsetOf(t, d, l.Range.Start)
		if l.Range.Start.Line != l.Range.End.Line {
			t.Errorf("the range of lens %q is not on one line", l.Command.Title)
		}
		start := bytes.LastIndexByte(text[:at], '\n') + 1
		all = append(all, insertion{start, "«" + l.Command.Title + "» " + strings.TrimPrefix(l.Command.Command, "inlinelens.") + "\n"})
	}
	for _, diagnostic := range Diagnostics(d) {
		from, to := offsetOf(t, d, diagnostic.Range.Start), offsetOf(t, d, diagnostic.Range.End)
		end := len(text)
		if i := bytes.IndexByte(text[to:], '\n'); i >= 0 {
			end = to + i + 1
		}
		all = append(all, insertion{end, fmt.Sprintf("^^^ %s %s: %s: %s\n", text[from:to], diagnosticCode(t, diagnostic), severity(diagnostic.Severity), diagnostic.Message)})
	}
	slices.SortStableFunc(all, func(x, y insertion) int { return x.at - y.at })
	var b strings.Builder
	done := 0
	for _, in := range all {
		b.Write(text[done:in.at])
		b.WriteString(in.text)
		done = in.at
	}
	b.Write(text[done:])
	return b.String()
}

func severity(s protocol.DiagnosticSeverity) string {
	return map[protocol.DiagnosticSeverity]string{protocol.DiagnosticSeverityInformation: "information", protocol.DiagnosticSeverityError: "error", protocol.DiagnosticSeverityWarning: "warning"}[s]
}

// offsetOf converts a position as an editor would that knows nothing but the text:
// it does not share the program's way of doing it.
func offsetOf(t *testing.T, d *Document, p protocol.Position) int {
	t.Helper()
	lines := strings.SplitAfter(string(d.Mapper.Text()), "\n")
	if int(p.Line) >= len(lines) {
		t.Fatalf("position %v is not in the text", p)
	}
	offset := len(strings.Join(lines[:p.Line], ""))
	line := strings.TrimRight(lines[p.Line], "\r\n")
	units := 0
	for i, r := range line {
		if units == int(p.Character) {
			return offset + i
		}
		switch d.Encoding {
		case position.UTF8:
			units += utf8.RuneLen(r)
		case position.UTF16:
			units += utf16.RuneLen(r)
		case position.UTF32:
			units++
		}
	}
	if units != int(p.Character) {
		t.Fatalf("position %v (%v) is not in line %q", p, d.Encoding, line)
	}
	return offset + len(line)
}
