package crosscheck

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/gorelease"
	"github.com/inlinelens/inlinelens/internal/prove"
)

// A namesakes tells the functions of a package in a binary from copies that have
// their names.
//
// Where a function is inlined, the compiler makes copies of the literals in it, and
// inlines nothing in those. A verdict on a call in a literal is of the literal
// itself. Since Go 1.27 a copy has the literal's name, and the binary has one of
// them or several under that name, with or without the literal itself. Only the
// code of the function around it refers to that: so the literal of a function that
// the linker dropped is not there, and of several that one is the literal to which
// the function refers.
type namesakes struct {
	all    map[string][]*Function
	known  map[string]original
	copies []*Function
	untold []*Function // of which it is not known whether they are copies
}

// An original is the function that a name stands for in the source.
type original struct {
	fn   *Function // nil if the binary does not have it
	told bool      // whether that is known
}

func namesakesOf(funcs []*Function) *namesakes {
	n := &namesakes{all: map[string][]*Function{}, known: map[string]original{}}
	for _, f := range funcs {
		n.all[f.Name] = append(n.all[f.Name], f)
	}
	return n
}

// find finds the original of a name, and sorts its namesakes.
func (n *namesakes) find(name string) original {
	o, ok := n.known[name]
	if !ok {
		o = n.among(name, n.all[name])
		n.known[name] = o
	}
	return o
}

func (n *namesakes) among(name string, list []*Function) original {
	parent, ok := around(name)
	if len(list) == 0 {
		return original{told: true}
	}
	if !ok {
		return original{list[len(list)-1], true}
	}
	outer := n.find(parent)
	if !outer.told {
		n.untold = append(n.untold, list...)
		return original{}
	}
	if outer.fn == nil {
		n.copies = append(n.copies, list...)
		return original{told: true}
	}
	var own, others []*Function
	for _, f := range list {
		if outer.fn.Refers[f.Entry] {
			own = append(own, f)
		} else {
			others = append(others, f)
		}
	}
	if len(own) != 1 {
		n.untold = append(n.untold, list...)
		return original{}
	}
	n.copies = append(n.copies, others...)
	return original{own[0], true}
}

// around returns the name of the function around a literal, the body of a
// range-over-func loop, or the wrapper of a go or defer statement, of which there
// may be copies. What stands outside of functions is never inlined.
func around(name string) (string, bool) {
	at := innerPart.FindStringIndex(name)
	if at == nil {
		return "", false
	}
	parent := name[:at[0]]
	_, function, ok := strings.Cut(parent[strings.LastIndexByte(parent, '/')+1:], ".")
	return parent, ok && function != "init" && function != "glob." && !strings.HasPrefix(function, "init.")
}

var innerPart = regexp.MustCompile(`(\.func|-range|\.gowrap|\.deferwrap|\.)\d+$`)

// originals returns the functions of a package by name, without the copies of
// function literals.
func (c *comparison) originals(release string, funcs []*Function) map[string]*Function {
	originals := map[string]*Function{}
	if !gorelease.Of(release).ClosureCopiesKeepNames() {
		for _, f := range funcs {
			originals[f.Name] = f // the copies have other names
		}
		return originals
	}
	n := namesakesOf(funcs)
	for name := range n.all {
		if o := n.find(name); o.fn != nil {
			originals[name] = o.fn
		}
	}
	c.copies += len(n.copies)
	c.untold += len(n.untold)
	for _, f := range n.copies {
		if len(f.Inlined) > 0 {
			c.against = append(c.against, fmt.Sprintf("%s is a copy, and the body of %s stands in it", f.Name, f.Inlined[0].Callee))
		}
	}
	return originals
}

const copiesSample = `package main

var sum int

//go:noinline
func call(f func(int) int) { sum += f(sum) }

func small(n int) int {
	sum++
	return n + 1
}

func adder(k int) func(int) int {
	return func(n int) int {
		defer func() { sum += small(k) }()
		return small(n) + k
	}
}

func dropped(k int) func(int) int {
	return func(n int) int { return small(n) * k }
}

var keeps = adder

func main() {
	call(adder(1)) // a copy
	call(keeps(2))
	call(dropped(3)) // a copy
}
`

// TestCopiesCall holds that in each release a copy of a literal calls what is inlined
// in the literal itself.
func TestCopiesCall(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "main.go"), copiesSample)
	writeFile(t, filepath.Join(dir, "go.mod"), "module sample\n\ngo 1.22\n")
	for _, toolchain := range witnesses() {
		exe := filepath.Join(dir, toolchain)
		goCommand(t, dir, []string{"GOTOOLCHAIN=" + toolchain, "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0"}, "build", "-o", exe, ".")
		b, err := Open(exe)
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		funcs, err := b.Functions("main")
		if err != nil {
			t.Fatal(err)
		}
		var inlined, called int
		for _, f := range funcs {
			if parent, ok := around(f.Name); !ok || !strings.HasSuffix(parent, ".adder") && !strings.HasSuffix(parent, ".dropped") {
				continue
			}
			inlined += len(f.Inlined)
			for _, call := range f.Calls {
				if call.Target == "main.small" {
					called++
				}
			}
		}
		if inlined != 1 || called != 2 { // one in main.adder.func1, one in each copy
			t.Errorf("%s: main.small is inlined %d times and called %d times in literals", toolchain, inlined, called)
		}
	}
}

// TestCopies holds that a literal and a copy of it that has its name are told apart.
func TestCopies(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "main.go"), copiesSample)
	writeFile(t, filepath.Join(dir, "go.mod"), "module sample\n\ngo 1.22\n")
	for _, goarch := range []string{"amd64", "arm64"} {
		exe := filepath.Join(dir, goarch)
		goCommand(t, dir, []string{"GOTOOLCHAIN=" + prove.Newest, "GOOS=linux", "GOARCH=" + goarch, "CGO_ENABLED=0"}, "build", "-o", exe, ".")
		b, err := Open(exe)
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		funcs, err := b.Functions("main")
		if err != nil {
			t.Fatal(err)
		}
		c := newComparison()
		originals := c.originals(prove.Newest, funcs)
		for name, inlined := range map[string]bool{"main.adder.func1": true, "main.dropped.func1": false} {
			f := originals[name]
			if (f != nil) != inlined || inlined && len(f.Inlined) == 0 {
				t.Errorf("%s: %s: %+v", goarch, name, f)
			}
		}
		if c.copies < 2 || c.untold > 0 || len(c.against) > 0 {
			t.Errorf("%s: %d copies, %d untold, %q", goarch, c.copies, c.untold, c.against)
		}
	}
}
