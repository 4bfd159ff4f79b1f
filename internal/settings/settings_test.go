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
	unknown := &inline.Call{Status: inline.StatusUnknown, Reason: reason(inline.CodeOther)}
	calls := []*inline.Call{near, far, deferred, operation, silent, mixed, dynamic, inlined, unknown}
	stays := []*inline.Call{near, far, deferred, operation, silent, mixed, unknown}
	for _, tt := range []struct {
		name  string
		hints func(h *Hints)
		want  []*inline.Call
	}{
		{"the defaults", func(*Hints) {}, []*inline.Call{near, far, deferred, operation, silent, mixed, inlined, unknown}},
		{"what stays", func(h *Hints) { h.Preset = PresetStays }, stays},
		{"near misses", func(h *Hints) { h.Preset = PresetNear }, []*inline.Call{near, silent, mixed}},
		{"a part of what stays", func(h *Hints) { h.Preset, h.Overrun = PresetStays, 20 }, []*inline.Call{near, deferred, operation, silent, mixed, unknown}},
		{"any overrun", func(h *Hints) { h.Overrun = 0 }, []*inline.Call{near, far, silent, mixed}},
		{"a smaller overrun", func(h *Hints) { h.Overrun = 19 }, []*inline.Call{silent, mixed}},
		{"other reasons", func(h *Hints) { h.Reasons = []string{"defer-statement", "unhandled-op"} }, []*inline.Call{deferred, operation, silent, mixed}},
		{"other statuses", func(h *Hints) { h.Statuses = []string{"dynamic", "inlined"} }, []*inline.Call{dynamic, inlined}},
		{"no status", func(h *Hints) { h.Statuses = []string{} }, nil},
		{"off", func(h *Hints) { h.Preset = PresetOff }, nil},
	} {
		h := Default().Hints
		tt.hints(&h)
		h = h.Resolve("")
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

// TestResolve has the order in which choices count: what the user has set, what was
// chosen last in the workspace, all calls.
func TestResolve(t *testing.T) {
	for _, tt := range []struct {
		raw, last  string
		preset     string
		enabled    bool
		overrun    int
		place      string
		userHasSet bool
	}{
		{``, "", PresetAll, true, 0, PlaceCallee, false},
		{``, "none of ours", PresetAll, true, 0, PlaceCallee, false},
		{``, PresetNear, PresetNear, true, 20, PlaceCallee, false},
		{``, PresetOff, PresetOff, false, 0, PlaceCallee, false},
		{`"hints.preset": "stays"`, PresetNear, PresetStays, true, 0, PlaceCallee, true},
		{`"hints.preset": "off"`, PresetNear, PresetOff, false, 0, PlaceCallee, true},
		{`"hints.enabled": false`, PresetNear, PresetOff, false, 20, PlaceCallee, true},
		{`"hints.overrun": 58`, PresetAll, "", true, 58, PlaceCallee, true},
		{`"hints.statuses": ["dynamic"]`, PresetAll, "", true, 20, PlaceCallee, true},
		{`"hints.reasons": [], "hints.preset": "all"`, PresetOff, "", true, 0, PlaceCallee, true},
		{`"hints.style": "full"`, "", PresetAll, true, 0, PlaceEnd, false},
		{`"hints.style": "full", "hints.place": "callee"`, "", PresetAll, true, 0, PlaceCallee, false},
	} {
		s, problems := Default().Merge([]byte("{" + tt.raw + "}"))
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		h := s.Hints.Resolve(tt.last)
		if h.Preset != tt.preset || h.Enabled != tt.enabled || h.Overrun != tt.overrun || h.Place != tt.place {
			t.Errorf("%s after %q: %+v, want %+v", tt.raw, tt.last, h, tt)
		}
		if s.Hints.Written() != tt.userHasSet {
			t.Errorf("%s: written %v", tt.raw, s.Hints.Written())
		}
		chosen, ok := h.Choose(PresetStays)
		if !ok || chosen.Preset != PresetStays || !chosen.Enabled || chosen.Overrun != 0 || chosen.Place != tt.place {
			t.Errorf("%s: chosen %+v", tt.raw, chosen)
		}
	}
}

func TestNext(t *testing.T) {
	var names []string
	for name, i := "all", 0; i < 5; i++ {
		names = append(names, name)
		name = Next(name, false)
	}
	for name, i := "", 0; i < 6; i++ {
		names = append(names, name)
		name = Next(name, true)
	}
	want := strings.Fields("all stays near-misses off all - all stays near-misses off -")
	for i := range want {
		want[i] = strings.Trim(want[i], "-")
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
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
