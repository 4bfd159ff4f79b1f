package crosscheck

import (
	"cmp"
	"go/format"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/inlinelens/inlinelens/internal/engine"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/rewrite"
	"github.com/inlinelens/inlinelens/internal/trial"
)

// advised are packages of the standard library with tests worth the name.
var advised = []string{
	"strings", "strconv", "bytes", "sort", "path", "path/filepath", "text/tabwriter", "container/list", "container/heap",
	"encoding/hex", "encoding/base64", "encoding/csv", "html", "bufio", "net/url", "mime", "mime/quotedprintable", "go/scanner",
	"text/scanner", "compress/flate", "compress/lzw", "encoding/pem", "index/suffixarray",
}

// A promise is what an offer says of one function.
type promise struct {
	path     string // of its package
	function string
	offer    *trial.Offer
}

// Changes that are offered do what they promise: the best offer for each function
// of a number of packages, all made at once, leaves their tests passing, their files
// formatted and the functions inlinable.
//
// Changes may be in each other's way: where two functions become inlinable of which
// one calls the other, the caller pays for the callee's body. Such a caller's change
// is taken back before anything is tested, and counted.
func TestAdvice(t *testing.T) {
	dir := t.TempDir()
	e, err := engine.New(engine.Options{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	cfg := load.Config{Dir: dir, Env: append(os.Environ(), "GOFLAGS=", "GOWORK=off")}

	promises := make(map[string]promise)
	over, kinds := 0, make(map[rewrite.Kind]int)
	tooExpensive := func(_ *inline.Package, f *inline.Function) bool {
		return f.Known && !f.Inlinable && f.Reason != nil && (f.Reason.Code == inline.CodeTooExpensive || f.Reason.Code == inline.CodeUnhandledOp)
	}
	offered, tried := 0, 0
	err = e.Advise(t.Context(), cfg, advised, trial.List{Wanted: tooExpensive, Most: trial.MostOffers, Emit: func(a *trial.Advice) error {
		over++
		offered += len(a.Offers)
		tried += a.Tried
		if len(a.Offers) > 0 {
			o := &a.Offers[0]
			promises[a.Function.Name] = promise{a.Package.Path, a.Function.Name, o}
			kinds[o.Kind]++
		}
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	made := maps.Clone(promises)
	texts := withdraw(t, e, cfg, advised, made)
	t.Logf("of %d functions over budget in %d packages: %d changes compiled, %d offered for %d functions %v; %d made at once, %d would be in another's way",
		over, len(advised), tried, offered, len(promises), kinds, len(made), len(promises)-len(made))
	if len(promises) < 25 || len(made) < len(promises)*9/10 {
		t.Errorf("there are too few of them")
	}
	for name, text := range texts {
		if formatted, err := format.Source(text); err != nil || string(formatted) != string(text) {
			t.Errorf("%s is not formatted any more: %v", name, err)
		}
	}
	overlay := writeOverlay(t, dir, texts)
	goCommand(t, dir, nil, append([]string{"test", "-short", "-overlay=" + overlay}, advised...)...)
	goCommand(t, dir, nil, append([]string{"vet", "-overlay=" + overlay}, advised...)...)
	// The go command itself says the same of each.
	said := remarksByPackage(t, dir, overlay)
	for _, p := range made {
		if want := "can inline " + p.local() + " with cost " + strconv.Itoa(p.offer.Cost) + " as"; !strings.Contains(said[p.path], want) {
			t.Errorf("%s: the compiler does not say %q", p.function, want)
		}
	}
	// What was taken back holds by itself.
	for name, p := range promises {
		if _, ok := made[name]; !ok {
			one := map[string]promise{name: p}
			if withdraw(t, e, cfg, []string{p.path}, one); len(one) == 0 {
				t.Errorf("%s: its change does not hold by itself either", name)
			}
		}
	}
}

// local is the function's name as the compiler prints it.
func (p *promise) local() string { return strings.TrimPrefix(p.function, p.path+".") }

// remarksByPackage builds all packages with an overlay, and returns what the
// compiler says of each.
func remarksByPackage(t *testing.T, dir, overlay string) map[string]string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"build", "-overlay=" + overlay, "-gcflags=-m=2"}, advised...)...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
	said := make(map[string]string)
	path := ""
	var b strings.Builder
	for line := range strings.Lines(string(out)) {
		if next, ok := strings.CutPrefix(line, "# "); ok {
			said[path] = b.String()
			b.Reset()
			path = strings.TrimSpace(next)
			continue
		}
		if strings.Contains(line, ": can inline ") {
			b.WriteString(line)
		}
	}
	said[path] = b.String()
	return said
}

// withdraw takes promises back until the rest of them holds at once, and returns
// the texts that they lead to.
func withdraw(t *testing.T, e *engine.Engine, cfg load.Config, patterns []string, made map[string]promise) map[string][]byte {
	t.Helper()
	for {
		texts := apply(made)
		cfg.Overlay = texts
		before := len(made)
		err := e.Run(t.Context(), cfg, patterns, func(p *inline.Package) error {
			for _, err := range p.Errors {
				t.Errorf("%s: %v: %s", p.Path, err.Pos, err.Message)
			}
			for i := range p.Functions {
				f := &p.Functions[i]
				if m, ok := made[f.Name]; ok && (!f.Inlinable || f.Cost != m.offer.Cost) {
					delete(made, f.Name)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(made) == before {
			return texts
		}
	}
}

// apply makes all changes at once.
func apply(made map[string]promise) map[string][]byte {
	edits := make(map[string][]rewrite.Edit)
	texts := make(map[string][]byte)
	for _, p := range made {
		edits[p.offer.File] = append(edits[p.offer.File], p.offer.Edits...)
		texts[p.offer.File] = p.offer.Text
	}
	for file, list := range edits {
		slices.SortFunc(list, func(a, b rewrite.Edit) int { return cmp.Compare(a.Start, b.Start) })
		texts[file] = rewrite.Apply(texts[file], list)
	}
	return texts
}

func writeOverlay(t *testing.T, dir string, texts map[string][]byte) string {
	t.Helper()
	replace := make(map[string]string)
	for i, name := range slices.Sorted(maps.Keys(texts)) {
		file := filepath.Join(dir, "overlay", strconv.Itoa(i)+"_"+filepath.Base(name))
		writeFile(t, file, string(texts[name]))
		replace[name] = file
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	writeFile(t, file, string(text))
	return file
}
