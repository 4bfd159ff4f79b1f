package typecheck

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestSeemsGeneric(t *testing.T) {
	for text, want := range map[string]bool{
		"":                                  false,
		"func":                              false,
		"func f":                            false,
		"func f[T any]() {}":                true,
		"package p\n\nfunc f[T any]() {}":   true,
		"\r\nfunc f [T any]() {}":           true,
		"func (l *list[T]) len() int {}":    true,
		"func (l *list) at(i [2]int) {}":    false,
		"func f(x []int) [2]int { return }": false,
		"\tfunc f[T any]() {}":              false,
		"// func f[T any]\nvar x = 1":       false,
		"func() {}\nfunc g() {}":            false,
		"funcfunc f[T any]":                 false,
		"func f() {}\nfunc (":               false,
	} {
		if got := seemsGeneric([]byte(text)); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// TestSeemsGenericOfStd holds it against the expression that it stands for.
func TestSeemsGenericOfStd(t *testing.T) {
	expr := regexp.MustCompile(`(?m)^func\s+([^\s(\[]+\s*\[|\([^)]*\[)`)
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(goroot)), "src", "*", "*.go"))
	if err != nil || len(files) < 500 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	generic := 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want := expr.Match(text)
		if got := seemsGeneric(text); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		if want {
			generic++
		}
	}
	if generic < 20 {
		t.Errorf("only %d files with generic functions", generic)
	}
}
