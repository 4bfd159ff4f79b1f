package handlers

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/prove"
)

// TestDirectivesAgainstCompiler holds what this package takes a comment for against
// what the compiler does with it. Each source has one comment that is, or could be
// meant as, a directive, and a function f that can be inlined.
func TestDirectivesAgainstCompiler(t *testing.T) {
	compiler := t.TempDir()
	for _, test := range []struct {
		name, source string
		// what is to be said of it: "" nothing, as it works; or a diagnostic's code;
		// "prose" if it is nothing to us and nothing to the compiler.
		want string
	}{
		{"exact", "//go:noinline\nfunc f() {}", ""},
		{"crlf", "//go:noinline\r\nfunc f() {}\r\n", ""},
		{"blank line behind", "//go:noinline\n\nfunc f() {}", ""},
		{"comments behind", "//go:noinline\n\n// f is.\n\n/* so */\nfunc f() {}", ""},
		{"doc comment before", "// f is.\n//\n//go:noinline\nfunc f() {}", ""},
		{"indented", "\t//go:noinline\nfunc f() {}", ""},
		{"words behind", "//go:noinline because of the test\nfunc f() {}", ""},
		{"comment behind", "//go:noinline // see #1\nfunc f() {}", ""},
		{"blank at the end", "//go:noinline \nfunc f() {}", ""},
		{"twice", "//go:noinline\n//go:noinline\nfunc f() {}", ""},
		{"method", "type T int\n//go:noinline\nfunc (t T) f() {}", ""},
		{"behind func", "func\n//go:noinline\nf() {}", ""},
		{"before a receiver", "type T int\nfunc\n//go:noinline\n(t T) f() {}", ""},
		{"other directives between", "//go:noinline\n//go:nosplit\nfunc f() {}", ""},
		{"semicolon before", "var x = 1;\n//go:noinline\nfunc f() {}", ""},

		{"blank behind slashes", "// go:noinline\nfunc f() {}", CodeMisspeltDirective},
		{"tab behind slashes", "//\tgo:noinline\nfunc f() {}", CodeMisspeltDirective},
		{"below a doc comment", "// f is.\n// go:noinline\nfunc f() {}", CodeMisspeltDirective},
		{"three slashes", "///go:noinline\nfunc f() {}", CodeMisspeltDirective},
		{"old comment", "/*go:noinline*/\nfunc f() {}", CodeMisspeltDirective},
		{"old comment before func", "/*go:noinline*/ func f() {}", CodeMisspeltDirective},
		{"capital", "//go:noInline\nfunc f() {}", CodeMisspeltDirective},
		{"all capitals", "//GO:NOINLINE\nfunc f() {}", CodeMisspeltDirective},
		{"underscore", "//go:no_inline\nfunc f() {}", CodeMisspeltDirective},
		{"letters swapped", "//go:nionline\nfunc f() {}", CodeMisspeltDirective},
		{"letter missing", "//go:noinlne\nfunc f() {}", CodeMisspeltDirective},
		{"another word", "//go:neverinline\nfunc f() {}", CodeMisspeltDirective},
		{"full stop", "//go:noinline.\nfunc f() {}", CodeMisspeltDirective},
		{"tab behind", "//go:noinline\tbecause\nfunc f() {}", CodeMisspeltDirective},
		{"colon behind", "//go:noinline: because\nfunc f() {}", CodeMisspeltDirective},
		{"misspelt elsewhere", "func f() {}\n//go:noInline\nvar x = 1", CodeMisspeltDirective},

		{"go:inline", "//go:inline\nfunc f() {}", CodeNoSuchDirective},
		{"go:inline with a blank", "// go:inline\nfunc f() {}", CodeNoSuchDirective},
		{"go:inline in a body", "func f() {\n\t//go:inline\n\tprintln()\n}", CodeNoSuchDirective},
		{"go:inline before a variable", "//go:inline\nvar x = 1\nfunc f() {}", CodeNoSuchDirective},
		{"go:forceinline", "//go:forceinline\nfunc f() {}", CodeNoSuchDirective},
		{"go:always_inline", "//go:always_inline\nfunc f() {}", CodeNoSuchDirective},

		{"before a variable", "//go:noinline\nvar x = 1\nfunc f() {}", CodeMisplacedDirective},
		{"before a group", "//go:noinline\nvar (\n\tx = func() {}\n)\nfunc f() {}", CodeMisplacedDirective},
		{"in a group", "var (\n\t//go:noinline\n\tx = func() {}\n)\nfunc f() {}", CodeMisplacedDirective},
		{"before a type", "//go:noinline\ntype T int\nfunc f() {}", CodeMisplacedDirective},
		{"in a struct", "type T struct {\n\t//go:noinline\n\tx int\n}\nfunc f() {}", CodeMisplacedDirective},
		{"in an interface", "type T interface {\n\t//go:noinline\n\tx()\n}\nfunc f() {}", CodeMisplacedDirective},
		{"before an import", "//go:noinline\nimport _ \"unsafe\"\nfunc f() {}", CodeMisplacedDirective},
		{"in a body", "func f() {\n\t//go:noinline\n\tprintln()\n}", CodeMisplacedDirective},
		{"at the end of a body", "func f() {\n\tprintln()\n\t//go:noinline\n}\nfunc g() {}", CodeMisplacedDirective},
		{"before a literal", "func f() {\n\t//go:noinline\n\tx := func() {}\n\tx()\n}", CodeMisplacedDirective},
		{"in parameters", "func f(\n\t//go:noinline\n\tx int) {}", CodeMisplacedDirective},
		{"behind all declarations", "func f() {}\n//go:noinline\n", CodeMisplacedDirective},
		{"behind code", "func f() {} //go:noinline\nfunc g() {}", CodeMisplacedDirective},
		{"behind a statement", "func f() {\n\tx := 1 //go:noinline\n\t_ = x\n}", CodeMisplacedDirective},
		{"behind a comment", "/* x */ //go:noinline\nfunc f() {}", CodeMisplacedDirective},
		{"behind a long comment", "/* x\n*/ //go:noinline\nfunc f() {}", CodeMisplacedDirective},
		{"go:inline behind code", "func f() {} //go:inline\nfunc g() {}", CodeMisplacedDirective},
		{"misspelt behind code", "func f() {} //go:noInline\nfunc g() {}", CodeMisplacedDirective},

		{"sentence", "// go:noinline keeps f apart.\nfunc f() {}", "prose"},
		{"within a paragraph", "// This is what\n// go:noinline\n// does.\nfunc f() {}", "prose"},
		{"behind code, with a blank", "func f() {} // go:noinline\nfunc g() {}", "prose"},
		{"in a body, with a blank", "func f() {\n\t// go:noinline\n\tprintln()\n}", "prose"},
		{"in a string", "var x = `\n//go:noinline\n`\nfunc f() {}", "prose"},
		{"another directive", "//go:nosplit\nfunc f() {}", "prose"},
		{"another name", "//go:generate inline\nfunc f() {}", "prose"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := []byte("package p\n" + test.source)
			d := document(text)
			var got string
			for _, diagnostic := range Diagnostics(d) {
				if got != "" {
					t.Errorf("more than one diagnostic")
				}
				got = diagnosticCode(t, diagnostic)
			}
			if want := strings.TrimSuffix(test.want, "prose"); got != want {
				t.Errorf("diagnostic %q, want %q", got, want)
			}
			for _, toolchain := range []string{"local", prove.Oldest, prove.Newest} {
				out := compile(t, toolchain, compiler, text)
				refused := strings.Contains(out, "misplaced compiler directive")
				works := strings.Contains(out, "f: marked go:noinline")
				if refused != (test.want == CodeMisplacedDirective) || works != (test.want == "") || !refused && !works && !strings.Contains(out, "can inline") {
					t.Errorf("the compiler of %s says something else:\n%s", toolchain, out)
				}
			}
		})
	}
}

// compile returns what a toolchain's compiler prints of a file.
func compile(t *testing.T, toolchain, dir string, text []byte) string {
	t.Helper()
	name := filepath.Join(dir, "p.go")
	if err := os.WriteFile(name, text, 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "tool", "compile", "-p", "p", "-m=2", "-o", filepath.Join(dir, "p.o"), name)
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN="+toolchain)
	out, err := cmd.CombinedOutput()
	if err != nil && len(out) == 0 {
		t.Fatal(err)
	}
	return string(out)
}

// TestPlacesInBrokenSource holds that nothing is said of places that a syntax
// error makes uncertain, but still of spelling.
func TestPlacesInBrokenSource(t *testing.T) {
	for source, want := range map[string]string{
		"func g( {\n//go:noinline\nfunc f() {}": "",
		"func g( {\n//go:inline\nfunc f() {}":   CodeNoSuchDirective,
		"func g( {\n//go:noInline\nfunc f() {}": CodeMisspeltDirective,
	} {
		var got string
		for _, diagnostic := range Diagnostics(document([]byte("package p\n" + source))) {
			got = diagnosticCode(t, diagnostic)
		}
		if got != want {
			t.Errorf("%q: diagnostic %q, want %q", source, got, want)
		}
	}
}

// FuzzDirectives holds that no text makes the search fail, or find something
// outside of it.
func FuzzDirectives(f *testing.F) {
	f.Add([]byte("package p\n//go:noinline\nfunc f() {}\n"))
	f.Add([]byte("\ufeffpackage p\r\n/* x\r\n*/ //go:inline\r\nfunc f() {} //go:noInline"))
	f.Add([]byte("//go:noinlin\tx"))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, found := directives(text)
		for i := range found {
			dir := &found[i]
			if dir.Start < 0 || dir.Start >= dir.End || dir.End > len(text) {
				t.Fatalf("%+v is outside of %q", dir.Span, text)
			}
			if r := s.removal(dir); r.Start < 0 || r.Start > dir.Start || r.End < dir.End || r.End > len(text) {
				t.Fatalf("%+v removes %+v", dir.Span, r)
			}
		}
	})
}
