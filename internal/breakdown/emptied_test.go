package breakdown

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/typecheck"
)

// emptiedUnit is a unit of which internal/load knows the names of what it imports.
var emptiedUnit = &load.Unit{Imports: map[string]*load.Unit{
	"fmt": {Name: "fmt"}, "strings": {Name: "strings"}, "sort": {Name: "sort"},
	"math": {Name: "math"}, "gopkg.in/yaml.v3": {Name: "yaml"},
}}

// TestEmptied takes out what the tree of Keep does not depend on.
func TestEmptied(t *testing.T) {
	for _, test := range []struct {
		name, text, want string
	}{
		{
			"bodies and imports", `package p
import "fmt"
import ("sort"; "gopkg.in/yaml.v3"; str "strings"; _ "math")
func Keep() { fmt.Println() }
func Drop(x int) (err error) {
	sort.Ints(nil)
	return yaml.Nothing
}
func (t T) One() int { return str.Index("", "") }
func Nothing() {}
func asm()
`, `package p
import "fmt"
import (_ "sort"; _ "gopkg.in/yaml.v3"; _ "strings"; _ "math")
func Keep() { fmt.Println() }
func Drop(x int) (err error) {
 for{}
 
}
func (t T) One() int {for{} }
func Nothing() {}
func asm()
`,
		},
		{
			"types and variables stay", `package p
import "fmt"
import "sort"
type T interface{ fmt.Stringer }
var less = func(x sort.Interface) bool { return x.Less(0, 1) }
func Keep() {}
`, `package p
import "fmt"
import "sort"
type T interface{ fmt.Stringer }
var less = func(x sort.Interface) bool { return x.Less(0, 1) }
func Keep() {}
`,
		},
		{
			"an import with a dot that is used", `package p
import . "math"
func Keep() float64 { return Sqrt(Pi) }
`, `package p
import . "math"
func Keep() float64 { return Sqrt(Pi) }
`,
		},
		{
			"an import with a dot that is used in other bodies", `package p
import . "math"
type Own struct{ Name string }
func Keep(o Own) Own { return Own{Name: o.Name} }
func Drop() float64 { return Sqrt(Pi) }
`, `package p
import _ "math"
type Own struct{ Name string }
func Keep(o Own) Own { return Own{Name: o.Name} }
func Drop() float64 {for{} }
`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			src := &typecheck.Source{Names: []string{"p.go"}, Texts: [][]byte{[]byte(test.text)}, Fset: token.NewFileSet()}
			texts := src.Texts
			if !src.Parse() {
				t.Fatal("the test's text has errors")
			}
			got, ok := emptied(src, emptiedUnit, texts, keepOf(src))
			if !ok {
				t.Fatal("it could not be done")
			}
			if squeeze(string(got[0])) != squeeze(test.want) {
				t.Errorf("got:\n%s\nwant:\n%s", got[0], test.want)
			}
			if strings.Count(string(got[0]), "\n") != strings.Count(test.text, "\n") {
				t.Error("the number of lines has changed")
			}
		})
	}
	for name, text := range map[string]string{
		"generic function":          "package p\nfunc Keep[T any]() {}\n",
		"method of a generic type":  "package p\ntype G[T any] struct{}\nfunc (g *G[T]) Keep() {}\n",
		"line directive":            "package p\n//line a.y:7\nfunc Keep() {}\n",
		"package that is not known": "package p\nimport \"example.com/unknown\"\nfunc Keep() {}\n",
	} {
		src := &typecheck.Source{Names: []string{"p.go"}, Texts: [][]byte{[]byte(text)}, Fset: token.NewFileSet()}
		texts := src.Texts
		if !src.Parse() {
			t.Fatal(name)
		}
		keep := src.Files[0].Decls[len(src.Files[0].Decls)-1].(*ast.FuncDecl)
		if _, ok := emptied(src, emptiedUnit, texts, keep); ok {
			t.Errorf("%s: bodies were taken out", name)
		}
	}
}

// squeeze makes runs of blanks one.
func squeeze(text string) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	return strings.Join(lines, "\n")
}

// TestEmptyLike holds that an empty body takes the room of what was there.
func TestEmptyLike(t *testing.T) {
	for _, body := range []string{" return x + y ", "\n\treturn f(1)\n", "\r\n\tx := `a\nlong text\n`\n\tuse(x)\n"} {
		empty, ok := emptyLike([]byte(body))
		if !ok || len(empty) != len(body) || strings.TrimSpace(string(empty)) != emptyBody {
			t.Errorf("%q became %q, %t", body, empty, ok)
		}
		for i := range body {
			if (body[i] == '\n') != (empty[i] == '\n') {
				t.Errorf("%q became %q: other lines", body, empty)
				break
			}
		}
	}
	if empty, ok := emptyLike([]byte("\na()\n")); ok {
		t.Errorf("%q has no room", empty)
	}
}

// keepOf returns the declaration of Keep.
func keepOf(src *typecheck.Source) *ast.FuncDecl {
	for _, d := range src.Files[0].Decls {
		if d, ok := d.(*ast.FuncDecl); ok && d.Name.Name == "Keep" {
			return d
		}
	}
	return nil
}
