package settings

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// TestAll checks the documentation as a whole.
func TestAll(t *testing.T) {
	var names []string // of fields, as paths
	var collect func(prefix string, v reflect.Type)
	collect = func(prefix string, v reflect.Type) {
		for i := range v.NumField() {
			f := v.Field(i)
			name := f.Name
			if strings.ToUpper(name) == name {
				name = strings.ToLower(name)
			}
			name = prefix + strings.ToLower(name[:1]) + name[1:]
			if f.Type.Kind() == reflect.Struct {
				collect(name+".", f.Type)
			} else {
				names = append(names, name)
			}
		}
	}
	collect("", reflect.TypeFor[Settings]())
	var paths []string
	fields := map[any]bool{}
	var s Settings
	for _, setting := range All() {
		paths = append(paths, setting.Path)
		fields[setting.field(&s)] = true
		if first := []rune(setting.Doc)[0]; !unicode.IsUpper(first) || !strings.HasSuffix(setting.Doc, ".") {
			t.Errorf("%s is not documented in sentences: %s", setting.Path, setting.Doc)
		}
		bounded := setting.Type() == TypeNumber || setting.Type() == TypeDuration
		if bounded != (setting.Max > 0) {
			t.Errorf("%s, a %s, has the limit %d", setting.Path, setting.Type(), setting.Max)
		}
		if len(setting.Words) > 0 && setting.Type() != TypeText && setting.Type() != TypeList {
			t.Errorf("%s, a %s, has words", setting.Path, setting.Type())
		}
		d := Default()
		if where, what, allowed := setting.set(&d, setting.Default()); allowed != "" {
			t.Errorf("the default of %s is wrong: %s %s, want %s", setting.Path, where, what, allowed)
		}
		if diff := cmp.Diff(Default(), d); diff != "" {
			t.Errorf("the default of %s is another one than it says: %s", setting.Path, diff)
		}
	}
	if diff := cmp.Diff(names, paths); diff != "" {
		t.Errorf("fields of Settings, and settings that are documented: %s", diff)
	}
	if len(fields) != len(paths) {
		t.Errorf("%d settings have %d fields", len(paths), len(fields))
	}
}

func TestShows(t *testing.T) {
	reason := func(code inline.ReasonCode) *inline.Reason { return &inline.Reason{Code: code} }
	near := &inline.Call{Status: inline.StatusNotInlined, Reason: reason(inline.CodeTooExpensive), Cost: 100, Budget: 80}
	far := &inline.Call{Status: inline.StatusNotInlined, Reason: reason(inline.CodeTooExpensive), Cost: 101, Budget: 80}
	deferred := &inline.Call{Status: inline.StatusNotInlined, Reason: reason(inline.CodeDeferStatement)}
	operation := &inline.Call{Status: inline.StatusNotInlined, Reason: reason(inline.CodeUnhandledOp)}
	silent := &inline.Call{Status: inline.StatusNotInlined}
	mixed := &inline.Call{Status: inline.StatusMixed, Reason: reason(inline.CodeOther)}
	dynamic := &inline.Call{Status: inline.StatusDynamic, Reason: reason(inline.CodeInterfaceMethod)}
	inlined := &inline.Call{Status: inline.StatusInlined, Cost: 5, Budget: 80}
	calls := []*inline.Call{near, far, deferred, operation, silent, mixed, dynamic, inlined}
	for _, tt := range []struct {
		name  string
		hints func(h *Hints)
		want  []*inline.Call
	}{
		{"the defaults", func(*Hints) {}, []*inline.Call{near, silent, mixed}},
		{"any overrun", func(h *Hints) { h.Overrun = 0 }, []*inline.Call{near, far, silent, mixed}},
		{"a smaller overrun", func(h *Hints) { h.Overrun = 19 }, []*inline.Call{silent, mixed}},
		{"other reasons", func(h *Hints) { h.Reasons = []string{"defer-statement", "unhandled-op"} }, []*inline.Call{deferred, operation, silent, mixed}},
		{"other statuses", func(h *Hints) { h.Statuses = []string{"dynamic", "inlined"} }, []*inline.Call{dynamic, inlined}},
		{"no status", func(h *Hints) { h.Statuses = nil }, nil},
		{"switched off", func(h *Hints) { h.Enabled = false }, []*inline.Call{near, silent, mixed}},
	} {
		h := Default().Hints
		tt.hints(&h)
		var got []*inline.Call
		for _, c := range calls {
			if h.Shows(c) {
				got = append(got, c)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestBuildFlags(t *testing.T) {
	s := Default()
	if got := s.BuildFlags(); len(got) > 0 {
		t.Errorf("the defaults have flags: %q", got)
	}
	s.Build.Flags = append(make([]string, 0, 9), "-race", "-pgo=auto")
	s.Build.PGO = "off"
	want := []string{"-race", "-pgo=auto", "-pgo=off"}
	if got := s.BuildFlags(); !slices.Equal(got, want) {
		t.Errorf("flags %q, want %q", got, want)
	}
	if spare := s.Build.Flags[:3]; spare[2] != "" {
		t.Errorf("the settings were written to: %q", spare)
	}
}

func TestEnviron(t *testing.T) {
	base := []string{"PATH=/bin", "GOOS=linux", "GOFLAGS=-mod=mod", "EMPTY="}
	before := slices.Clone(base)
	s := Default()
	if got := s.Environ(base); !slices.Equal(got, base) {
		t.Errorf("the defaults change the environment: %q", got)
	}
	s.Build.Env = map[string]string{"GOOS": "plan9", "GOFLAGS": "", "GOAMD64": "v3"}
	s.Build.GOOS, s.Build.GOARCH = "windows", "arm64"
	want := []string{"PATH=/bin", "EMPTY=", "GOAMD64=v3", "GOARCH=arm64", "GOFLAGS=", "GOOS=windows"}
	if got := s.Environ(base); !slices.Equal(got, want) {
		t.Errorf("environment %q, want %q", got, want)
	}
	if !slices.Equal(base, before) || s.Build.Env["GOOS"] != "plan9" {
		t.Errorf("what it was given was changed: %q, %q", base, s.Build.Env)
	}
	s.Build.Env = nil
	if got := s.Environ(nil); !slices.Equal(got, []string{"GOARCH=arm64", "GOOS=windows"}) {
		t.Errorf("environment %q", got)
	}
}

func TestWithTags(t *testing.T) {
	for _, c := range []struct{ flags, tags, want []string }{
		{nil, []string{"a"}, []string{"-tags=a"}},
		{[]string{"-race", "-tags=b,c", "-mod=mod"}, []string{"a", "c"}, []string{"-race", "-mod=mod", "-tags=b,c,a"}},
		{[]string{"--tags=b", "-tags="}, []string{"a"}, []string{"-tags=b,a"}},
	} {
		if got := WithTags(c.flags, c.tags); !slices.Equal(got, c.want) {
			t.Errorf("%q with %q: %q, want %q", c.flags, c.tags, got, c.want)
		}
	}
}
