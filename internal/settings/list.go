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
		Doc: "Which calls get a hint. The command `inlinelens.preset` goes through the presets; the last choice is remembered for the workspace, and counts where this is not set. " +
			"`hints.statuses`, `hints.reasons` and `hints.overrun` change a part of it.",
		Words: presetWords(),
		Open:  "what the command chose last in this workspace, and `all` at first",
		field: func(s *Settings) any { return &s.Hints.Preset },
	},
	{
		Path:  "hints.statuses",
		Doc:   "Statuses of the calls that get a hint. The hover shows the verdict of every call, whatever is set here.",
		Words: statusWords(),
		Open:  "those of the preset",
		field: func(s *Settings) any { return &s.Hints.Statuses },
	},
	{
		Path:  "hints.reasons",
		Doc:   "Reasons of the `not-inlined` calls that get a hint. What the words mean, and what to do about them, is in [verdicts.md](verdicts.md#reasons).",
		Words: reasonWords(),
		Open:  "those of the preset",
		field: func(s *Settings) any { return &s.Hints.Reasons },
	},
	{
		Path: "hints.overrun",
		Doc: "How far over its budget a callee may be for a hint at its calls, where the reason is `too-expensive`; 0 for any. " +
			"One call that stays a call costs 58 or more, so 58 shows what would be inlined with one call less.",
		Max:   1000000,
		Open:  "that of the preset: 20 for `near-misses`, any for others",
		field: func(s *Settings) any { return &s.Hints.Overrun },
	},
	{
		Path: "hints.style",
		Doc:  "How much a hint says.",
		Words: []Word{
			{StyleShort, "`✓` where the call was inlined, `✗ 95/80` where it stays a call"},
			{StyleFull, "`not-inlined: cost 95 exceeds budget 80`"},
		},
		field: func(s *Settings) any { return &s.Hints.Style },
	},
	{
		Path: "hints.place",
		Doc:  "Where a hint stands.",
		Words: []Word{
			{PlaceCallee, "right after the callee's name"},
			{PlaceEnd, "at the end of the line, all calls of the line together"},
		},
		Open:  "`callee` for the style `short`, `end` for `full`",
		field: func(s *Settings) any { return &s.Hints.Place },
	},
	{
		Path:  "lenses.enabled",
		Doc:   "Show a code lens above each function: whether it can be inlined, at what cost, and at how many calls it was.",
		field: func(s *Settings) any { return &s.Lenses.Enabled },
	},
	{
		Path:  "diagnostics.enabled",
		Doc:   "Report directives that do nothing, such as `//go:inline`, and, in editors that show it nowhere else, why a file has no verdicts.",
		field: func(s *Settings) any { return &s.Diagnostics.Enabled },
	},
	{
		Path: "trigger",
		Doc:  "When to compile.",
		Words: []Word{
			{TriggerSave, "when a file is saved"},
			{TriggerType, "also while you type, after the pause that `delay` sets; nothing is written into your folders"},
		},
		field: func(s *Settings) any { return &s.Trigger },
	},
	{
		Path:  "delay",
		Doc:   "Pause from the last edit to the compile, with `trigger` set to `type`.",
		Max:   60000,
		field: func(s *Settings) any { return &s.Delay },
	},
	{
		Path:  "tests",
		Doc:   "Show verdicts in `_test.go` files. A package with an open test file is then compiled together with its tests.",
		field: func(s *Settings) any { return &s.Tests },
	},
	{
		Path:  "build.flags",
		Doc:   "Flags as `go build` takes them, one text each, such as `-tags=integration`, `-race` or `-gcflags=-l`. `GOFLAGS` counts too. [flags.md](flags.md) says what each of them does here.",
		form:  `flags with their values, such as "-tags=integration"`,
		valid: isFlag,
		field: func(s *Settings) any { return &s.Build.Flags },
	},
	{
		Path:  "build.env",
		Doc:   "Environment variables for the go command, such as `GOFLAGS`, `GOEXPERIMENT` or `GOAMD64`, on top of those that the server was started with.",
		form:  "names of environment variables",
		valid: isVariable,
		field: func(s *Settings) any { return &s.Build.Env },
	},
	{
		Path:  "build.goos",
		Doc:   "Operating system to compile for; empty for what the environment says.",
		form:  `a name such as "linux"`,
		valid: isPlatform,
		field: func(s *Settings) any { return &s.Build.GOOS },
	},
	{
		Path:  "build.goarch",
		Doc:   "Architecture to compile for; empty for what the environment says.",
		form:  `a name such as "amd64"`,
		valid: isPlatform,
		field: func(s *Settings) any { return &s.Build.GOARCH },
	},
	{
		Path: "build.pgo",
		Doc: "Profile for profile-guided optimization, as the flag `-pgo` takes it: `auto` for the `default.pgo` of a command, `off`, or an absolute file name; empty for what the flags say, which is `auto` if they say nothing. " +
			"A profile gives hot functions a larger budget.",
		form:  `"", "off", "auto" or an absolute file name`,
		valid: isProfile,
		field: func(s *Settings) any { return &s.Build.PGO },
	},
	{
		Path:  "concurrency",
		Doc:   "How many packages to compile at once; 0 for as many as there are processors.",
		Max:   1024,
		field: func(s *Settings) any { return &s.Concurrency },
	},
	{
		Path:  "timeout",
		Doc:   "How long it may take to find out what a package is made of, and to compile it; what takes longer is ended, and has failed. 0 stands for five minutes.",
		Max:   3600000,
		field: func(s *Settings) any { return &s.Timeout },
	},
	{
		Path:  "logLevel",
		Doc:   "What the server writes to its log, which the editor shows.",
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
