package report

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// These types are the schema as a reader would write it down.
type (
	jsonPlace struct {
		File string `json:"file"`
		Line int    `json:"line"`
		Col  int    `json:"col"`
	}
	jsonReason struct {
		Code    string     `json:"code"`
		Op      string     `json:"op"`
		Message string     `json:"message"`
		At      *jsonPlace `json:"at"`
	}
	jsonInstance struct {
		TypeArgs  []string    `json:"typeargs"`
		Shape     string      `json:"shape"`
		Callee    string      `json:"callee"`
		Status    string      `json:"status"`
		Inlinable bool        `json:"inlinable"`
		Reason    *jsonReason `json:"reason"`
		Cost      int         `json:"cost"`
		Budget    int         `json:"budget"`
	}
	jsonInlined struct {
		Callee string      `json:"callee"`
		Status string      `json:"status"`
		Reason *jsonReason `json:"reason"`
		Cost   int         `json:"cost"`
		Budget int         `json:"budget"`
		jsonPlace
		Inlines []jsonInlined `json:"inlines"`
	}
	jsonLine struct {
		Kind    string `json:"kind"`
		Schema  int    `json:"schema"`
		Path    string `json:"path"`
		Variant string `json:"variant"`
		Go      string `json:"go"`
		GOOS    string `json:"goos"`
		GOARCH  string `json:"goarch"`
		Errors  []struct {
			jsonPlace
			Message string `json:"message"`
		} `json:"errors"`
		Problems int `json:"problems"`

		Package string `json:"package"`
		jsonPlace
		Name          string         `json:"name"`
		Inlinable     bool           `json:"inlinable"`
		Unknown       bool           `json:"unknown"`
		Caller        string         `json:"caller"`
		Callee        string         `json:"callee"`
		Status        string         `json:"status"`
		Reason        *jsonReason    `json:"reason"`
		Cost          int            `json:"cost"`
		Budget        int            `json:"budget"`
		Via           string         `json:"via"`
		Inlines       []jsonInlined  `json:"inlines"`
		Declared      *jsonPlace     `json:"declared"`
		Devirtualized string         `json:"devirtualized"`
		Wrapped       bool           `json:"wrapped"`
		Hot           bool           `json:"hot"`
		Instances     []jsonInstance `json:"instances"`
	}
)

// requiredKeys are the keys that every line of a kind has.
var requiredKeys = map[string][]string{
	"package":  {"schema", "path", "variant", "go", "goos", "goarch", "errors"},
	"function": {"package", "file", "line", "col", "name", "inlinable"},
	"call":     {"package", "file", "line", "col", "caller", "callee", "status", "via"},
}

// TestJSONDecodes writes random packages and reads them back by encoding/json,
// strictly: every line is one object with the required keys and no others than
// the schema's, and says what the package said.
func TestJSONDecodes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		p := randomPackage(r)
		var out bytes.Buffer
		w := newJSON(&out, Options{Filter: &Filter{}, Dir: "/dir"})
		if err := w.Package(p); err != nil {
			t.Fatal(err)
		}
		var functions, calls int
		lines := bufio.NewScanner(&out)
		lines.Buffer(nil, 1<<24)
		for lines.Scan() {
			var keys map[string]jsontext.Value
			if err := json.Unmarshal(lines.Bytes(), &keys); err != nil {
				t.Fatalf("%v in %s", err, lines.Bytes())
			}
			var line jsonLine
			if err := json.Unmarshal(lines.Bytes(), &line, json.RejectUnknownMembers(true)); err != nil {
				t.Fatalf("%v in %s", err, lines.Bytes())
			}
			for _, k := range requiredKeys[line.Kind] {
				if _, ok := keys[k]; !ok {
					t.Fatalf("no %q in %s", k, lines.Bytes())
				}
			}
			switch line.Kind {
			case "package":
				if functions+calls > 0 || line.Schema != Schema || line.Path != clean(p.Path) || len(line.Errors) != len(p.Errors) {
					t.Fatalf("wrong package line %s", lines.Bytes())
				}
			case "function":
				checkFunction(t, &line, &p.Functions[functions])
				functions++
			case "call":
				if functions < len(p.Functions) {
					t.Fatal("a call before the last function")
				}
				checkCall(t, &line, &p.Calls[calls])
				calls++
			default:
				t.Fatalf("unknown kind in %s", lines.Bytes())
			}
		}
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
		if functions != len(p.Functions) || calls != len(p.Calls) {
			t.Fatalf("%d functions and %d calls, want %d and %d", functions, calls, len(p.Functions), len(p.Calls))
		}
	}
}

func checkFunction(t *testing.T, got *jsonLine, f *inline.Function) {
	t.Helper()
	want := jsonLine{
		Kind: "function", Package: got.Package, jsonPlace: placeOf(f.Pos), Name: clean(f.Name),
		Inlinable: f.Inlinable, Unknown: !f.Known, Cost: f.Cost, Budget: f.Budget, Hot: f.Hot, Reason: reasonOf(f.Reason),
	}
	for _, in := range f.Instances {
		want.Instances = append(want.Instances, jsonInstance{
			TypeArgs: in.TypeArgs, Shape: in.Shape, Inlinable: in.Inlinable, Reason: reasonOf(in.Reason), Cost: in.Cost, Budget: in.Budget,
		})
	}
	if diff := cmp.Diff(want, *got, cmp.AllowUnexported(jsonLine{}, jsonInlined{})); diff != "" {
		t.Fatalf("function (-want +got):\n%s", diff)
	}
}

func checkCall(t *testing.T, got *jsonLine, c *inline.Call) {
	t.Helper()
	want := jsonLine{
		Kind: "call", Package: got.Package, jsonPlace: placeOf(c.Pos), Caller: clean(c.Caller), Callee: clean(c.Callee),
		Status: c.Status.String(), Reason: reasonOf(c.Reason), Cost: c.Cost, Budget: c.Budget, Via: c.Via,
		Devirtualized: clean(c.Devirtualized), Wrapped: c.Wrapped, Hot: c.Hot,
	}
	if c.CalleePos.File != "" {
		p := placeOf(c.CalleePos)
		want.Declared = &p
	}
	if c.Status == inline.StatusInlined || c.Wrapped {
		want.Inlines = inlinesOf(c.Inlines)
	}
	for _, in := range c.Instances {
		want.Instances = append(want.Instances, jsonInstance{
			TypeArgs: in.TypeArgs, Shape: in.Shape, Callee: clean(in.Callee), Status: in.Status.String(),
			Reason: reasonOf(in.Reason), Cost: in.Cost, Budget: in.Budget,
		})
	}
	if diff := cmp.Diff(want, *got, cmp.AllowUnexported(jsonLine{}, jsonInlined{})); diff != "" {
		t.Fatalf("call (-want +got):\n%s", diff)
	}
}

func inlinesOf(calls []inline.Inlined) []jsonInlined {
	out := []jsonInlined{}
	for _, c := range calls {
		in := jsonInlined{Callee: clean(c.Callee), Status: c.Status.String(), Reason: reasonOf(c.Reason), Cost: c.Cost, Budget: c.Budget}
		if c.Pos.File != "" {
			in.jsonPlace = placeOf(c.Pos)
		}
		if c.Status == inline.StatusInlined {
			in.Inlines = inlinesOf(c.Inlines)
		}
		out = append(out, in)
	}
	return out
}

func reasonOf(r *inline.Reason) *jsonReason {
	if r == nil {
		return nil
	}
	out := &jsonReason{Code: string(r.Code), Op: r.Op, Message: clean(r.Message)}
	if r.At.File != "" {
		p := placeOf(r.At)
		out.At = &p
	}
	return out
}

func placeOf(p inline.Position) jsonPlace {
	return jsonPlace{strings.TrimPrefix(clean(p.File), "/dir/"), p.Line, p.Col}
}

// clean is what encoding/json makes of a string that is not UTF-8.
func clean(s string) string { return strings.ToValidUTF8(s, "\ufffd") }

// randomPackage returns a package with every field in use somewhere and with
// strings that need quoting.
func randomPackage(r *rand.Rand) *inline.Package {
	words := []string{
		"", "p.F", "net/http.(*Client).Do", `quo"te\`, "tab\tline\nbreak", "Größe", "日本", "a<b>&c", "\x00\x1f\x7f",
		"bad\xff!", "\u2028", "🎉", "gen[go.shape.int]",
	}
	word := func() string { return words[r.IntN(len(words))] }
	pos := func() inline.Position {
		files := []string{"", "/dir/a.go", "/dir/sub/b.go", "/other/c \"d\".go", "/directory/e.go"}
		return inline.Position{File: files[r.IntN(len(files))], Line: r.IntN(100000), Col: r.IntN(300)}
	}
	reason := func() *inline.Reason {
		if r.IntN(2) == 0 {
			return nil
		}
		codes := inline.ReasonCodes()
		return &inline.Reason{Code: codes[r.IntN(len(codes))].Code, Op: []string{"", "DEFER"}[r.IntN(2)], Message: word(), At: pos()}
	}
	status := func() inline.Status {
		return inline.Statuses()[r.IntN(len(inline.Statuses()))]
	}
	flag := func() bool { return r.IntN(2) == 0 }
	args := func() []string { return []string{"int", "*Node"}[:1+r.IntN(2)] }
	var inlines func(depth int) []inline.Inlined
	inlines = func(depth int) []inline.Inlined {
		var out []inline.Inlined
		for range r.IntN(3) {
			in := inline.Inlined{Callee: word(), Pos: pos(), Status: status(), Reason: reason(), Cost: r.IntN(100), Budget: 80}
			if depth < 3 {
				in.Inlines = inlines(depth + 1)
			}
			out = append(out, in)
		}
		return out
	}
	p := &inline.Package{Path: word(), Go: "go1.26.8", GOOS: "linux", GOARCH: "amd64"}
	for range r.IntN(4) {
		p.Errors = append(p.Errors, inline.Error{Pos: pos(), Message: word()})
	}
	for range r.IntN(20) {
		f := inline.Function{Name: word(), Pos: pos(), Known: flag(), Inlinable: flag(), Cost: r.IntN(100), Budget: 80 * r.IntN(2), Reason: reason(), Hot: flag()}
		for range r.IntN(3) {
			f.Instances = append(f.Instances, inline.FunctionInstance{TypeArgs: args(), Shape: "go.shape.int", Inlinable: flag(), Cost: 1, Budget: 80, Reason: reason()})
		}
		if f.Cost == 0 {
			f.Budget = 0
		}
		p.Functions = append(p.Functions, f)
	}
	for range r.IntN(20) {
		c := inline.Call{
			Pos: pos(), Caller: word(), Callee: word(), CalleePos: pos(), Status: status(), Reason: reason(), Cost: r.IntN(100), Budget: 80 * r.IntN(2),
			Via: []string{"", "go", "defer", "range"}[r.IntN(4)], Devirtualized: word(), Hot: flag(), Inlines: inlines(0), Wrapped: flag(),
		}
		for range r.IntN(3) {
			c.Instances = append(c.Instances, inline.CallInstance{TypeArgs: args(), Shape: "go.shape.int", Callee: word(), Status: status(), Reason: reason(), Cost: 3, Budget: 80})
		}
		p.Calls = append(p.Calls, c)
	}
	f := &fixture{pkg: *p}
	return f.done()
}

// TestDeterministic holds that the same packages give the same bytes.
func TestDeterministic(t *testing.T) {
	for _, format := range Formats() {
		first := render(t, format, Options{}, shop(t))
		for range 5 {
			if again := render(t, format, Options{}, shop(t)); again != first {
				t.Fatalf("%s differs from run to run", format)
			}
		}
	}
}

// benchmarkPackages are as many calls as the standard library has, in as many packages.
func benchmarkPackages() []*inline.Package {
	var out []*inline.Package
	long := reason(inline.CodeTooExpensive, "function too complex: cost 355 exceeds budget 80")
	for i := range 300 {
		p := &inline.Package{Path: fmt.Sprintf("example/pkg%d", i), Go: "go1.26.8", GOOS: "linux", GOARCH: "amd64"}
		for file := range 5 {
			name := fmt.Sprintf("/usr/local/go/src/example/pkg%d/file%d.go", i, file)
			for fn := range 25 {
				f := inline.Function{
					Name: fmt.Sprintf("%s.(*Type).Method%d", p.Path, fn), Known: true, Inlinable: fn%2 == 0, Cost: 60 + fn, Budget: 80,
					Pos: inline.Position{File: name, Line: 10 + fn*20, Col: 6}, End: inline.Position{File: name, Line: 25 + fn*20, Col: 2},
				}
				if !f.Inlinable {
					f.Reason = long
				}
				p.Functions = append(p.Functions, f)
				for c := range 4 {
					call := inline.Call{
						Pos: inline.Position{File: name, Line: f.Pos.Line + 1 + c, Col: 10}, Caller: f.Name, Callee: "strings.ToUpper",
						Status: inline.StatusNotInlined, Reason: long, Cost: 355, Budget: 80,
						CalleePos: inline.Position{File: "/usr/local/go/src/strings/strings.go", Line: 10, Col: 6},
					}
					if c%2 == 0 {
						call.Status, call.Reason, call.Cost = inline.StatusInlined, nil, 60
						call.Inlines = []inline.Inlined{{Callee: "sync.(*Mutex).lockSlow", Status: inline.StatusNotInlined, Reason: long, Cost: 355, Budget: 80, Pos: call.CalleePos}}
					}
					p.Calls = append(p.Calls, call)
				}
			}
		}
		out = append(out, p)
	}
	return out
}

// BenchmarkStd prints 150,000 calls in 300 packages, as many as the standard
// library has; time per operation is that of the whole report.
func BenchmarkStd(b *testing.B) {
	packages := benchmarkPackages()
	for _, format := range []string{"text", "json"} {
		b.Run(format, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var w counter
				p, err := New(format, &w, Options{Dir: "/home/gopher"})
				if err != nil {
					b.Fatal(err)
				}
				for _, pkg := range packages {
					if err := p.Package(pkg); err != nil {
						b.Fatal(err)
					}
				}
				if err := p.Close(); err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(w))
			}
		})
	}
}

type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
