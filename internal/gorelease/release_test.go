package gorelease

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	for toolchain, want := range map[string]Release{
		"go1": 0, "go1.4": 4, "go1.21.13": 21, "go1.21rc2": 21, "go1.22": 22, "go1.26.8": 26, "go1.27rc1": 27,
		"go1.26.1 X:nodwarf5": 26, "go1.27-devel_0123abc": 27, "devel go1.28-0123abc Thu Nov 26 2026": 28,
		"go1.26.8-fips": 26, "go2.0": Newest, "devel +0123abc": Newest, "gccgo": Newest, "": Newest, "go1.": Newest, "go1.999999999999999999999": Newest,
	} {
		if got := Of(toolchain); got != want {
			t.Errorf("Of(%q) = %d, want %d", toolchain, got, want)
		}
	}
}

func TestNewer(t *testing.T) {
	for _, test := range []struct {
		toolchain, other string
		want             bool
	}{
		{"go1.27.0", "go1.26.8", true},
		{"go1.26.8", "go1.26.0", false},
		{"go1.25.4", "go1.26.8", false},
		{"mine", "go1.26.8", true},
		{"go1.27.0", "mine", false},
	} {
		if got := Newer(test.toolchain, test.other); got != test.want {
			t.Errorf("%s is newer than %s: %v, want %v", test.toolchain, test.other, got, test.want)
		}
	}
}

func TestSetsTag(t *testing.T) {
	for _, test := range []struct {
		toolchain, tag string
		set, ok        bool
	}{
		{"go1.26.8", "go1.26", true, true},
		{"go1.26.8", "go1.1", true, true},
		{"go1.26.8", "go1.27", false, true},
		{"mine", "go1.99", true, true},
		{"go1.26.8", "go2.1", false, false},
		{"go1.26.8", "linux", false, false},
		{"go1.26.8", "go1.x", false, false},
	} {
		if set, ok := SetsTag(test.toolchain, test.tag); set != test.set || ok != test.ok {
			t.Errorf("%s sets %s: %v, %v, want %v, %v", test.toolchain, test.tag, set, ok, test.set, test.ok)
		}
	}
}

// TestFactsDiffer holds each fact against the releases that are understood: one that
// is the same for all of them is no difference any more and goes, with the code for
// the releases that were otherwise.
func TestFactsDiffer(t *testing.T) {
	for name, fact := range facts() {
		seen := make(map[string]bool)
		for r := Oldest; r <= Newest; r++ {
			seen[fact(r)] = true
		}
		if len(seen) < 2 {
			t.Errorf("%s is the same from %v to %v", name, Oldest, Newest)
		}
	}
}

// facts returns all methods of Release that tell a difference, asked about what they
// differ in.
func facts() map[string]func(Release) string {
	list := make(map[string]func(Release) string)
	typ := reflect.TypeFor[Release]()
	for m := range typ.Methods() {
		var args [][]string
		switch m.Name {
		case "String":
			continue
		case "FreeFunction":
			args = [][]string{
				{"abi.NoEscape", "amd64"},
				{"reflect.noescape", "amd64"},
				{"runtime.panicrangestate", "amd64"},
				{"runtime.panicrangeexit", "amd64"},
				{"abi.EscapeNonString[int]", "amd64"},
				{"maphash.escapeForHash[int]", "amd64"},
				{"byteorder.BEUint32", "loong64"},
			}
		case "ForbiddenCall":
			args = [][]string{{"sys.GetCallerPC"}, {"runtime.getcallersp"}, {"runtime.deferrangefunc"}}
		default:
			args = [][]string{nil}
		}
		for _, a := range args {
			list[m.Name+"("+strings.Join(a, ", ")+")"] = func(r Release) string {
				in := []reflect.Value{reflect.ValueOf(r)}
				for _, s := range a {
					in = append(in, reflect.ValueOf(s))
				}
				return fmt.Sprint(m.Func.Call(in)[0])
			}
		}
	}
	return list
}

func TestKnown(t *testing.T) {
	for toolchain, want := range map[string]string{
		"go1": "old", "go1.21rc2": "old", "go1.22rc1": "known", "go1.27.99": "known", "devel go1.27-0123abc": "known",
		"go1.28": "unknown", "devel go1.28-0123abc": "unknown", "go1.28rc1": "unknown", "go2.0": "unknown", "mine": "unknown", "": "known",
	} {
		got := "known"
		switch message := Unknown(toolchain); {
		case TooOld(toolchain):
			got = "old"
		case message != "":
			got = "unknown"
			if !strings.HasPrefix(message, toolchain+" is not a known Go release") {
				t.Errorf("%q: %q", toolchain, message)
			}
		}
		if got != want {
			t.Errorf("%q is %s, want %s", toolchain, got, want)
		}
	}
}
