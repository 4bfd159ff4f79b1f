package settings

import (
	"slices"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/words"
)

// All returns every setting, groups together, in the order of the documentation.
func All() []Setting { return slices.Clone(all) }

var all = []Setting{
	{
		Path:  "hints.enabled",
		Doc:   "Show inlay hints at calls. The command `inlinelens.toggleHints` shows or hides them without changing the setting.",
		field: func(s *Settings) any { return &s.Hints.Enabled },
	},
	{
		Path: "hints.preset",
		Doc: "Which calls have a hint. The command `inlinelens.preset` switches to the next preset, and the workspace remembers the choice. " +
			"`hints.statuses`, `hints.reasons` and `hints.overrun` override parts of the preset.",
		Words: presetWords(),
		Open:  "the preset last chosen in the workspace, or `all`",
		field: func(s *Settings) any { return &s.Hints.Preset },
	},
	{
		Path:  "hints.statuses",
		Doc:   "Statuses of the calls that have a hint. Hovers show the verdict of every call, whatever is set here.",
		Words: statusWords(),
		Open:  "those of the preset",
		field: func(s *Settings) any { return &s.Hints.Statuses },
	},
	{
		Path:  "hints.reasons",
		Doc:   "Reasons of the `not-inlined` calls that have a hint. [verdicts.md](verdicts.md#reasons) explains each reason, and what to do about it.",
		Words: reasonWords(),
		Open:  "those of the preset",
		field: func(s *Settings) any { return &s.Hints.Reasons },
	},
	{
		Path: "hints.overrun",
		Doc: "How far over budget a callee may be for its `too-expensive` calls to have a hint; 0 for no limit. " +
			"A call that is not inlined costs 58 or more, so 58 shows the functions that one call less makes inlinable.",
		Max:   1000000,
		Open:  "the limit of the preset: 20 for `near-misses`, none for the others",
		field: func(s *Settings) any { return &s.Hints.Overrun },
	},
	{
		Path: "hints.style",
		Doc:  "How much a hint says.",
		Words: []Word{
			{StyleShort, "`✓` for an inlined call, `✗ 95/80` for one that was not inlined"},
			{StyleFull, "`not-inlined: cost 95 exceeds budget 80`"},
		},
		field: func(s *Settings) any { return &s.Hints.Style },
	},
	{
		Path: "hints.place",
		Doc:  "Where a hint appears.",
		Words: []Word{
			{PlaceCallee, "right after the callee's name"},
			{PlaceEnd, "at the end of the line, for all calls of the line together"},
		},
		Open:  "`callee` for the style `short`, `end` for `full`",
		field: func(s *Settings) any { return &s.Hints.Place },
	},
	{
		Path:  "lenses.enabled",
		Doc:   "Show a code lens above each function: whether it can be inlined, its cost, and how many calls of it were inlined.",
		field: func(s *Settings) any { return &s.Lenses.Enabled },
	},
	{
		Path:  "diagnostics.enabled",
		Doc:   "Report assertions that fail, and directives that do nothing, such as `//go:inline`. Also report why a file has no verdicts, in editors that do not show it elsewhere.",
		field: func(s *Settings) any { return &s.Diagnostics.Enabled },
	},
	{
		Path:  "diagnostics.baseline",
		Doc:   "Report, as hints, calls that are not inlined any more and functions that are not inlinable any more, compared with the module's baseline. \"inlinelens baseline write\" makes a baseline. The setting `diagnostics.enabled` must be on.",
		field: func(s *Settings) any { return &s.Diagnostics.Baseline },
	},
	{
		Path: "trigger",
		Doc:  "When to compile.",
		Words: []Word{
			{TriggerSave, "when a file is saved"},
			{TriggerType, "also while you type, after the pause that `delay` sets; nothing is written to your folders"},
		},
		field: func(s *Settings) any { return &s.Trigger },
	},
	{
		Path:  "delay",
		Doc:   "Time from the last edit to the compile, if `trigger` is `type`.",
		Max:   60000,
		field: func(s *Settings) any { return &s.Delay },
	},
	{
		Path:  "tests",
		Doc:   "Show verdicts in `_test.go` files. A package with an open test file is then compiled with its tests.",
		field: func(s *Settings) any { return &s.Tests },
	},
	{
		Path:  "build.flags",
		Doc:   "Build flags, as for `go build`, one string each: `-tags=integration`, `-race` or `-gcflags=-l`. `GOFLAGS` applies too. [flags.md](flags.md) lists what each flag does here.",
		form:  `flags with their values, such as "-tags=integration"`,
		valid: isFlag,
		field: func(s *Settings) any { return &s.Build.Flags },
	},
	{
		Path:  "build.env",
		Doc:   "Environment variables for the go command, such as `GOFLAGS`, `GOEXPERIMENT` or `GOAMD64`. They are added to the server's own environment.",
		form:  "names of environment variables",
		valid: isVariable,
		field: func(s *Settings) any { return &s.Build.Env },
	},
	{
		Path:  "build.goos",
		Doc:   "Operating system to compile for. If empty, `GOOS` of the environment.",
		form:  `a name such as "linux"`,
		valid: isPlatform,
		field: func(s *Settings) any { return &s.Build.GOOS },
	},
	{
		Path:  "build.goarch",
		Doc:   "Architecture to compile for. If empty, `GOARCH` of the environment.",
		form:  `a name such as "amd64"`,
		valid: isPlatform,
		field: func(s *Settings) any { return &s.Build.GOARCH },
	},
	{
		Path: "build.pgo",
		Doc: "Profile for profile-guided optimization, as for the flag `-pgo`: `auto` for the `default.pgo` of a command, `off`, or an absolute file name. " +
			"If empty, the build flags decide; without `-pgo` there, it is `auto`. A profile gives hot functions a larger budget.",
		form:  `"", "off", "auto" or an absolute file name`,
		valid: isProfile,
		field: func(s *Settings) any { return &s.Build.PGO },
	},
	{
		Path:  "concurrency",
		Doc:   "How many packages to compile at the same time; 0 for the number of processors.",
		Max:   1024,
		field: func(s *Settings) any { return &s.Concurrency },
	},
	{
		Path:  "timeout",
		Doc:   "How long loading and compiling a package may take. After this time the compile is stopped and has failed. 0 means five minutes.",
		Max:   3600000,
		field: func(s *Settings) any { return &s.Timeout },
	},
	{
		Path:  "logLevel",
		Doc:   "Which messages the server writes to its log. The editor shows the log.",
		Words: []Word{{"debug", ""}, {"info", ""}, {"warn", ""}, {"error", ""}},
		field: func(s *Settings) any { return &s.LogLevel },
	},
}

// presetWords returns the words of hints.preset.
func presetWords() []Word {
	var list []Word
	for _, p := range Presets() {
		list = append(list, Word{p.Name, p.Doc})
	}
	return list
}

// statusWords returns the words of hints.statuses.
func statusWords() []Word {
	var list []Word
	for _, s := range inline.Statuses() {
		list = append(list, Word{s.String(), words.Meaning(s)})
	}
	return list
}

// reasonWords returns the words of hints.reasons: the reasons of statuses other
// than not-inlined are not among them.
func reasonWords() []Word {
	var list []Word
	for _, r := range inline.ReasonCodes() {
		switch r.Code {
		case inline.CodeInterfaceMethod, inline.CodeFuncValue, inline.CodeTypeParameter, inline.CodeDeadCode:
		default:
			list = append(list, Word{string(r.Code), r.Doc})
		}
	}
	return list
}
