package engine

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/load"
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
			src := &source{names: []string{"p.go"}, texts: [][]byte{[]byte(test.text)}, fset: token.NewFileSet()}
			texts := src.texts
			if !src.parse() {
				t.Fatal("the test's text has errors")
			}
			got, ok := emptied(src, emptiedUnit, texts, CostQuery{Name: "Keep"}.declaration(src))
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
		src := &source{names: []string{"p.go"}, texts: [][]byte{[]byte(text)}, fset: token.NewFileSet()}
		texts := src.texts
		if !src.parse() {
			t.Fatal(name)
		}
		keep := src.files[0].Decls[len(src.files[0].Decls)-1].(*ast.FuncDecl)
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
