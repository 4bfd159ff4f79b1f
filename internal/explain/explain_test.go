package explain

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/session"
)

const explainedModule = `
-- go.mod --
module example.com/m

go 1.24
-- m.go --
package m

import "fmt"

type T struct{ n int }

func (t *T) Add(n int) int { // add
	if n < 0 {
		return t.fail(n) // call
	}
	t.n += n
	return t.n
}

func (t *T) fail(n int) int {
	fmt.Println("negative", n, t.n)
	fmt.Println("really", n, t.n)
	return n
}

func (t T) Value() int { return t.n }

func Each(list []int) func() int {
	return func() int { // literal
		sum := 0 // inside
		for _, n := range list {
			sum += n
		}
		return sum
	}
}

func Max[N int | float64](a, b N) N {
	if a > b {
		return a
	}
	return b
}

var _ = Max(1, 2) + int(Max(1.5, 2.5))

func init() { println("one") }
func init() { println("two") }
-- m_test.go --
package m

import "testing"

func TestT(t *testing.T) { // test
	if new(T).Add(1) != 1 {
		t.Fatal("no sum")
	}
}
`

// TestExplain asks for functions in all the ways there are.
func TestExplain(t *testing.T) {
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(explainedModule)).Files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	host, err := session.NewHost(session.HostOptions{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer host.Close()
	ask := func(t *testing.T, q Query) (*Explanation, error) {
		cfg := load.Config{Dir: dir, Tests: strings.HasSuffix(q.At.File, "_test.go")}
		l, err := session.Begin(t.Context(), host, cfg, []string{"."})
		if err != nil {
			return nil, err
		}
		defer l.End()
		return Function(t.Context(), l, ".", q, func(string) {})
	}
	at := func(file, mark, col string) inline.Position {
		text, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		before, _, ok := strings.Cut(string(text), mark)
		if !ok {
			t.Fatalf("%s has no %q", file, mark)
		}
		p := inline.Position{File: filepath.Join(dir, file), Line: strings.Count(before, "\n") + 1}
		if col != "" {
			line := strings.Split(string(text), "\n")[p.Line-1]
			p.Col = strings.Index(line, col) + 1
		}
		return p
	}
	for _, test := range []struct {
		name  string
		q     Query
		want  string
		costs int
	}{
		{"method as it is linked", Query{Name: "(*T).Add"}, "(*T).Add", 1},
		{"method without marks", Query{Name: "T.Add"}, "(*T).Add", 1},
		{"method of a value", Query{Name: "(T).Value"}, "T.Value", 1},
		{"literal", Query{Name: "Each.func1"}, "Each.func1", 1},
		{"all instances", Query{Name: "Max"}, "Max", 2},
		{"one instance", Query{Name: "Max[int]"}, "Max", 1},
		{"one instance as it is linked", Query{Name: "Max[go.shape.float64]"}, "Max", 1},
		{"line", Query{At: at("m.go", "// add", "")}, "(*T).Add", 1},
		{"line on which a literal begins", Query{At: at("m.go", "// literal", "")}, "Each", 1},
		{"column of a literal", Query{At: at("m.go", "// literal", "func()")}, "Each.func1", 1},
		{"line in a literal", Query{At: at("m.go", "// inside", "")}, "Each.func1", 1},
		{"line of a call", Query{At: at("m.go", "// call", "")}, "(*T).Add", 1},
		{"name of a call", Query{At: at("m.go", "// call", "fail")}, "(*T).fail", 1},
		{"parenthesis of a call", Query{At: at("m.go", "// call", "(n)")}, "(*T).fail", 1},
		{"before a call", Query{At: at("m.go", "// call", "return")}, "(*T).Add", 1},
		{"callee in another package", Query{At: at("m.go", `Println("neg`, "Println")}, "fmt.Println", 1},
		{"test file", Query{At: at("m_test.go", "// test", "")}, "TestT", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			x, err := ask(t, test.q)
			if err != nil {
				t.Fatal(err)
			}
			if len(x.Package.Errors) > 0 {
				t.Fatal(x.Package.Errors)
			}
			if got := strings.TrimPrefix(x.Function.Name, "example.com/m."); got != test.want {
				t.Errorf("found %s, want %s", got, test.want)
			}
			if len(x.Costs) != test.costs {
				t.Errorf("%d costs, want %d", len(x.Costs), test.costs)
			}
			for _, c := range x.Costs {
				if c.Unexplained != 0 || len(c.Parts) == 0 || c.Function != x.Function {
					t.Errorf("%s: %d unexplained, %d parts", c.Breakdown.Function, c.Unexplained, len(c.Parts))
				}
			}
		})
	}

	t.Run("calls", func(t *testing.T) {
		x, err := ask(t, Query{Name: "T.fail"})
		if err != nil {
			t.Fatal(err)
		}
		if len(x.Calls) != 1 || x.Calls[0].Status != inline.StatusNotInlined || x.Calls[0].Caller != "example.com/m.(*T).Add" {
			t.Errorf("calls: %+v", x.Calls)
		}
	})

	for _, test := range []struct {
		name string
		q    Query
		want string
	}{
		{"misspelt", Query{Name: "T.Ad"}, "no function T.Ad; did you mean (*T).Add?"},
		{"method without its type", Query{Name: "fail"}, "no function fail; did you mean (*T).fail?"},
		{"case", Query{Name: "each"}, "no function each; did you mean Each?"},
		{"several", Query{Name: "init"}, "several functions init; name one by its place"},
		{"instance that nobody makes", Query{Name: "Max[string]"}, "no instance Max[string]: instances are compiled where they are used; did you mean Max[int] or Max[float64]?"},
		{"outside of functions", Query{At: at("m.go", "type T", "")}, "did you mean (*T).Add"},
		{"no such file", Query{At: inline.Position{File: filepath.Join(dir, "n.go"), Line: 1}}, "there is no file"},
		{"not a Go file of it", Query{At: inline.Position{File: filepath.Join(dir, "go.mod"), Line: 1}}, "is not a Go file of the package"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := ask(t, test.q)
			var unknown *NotFoundError
			if !errors.As(err, &unknown) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}
