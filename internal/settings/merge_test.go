package settings

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

func TestMerge(t *testing.T) {
	for _, tt := range []struct {
		name, raw string
		want      func(s *Settings) // what changes of the defaults
	}{
		{"nothing", ``, func(*Settings) {}},
		{"no members", ` {} `, func(*Settings) {}},
		{"null", `null`, func(*Settings) {}},
		{"groups", `{"hints": {"enabled": false, "style": "full"}}`, func(s *Settings) { s.Hints.Enabled, s.Hints.Style = false, "full" }},
		{"dots", `{"hints.enabled": false, "hints.place": "end"}`, func(s *Settings) { s.Hints.Enabled, s.Hints.Place = false, "end" }},
		{"the dot wins", `{"hints.enabled": false, "hints": {"enabled": true}}`, func(s *Settings) { s.Hints.Enabled = false }},
		{"below the section", `{"inlinelens": {"hints": {"enabled": false}, "lenses.enabled": false}}`, func(s *Settings) { s.Hints.Enabled, s.Lenses.Enabled = false, false }},
		{"as in the settings file", `{"inlinelens.hints.enabled": false, "inlinelens.build": {"pgo": "off"}}`, func(s *Settings) { s.Hints.Enabled, s.Build.PGO = false, "off" }},
		{"lists", `{"hints.statuses": ["dynamic"], "hints.reasons": [], "build.flags": ["-race", "-tags=a,b"]}`, func(s *Settings) {
			s.Hints.Statuses, s.Hints.Reasons, s.Build.Flags = []string{"dynamic"}, []string{}, []string{"-race", "-tags=a,b"}
		}},
		{"a map", `{"build.env": {"GOAMD64": "v3", "EMPTY": "", "A": "b=c"}}`, func(s *Settings) {
			s.Build.Env = map[string]string{"GOAMD64": "v3", "EMPTY": "", "A": "b=c"}
		}},
		{"empty ones from Lua", `{"hints": {"statuses": {}, "reasons": [ ]}, "lenses": [], "build.env": []}`, func(s *Settings) {
			s.Hints.Statuses, s.Hints.Reasons = []string{}, []string{}
		}},
		{"texts", `{"build": {"goos": "windows", "goarch": "arm64", "pgo": "/tmp/cpu.pprof"}, "logLevel": "debug", "trigger": "type"}`, func(s *Settings) {
			s.Build.GOOS, s.Build.GOARCH, s.Build.PGO, s.LogLevel, s.Trigger = "windows", "arm64", "/tmp/cpu.pprof", "debug", TriggerType
		}},
		{"numbers", `{"concurrency": 3, "hints.overrun": 0.0}`, func(s *Settings) { s.Concurrency, s.Hints.Overrun = 3, 0 }},
		{"what the preset says", `{"hints": {"overrun": null, "statuses": null, "preset": null, "place": null}}`, func(*Settings) {}},
		{"a preset", `{"hints.preset": "stays"}`, func(s *Settings) { s.Hints.Preset = "stays" }},
		{"a duration", `{"delay": "1.5s"}`, func(s *Settings) { s.Delay = 1500 * time.Millisecond }},
		{"milliseconds", `{"delay": 250}`, func(s *Settings) { s.Delay = 250 * time.Millisecond }},
		{"the longest", `{"delay": "1m"}`, func(s *Settings) { s.Delay = time.Minute }},
		{"diagnostics and tests", `{"diagnostics": {"enabled": false}, "tests": false}`, func(s *Settings) { s.Diagnostics.Enabled, s.Tests = false, false }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := Default()
			tt.want(&want)
			got, problems := Default().Merge(jsontext.Value(tt.raw))
			if len(problems) > 0 {
				t.Errorf("problems: %v", problems)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestMergeProblems has settings that are refused; beside each, one that is taken.
func TestMergeProblems(t *testing.T) {
	const reasons = `"too-expensive", "noinline-directive", "recursive", "big-caller", "unhandled-op", "no-body", "go-statement", "defer-statement", "race-build", "inlining-off", "closure-limit" or "other"`
	for _, tt := range []struct {
		raw  string
		want string
	}{
		{`"hints.enabled": "yes"`, `setting hints.enabled cannot be "yes": want true or false; it keeps its last value`},
		{`"hints.enabled": 1`, `setting hints.enabled cannot be 1: want true or false; it keeps its last value`},
		{`"hints.style": "big"`, `setting hints.style cannot be "big": want "short" or "full"; it keeps its last value`},
		{`"hints.preset": "some"`, `setting hints.preset cannot be "some": want "all", "stays", "near-misses" or "off"; it keeps its last value`},
		{`"hints.statuses": "mixed"`, `setting hints.statuses cannot be "mixed": want a list of "inlined", "not-inlined", "dynamic", "intrinsic", "eliminated", "mixed" or "unknown"; it keeps its last value`},
		{`"hints": {"statuses": ["mixed", "inlind"]}`, `setting hints.statuses[1] cannot be "inlind": want "inlined", "not-inlined", "dynamic", "intrinsic", "eliminated", "mixed" or "unknown"; it keeps its last value`},
		{`"hints.statuses": [null]`, `setting hints.statuses[0] cannot be null: want "inlined", "not-inlined", "dynamic", "intrinsic", "eliminated", "mixed" or "unknown"; it keeps its last value`},
		{`"hints.reasons": ["dead-code"]`, `setting hints.reasons[0] cannot be "dead-code": want ` + reasons + `; it keeps its last value`},
		{`"hints.overrun": -1`, `setting hints.overrun cannot be -1: want a whole number from 0 to 1000000; it keeps its last value`},
		{`"hints.overrun": 2.5`, `setting hints.overrun cannot be 2.5: want a whole number from 0 to 1000000; it keeps its last value`},
		{`"hints": true`, `setting hints cannot be true: want an object; it keeps its last value`},
		{`"hints": {"enable": false}`, `there is no setting hints.enable: want hints.enabled, hints.preset, hints.statuses, hints.reasons, hints.overrun, hints.style or hints.place; its value false is ignored`},
		{`"colour": {"a": [1, 2]}`, `there is no setting colour: want hints, lenses, diagnostics, trigger, delay, tests, build, concurrency, timeout or logLevel; its value {"a":[1,2]} is ignored`},
		{`"lens.enabled": true`, `there is no setting lens.enabled: want hints, lenses, diagnostics, trigger, delay, tests, build, concurrency, timeout or logLevel; its value true is ignored`},
		{`"lenses.on": true`, `there is no setting lenses.on: want lenses.enabled; its value true is ignored`},
		{`"concurrency": 1e99`, `setting concurrency cannot be 1e99: want a whole number from 0 to 1024; it keeps its last value`},
		{`"delay": "soon"`, `setting delay cannot be "soon": want a duration up to 1m0s such as "400ms", or a number of milliseconds; it keeps its last value`},
		{`"delay": "-1s"`, `setting delay cannot be "-1s": want a duration up to 1m0s such as "400ms", or a number of milliseconds; it keeps its last value`},
		{`"delay": 60001`, `setting delay cannot be 60001: want a duration up to 1m0s such as "400ms", or a number of milliseconds; it keeps its last value`},
		{`"build.flags": ["-race", "tags=x"]`, `setting build.flags[1] cannot be "tags=x": want flags with their values, such as "-tags=integration"; it keeps its last value`},
		{`"build.env": ["A=b"]`, `setting build.env cannot be ["A=b"]: want an object of strings; it keeps its last value`},
		{`"build.env": {"CGO_ENABLED": 0}`, `setting build.env.CGO_ENABLED cannot be 0: want a string; it keeps its last value`},
		{`"build.env": {"": "x"}`, `setting build.env. cannot be "x": want names of environment variables; it keeps its last value`},
		{`"build.env": {"A=B": "x"}`, `setting build.env.A=B cannot be "x": want names of environment variables; it keeps its last value`},
		{`"build.env": {"A": "\u0000"}`, `setting build.env.A cannot be "\u0000": want a string; it keeps its last value`},
		{`"build.goos": "Linux"`, `setting build.goos cannot be "Linux": want a name such as "linux"; it keeps its last value`},
		{`"build.pgo": "cpu.pprof"`, `setting build.pgo cannot be "cpu.pprof": want "", "off", "auto" or an absolute file name; it keeps its last value`},
		{`"logLevel": "` + strings.Repeat("ä", 50) + `"`, `setting logLevel cannot be "` + strings.Repeat("ä", 39) + `…: want "debug", "info", "warn" or "error"; it keeps its last value`},
	} {
		raw := `{"tests": false, ` + tt.raw + `}`
		want := Default()
		want.Tests = false
		got, problems := Default().Merge(jsontext.Value(raw))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", raw, diff)
		}
		if len(problems) != 1 || problems[0].Error() != tt.want {
			t.Errorf("%s: problems %q, want %s", raw, problems, tt.want)
		}
	}
	for _, tt := range []struct{ raw, want string }{
		{`[1, 2]`, `the settings cannot be [1,2]: want an object; they keep their last values`},
		{`{"tests": `, `the settings cannot be {"tests":: want an object; they keep their last values`},
		{`{"inlinelens": 3}`, `setting inlinelens cannot be 3: want an object; it keeps its last value`},
	} {
		got, problems := Default().Merge(jsontext.Value(tt.raw))
		if len(problems) != 1 || problems[0].Error() != tt.want {
			t.Errorf("%s: problems %q, want %s", tt.raw, problems, tt.want)
		}
		if diff := cmp.Diff(Default(), got); diff != "" {
			t.Errorf("%s: %s", tt.raw, diff)
		}
	}
}

// TestMergeOver merges over settings that are not the defaults.
func TestMergeOver(t *testing.T) {
	base, problems := Default().Merge(jsontext.Value(`{"hints": {"style": "full", "overrun": 5}, "delay": "1s", "build.env": {"A": "b"}, "tests": false}`))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, tt := range []struct {
		name, raw string
		want      func(s *Settings) // what changes of base
		problems  int
	}{
		{"other settings", `{"hints.enabled": false}`, func(s *Settings) { s.Hints.Enabled = false }, 0},
		{"refused ones", `{"hints.style": 3, "delay": {}, "build.env": {"A": 1}}`, func(*Settings) {}, 3},
		{"a setting that is null", `{"delay": null, "build": {"env": null}}`, func(s *Settings) { s.Delay, s.Build.Env = Default().Delay, map[string]string{} }, 0},
		{"a group that is null", `{"hints": null}`, func(s *Settings) { s.Hints = Default().Hints }, 0},
		{"all null", `null`, func(s *Settings) { *s = Default() }, 0},
		{"the section null", `{"inlinelens": null}`, func(s *Settings) { *s = Default() }, 0},
		{"maps are replaced", `{"build.env": {"C": "d"}}`, func(s *Settings) { s.Build.Env = map[string]string{"C": "d"} }, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := base
			tt.want(&want)
			got, problems := base.Merge(jsontext.Value(tt.raw))
			if len(problems) != tt.problems {
				t.Errorf("problems: %v", problems)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	if base.Build.Env["A"] != "b" || len(base.Build.Env) != 1 {
		t.Errorf("merging changed the settings that were merged over: %v", base.Build.Env)
	}
}

// FuzzMerge holds that what comes out can be merged in again, whatever came in,
// and that a setting without a problem is as it was or as raw has it.
func FuzzMerge(f *testing.F) {
	for _, raw := range []string{
		``, `null`, `{}`, `{"hints": {"enabled": false, "statuses": ["mixed"]}}`, `{"inlinelens.delay": 1e3, "inlinelens": {"inlinelens": {}}}`,
		`{"delay": "9999999h"}`, `{"build": {"env": {"A": "\u0000"}, "flags": ["-x", 1], "pgo": "/x"}}`, `{"hints.overrun": 1e400}`, `{"a.b.c": [[["\ud800"]]]}`,
	} {
		f.Add([]byte(raw))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		merged, problems := Default().Merge(raw)
		for _, p := range problems {
			if p.Value == "" || p.Allowed == "" || len(p.Error()) > 1000 {
				t.Errorf("a problem that says too little, or too much: %v", p)
			}
		}
		if len(problems) > 0 && jsontext.Value(raw).IsValid() {
			again, same := merged.Merge(raw)
			if !reflect.DeepEqual(again, merged) || !reflect.DeepEqual(same, problems) {
				t.Errorf("merged again: %v\n%v\n%v\n%v", again, merged, same, problems)
			}
		}
		members := map[string]any{}
		for _, s := range All() {
			members[s.Path] = s.value(&merged)
		}
		written, err := json.Marshal(members)
		if err != nil {
			t.Fatal(err)
		}
		read, problems := Default().Merge(written)
		if len(problems) > 0 || !reflect.DeepEqual(read, merged) {
			t.Errorf("%s: %v\n%s", written, problems, cmp.Diff(merged, read))
		}
	})
}
