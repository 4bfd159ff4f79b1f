package workspace

import (
	"slices"
	"strings"
	"testing"
)

// scripts has two programs beside a package, each with a function of the same name.
const scripts = `
-- go.mod --
module m

go 1.22
-- a/a.go --
package a

func A() int { return helper() }

func helper() int { return 1 }
-- a/gen.go --
//go:build ignore

package main

import "m/b"

func main() { helper() }

//go:noinline
func helper() int { return b.B() }
-- a/gen2.go --
//go:build ignore

package main

func main() { helper() }

func helper() {}
-- a/part.go --
//go:build ignore

package a

func part() int { return helper() }
-- b/b.go --
package b

func B() int { return 1 }
`

// A script is compiled as "go run FILE" compiles it, each on its own.
func TestWorkspaceScripts(t *testing.T) {
	r := newRig(t, scripts)
	r.open("a/a.go", "a/gen.go", "a/gen2.go", "a/part.go")
	r.wantCalls("a/a.go", "helper inlined")
	r.wantCalls("a/gen.go", "helper not-inlined", "b.B inlined")
	r.wantCalls("a/gen2.go", "helper inlined")
	if f := r.file("a/part.go"); !strings.Contains(f.Note, "the tag ignore marks files") || f.Tags != nil {
		t.Errorf("a file of the package has the note %q and the tags %q", f.Note, f.Tags)
	}

	// What it imports counts, and so do errors.
	r.save("b/b.go", "package b\n\n//go:noinline\nfunc B() int { return 1 }\n")
	r.wantCalls("a/gen.go", "helper not-inlined", "b.B not-inlined")
	r.replace("a/gen.go", "b.B()", "b.C()")
	r.wantState("a/gen.go", StateFailed)
	r.wantState("a", StateFresh)
	r.wantCalls("a/gen2.go", "helper inlined")
	r.replace("a/gen.go", "b.C()", "b.B()")
	r.wantCalls("a/gen.go", "helper not-inlined", "b.B not-inlined")

	// A file becomes a part of the package, and a script again.
	r.replace("a/gen2.go", "//go:build ignore\n\npackage main\n\nfunc main() { helper() }\n\nfunc helper() {}", "package a\n\nfunc other() { helper() }")
	r.wantCalls("a/gen2.go", "helper inlined")
	if f := r.file("a/gen2.go"); f.Package.Dir != r.path("a") {
		t.Errorf("it belongs to %s", f.Package.Dir)
	}
	r.replace("a/gen2.go", "package a\n\nfunc other() { helper() }", "//go:build ignore\n\npackage main\n\nfunc main() { print() }")
	r.wantCalls("a/gen2.go")
	if f := r.file("a/gen2.go"); f.Package.Dir != r.path("a/gen2.go") {
		t.Errorf("it belongs to %s", f.Package.Dir)
	}
	r.wantFresh()
}

// Of a file that a tag excludes it is known which tags would include it.
func TestWorkspaceTags(t *testing.T) {
	r := newRig(t, small+`
-- a/tagged.go --
//go:build special && (extra || windows)

package a

func special() int { return own() }
`, func(o *Options) { o.BuildFlags = []string{"-tags=mine"} })
	r.open("a/a.go", "a/tagged.go")
	r.wait()
	f := r.file("a/tagged.go")
	if want := []string{"mine", "special", "extra"}; !slices.Equal(f.Tags, want) || f.Note == "" {
		t.Errorf("tags %q with the note %q, want %q", f.Tags, f.Note, want)
	}
	o := r.options
	o.BuildFlags = []string{"-tags=" + strings.Join(f.Tags, ",")}
	r.w.Configure(o)
	r.wantCalls("a/tagged.go", "own inlined")
}

// While a package does not compile, its files have the last verdicts that there
// were, with the errors; a file that never had any has the errors alone.
func TestWorkspaceLastVerdicts(t *testing.T) {
	r := newRig(t, small)
	r.open("a/a.go")
	r.wait()
	for _, broken := range []struct{ from, to, message string }{
		{"return 2", "return nothing", "undefined: nothing"},
		{"func own", "func own own", "syntax error"},
		{"package a", "package a\n\nimport \"m/nowhere\"", "m/nowhere"},
		{"package a", "package", "expected"},
	} {
		before := r.file("a/a.go")
		r.replace("a/a.go", broken.from, broken.to)
		r.wantState("a", StateFailed)
		f := r.file("a/a.go")
		if f.Unit != before.Unit || string(f.Text) != string(before.Text) || !slices.Equal(callsIn(f), callsIn(before)) {
			t.Errorf("%s: the verdicts are not the last ones: %v", broken.to, callsIn(f))
		}
		if len(f.Errors) == 0 || !strings.Contains(f.Errors[0].Message, broken.message) {
			t.Errorf("%s: errors %v", broken.to, f.Errors)
		}
		if _, err := r.w.Costs(t.Context(), f, f.Name); err == nil || !strings.Contains(err.Error(), "does not compile") {
			t.Errorf("%s: costs: %v", broken.to, err)
		}
		r.open("a/a2.go")
		if f := r.wait().Files[r.path("a/a2.go")]; len(f.Errors) == 0 || f.Unit != nil {
			t.Errorf("%s: a file that is opened now has the errors %v, and verdicts: %v", broken.to, f.Errors, f.Unit != nil)
		}
		r.w.Forget(r.path("a/a2.go"))
		r.replace("a/a.go", broken.to, broken.from)
		r.wantState("a", StateFresh)
		r.wantFresh()
	}
}
