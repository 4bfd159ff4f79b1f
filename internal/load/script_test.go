package load

import (
	"strings"
	"testing"
)

func TestIsScript(t *testing.T) {
	for _, c := range []struct {
		text string
		want bool
	}{
		{"//go:build ignore\n\npackage main", true},
		{"// A doc.\n\n//go:build ignore && linux\n\npackage main", true},
		{"//go:build (ignore && a) || (ignore && b)\n\npackage main", true},
		{"// +build ignore\n\npackage main", true},
		{"//go:build ignore\n\npackage p", false},
		{"//go:build ignore || linux\n\npackage main", false},
		{"//go:build !ignore\n\npackage main", false},
		{"//go:build linux\n\npackage main // ignore", false},
		{"package main\n\n//go:build ignore", false},
		{"package main", false},
		{"", false},
	} {
		name := "p"
		if strings.Contains(c.text, "package main") {
			name = "main"
		}
		if got := IsScript([]byte(c.text), name); got != c.want {
			t.Errorf("%q: %v", c.text, got)
		}
	}
}

func TestTagsFor(t *testing.T) {
	x := excluder{env: GoEnv{GOOS: "linux", GOARCH: "arm64", Version: "go1.24.1", Cgo: true}, tags: []string{"mine"}}
	for _, c := range []struct{ name, constraint, want string }{
		{"a.go", "special", "mine,special"},
		{"a.go", "special && extra", "mine,special,extra"},
		{"a.go", "special || extra", "mine,special"},
		{"a.go", "(a && b) || c", "mine,c"},
		{"a.go", "mine", ""},  // not excluded
		{"a.go", "!mine", ""}, // tags cannot be taken away
		{"a.go", "special && !mine", ""},
		{"a.go", "special && windows", ""},
		{"a.go", "special || windows", "mine,special"},
		{"a.go", "ignore", ""},
		{"a.go", "special && !cgo", ""},
		{"a.go", "race", ""}, // -race sets it
		{"a.go", "go1.99", ""},
		{"a.go", "special && go1.20", "mine,special"},
		{"a_windows.go", "special", ""},
		{"a.go", "a && b && c && d && e && f && g && h && i", ""}, // too many to try
	} {
		x.read = func(string) ([]byte, error) { return []byte("//go:build " + c.constraint + "\n\npackage p\n"), nil }
		if got := strings.Join(x.tagsFor("/dir/"+c.name), ","); got != c.want {
			t.Errorf("%s, %s: %q, want %q", c.name, c.constraint, got, c.want)
		}
	}
}
