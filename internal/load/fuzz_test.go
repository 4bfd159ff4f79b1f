package load

import (
	"path"
	"strings"
	"testing"
	"unicode/utf8"
)

// What the go command, the compiler and source files say is foreign text.
func FuzzForeignText(f *testing.F) {
	for _, s := range []string{
		"# example.com/p\n./p.go:3:5: undefined: x\n\ttoo many errors", "err: exit status 1: stderr: go: downloading x\ngo: no\n",
		"a b.go:1", "x:y:-3:4", ":::", "//go:build (linux && !cgo) || go1.99\n\npackage p", "/*\n*/ //go:build x", "// +build a,b c\n// +build !d\n",
		"\ufeff//go:build \xff", "-tags='a b' \"-x y\" 'z", "`a b` \"c\\\"d\" e \"", "unsupported version of go: ",
	} {
		f.Add(s)
	}
	env := &GoEnv{GOOS: "linux", GOARCH: "amd64", Version: "go1.26.0"}
	l := &loader{dir: "/dir", env: env}
	f.Fuzz(func(t *testing.T, s string) {
		if file, line, col := l.position(s); file != "" && !strings.HasPrefix(file, "/") || line == 0 && col != 0 && !strings.Contains(s, ":0:") {
			t.Errorf("position %q: %q %d %d", s, file, line, col)
		}
		if e, ok := l.compilerLine(s); ok && e.Line == 0 {
			t.Errorf("line %q: %+v", s, e)
		}
		if w := tidyWords(s); strings.Contains(w, "\n") {
			t.Errorf("words %q: %q", s, w)
		}
		if fail := newFailure("load", s); fail.Kind == nil {
			t.Errorf("failure %q: %+v", s, fail)
		}
		for _, arg := range embedArgs(s) {
			if arg == "" && !strings.ContainsAny(s, "\"`") {
				t.Errorf("embed %q: an empty argument", s)
			}
		}
		for _, field := range splitGoflags(s) {
			if strings.ContainsAny(field, " \t\r\n") && !strings.ContainsAny(s, `'"`) {
				t.Errorf("GOFLAGS %q: %q", s, field)
			}
		}
		newFlagSet(strings.Fields(s), s).tags()
		x := excluder{env: *env, read: func(string) ([]byte, error) { return []byte(s), nil }}
		if e, ok := x.why("/dir/p.go"); ok && (e.Message == "" || e.Line == 0 && !strings.Contains(e.Message, `"C"`)) {
			t.Errorf("excluded %q: %+v", s, e)
		}
		if name := "d/" + s; utf8.ValidString(s) && path.Clean(name) == name {
			if ok, err := embeds("all:d", name); !ok && err == nil && strings.HasPrefix(name, "d/") {
				t.Errorf("%q is not below d", name)
			}
		}
	})
}
