package load

import (
	"fmt"
	"strings"
)

// A BuildFlag is a flag of go build, and what becomes of it.
type BuildFlag struct {
	Name string
	Bool bool
	Use  FlagUse
	Doc  string // what it does here, a sentence
}

// A FlagUse says what becomes of a flag of go build.
type FlagUse string

// The uses.
const (
	Passed    FlagUse = "passed on"    // the go command gets it
	Read      FlagUse = "used"         // it decides what is loaded or how it is compiled
	LeftOut   FlagUse = "left out"     // it changes no verdict, or nothing that is shown here
	Refused   FlagUse = "an error"     // with it, there would be no true verdicts
	Elsewhere FlagUse = "command line" // the command line has it, settings say it otherwise
)

// BuildFlags lists every flag of go build.
func BuildFlags() []BuildFlag { return buildFlags }

var buildFlags = []BuildFlag{
	{"C", false, Elsewhere, "The command line changes to the directory first. In `GOFLAGS` and settings it is an error, as it is for the go command."},
	{"a", true, LeftOut, "It does not change the verdicts."},
	{"asan", true, Read, "The packages and their imports are compiled with it."},
	{"asmflags", false, Passed, "The assembler does not inline."},
	{"buildmode", false, Passed, "The modes differ only after inlining."},
	{"buildvcs", false, Passed, "It affects only the linked program."},
	{"compiler", false, Refused, "Only `gc`, the default, is supported."},
	{"cover", true, LeftOut, "It adds counters to the source, which raises costs. The verdicts are those of a build without it, and a note says so."},
	{"covermode", false, LeftOut, "As `-cover`."},
	{"coverpkg", false, LeftOut, "As `-cover`."},
	{"gccgoflags", false, Passed, "The flags are for another compiler."},
	{"gcflags", false, Read, "The compiler gets them for the packages of their pattern; see below."},
	{"installsuffix", false, Passed, ""},
	{"json", true, Refused, "`-format json` prints JSON."},
	{"ldflags", false, LeftOut, "Nothing is linked."},
	{"linkshared", true, Passed, ""},
	{"mod", false, Read, "With `-mod=mod`, the go command works on a copy of `go.mod`."},
	{"modcacherw", true, Passed, ""},
	{"modfile", false, Passed, ""},
	{"msan", true, Read, "As `-asan`."},
	{"n", true, LeftOut, "Without running the compiler there are no verdicts."},
	{"o", false, LeftOut, "No binary is written."},
	{"overlay", false, Read, ""},
	{"p", false, Passed, ""},
	{"pgo", false, Read, ""},
	{"pkgdir", false, Passed, ""},
	{"race", true, Read, "As `-asan`."},
	{"tags", false, Read, ""},
	{"toolexec", false, Passed, "It runs for the imported packages, not for the compiles that give the verdicts."},
	{"trimpath", true, LeftOut, "It does not change the verdicts. File names are those of this machine."},
	{"v", true, LeftOut, "Packages are not listed while they compile."},
	{"work", true, LeftOut, "Temporary directories are removed."},
	{"x", true, LeftOut, "Commands are not printed while they run."},
}

func buildFlag(name string) (BuildFlag, bool) {
	for _, f := range buildFlags {
		if f.Name == name {
			return f, true
		}
	}
	return BuildFlag{}, false
}

// check says what is wrong with the flags; nil for nothing. It leaves to the go
// command what that refuses itself.
func (fs *flagSet) check() error {
	if c := fs.vals["compiler"]; c != "" && c != "gc" {
		return fmt.Errorf("-compiler=%s: only the compiler gc reports what it inlined", c)
	}
	for _, name := range []string{"C", "json"} {
		if fs.given[name] {
			return fmt.Errorf("-%s cannot be one of the build flags here", name)
		}
	}
	for _, v := range fs.gcflags {
		if _, err := parseGcflags(v); err != nil {
			return fmt.Errorf("-gcflags=%s: %w", v, err)
		}
	}
	return nil
}

// notes are what the user should know of flags that are left out.
func (fs *flagSet) notes() []string {
	for _, name := range []string{"cover", "covermode", "coverpkg"} {
		if _, ok := fs.vals[name]; ok && (name != "cover" || fs.on("cover")) {
			return []string{"the verdicts are those of a build without -" + name + ", which puts counters into the source before it is compiled"}
		}
	}
	return nil
}

// neutral returns flags that take back what GOFLAGS would do to the go commands
// of a load.
func (fs *flagSet) neutral() []string {
	var flags []string
	for _, f := range buildFlags {
		if f.Use != LeftOut || !f.Bool {
			continue
		}
		if _, ok := fs.vals[f.Name]; ok || f.Name == "cover" && (fs.vals["covermode"] != "" || fs.vals["coverpkg"] != "") {
			if f.Name != "v" {
				flags = append(flags, "-"+f.Name+"=false")
			}
		}
	}
	return flags
}

// isSpace reports whether cmd/go splits flags at c.
func isSpace(c byte) bool { return strings.IndexByte(" \t\r\n", c) >= 0 }
