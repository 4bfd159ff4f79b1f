package load

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A gcflags is one -gcflags: compiler flags for the packages that a pattern names.
type gcflags struct {
	pattern string // "" for the packages that are named to the go command
	flags   []string
}

// parseGcflags reads the value of -gcflags as the go command does.
func parseGcflags(value string) (gcflags, error) {
	var g gcflags
	value = strings.TrimSpace(value)
	if value == "" {
		return g, nil // takes back what came before
	}
	if !strings.HasPrefix(value, "-") {
		pattern, flags, ok := strings.Cut(value, "=")
		switch {
		case !ok:
			return g, errors.New("want flags, or a pattern, = and flags")
		case pattern == "":
			return g, errors.New("the pattern before = is missing")
		case value[0] == '\'' || value[0] == '"':
			return g, errors.New("a quotation mark cannot come first")
		}
		g.pattern, value = strings.TrimSpace(pattern), flags
	}
	if g.pattern == "tool" {
		return g, errors.New(`the pattern tool is not understood; name the packages`)
	}
	fields, err := splitQuoted(value)
	if err != nil {
		return g, err
	}
	g.flags, err = compilerFlags(fields)
	return g, err
}

// splitQuoted splits flags at blanks; a field may stand in quotes.
func splitQuoted(s string) ([]string, error) {
	var fields []string
	for {
		for s != "" && isSpace(s[0]) {
			s = s[1:]
		}
		if s == "" {
			return fields, nil
		}
		if q := s[0]; q == '\'' || q == '"' {
			end := strings.IndexByte(s[1:], q)
			if end < 0 {
				return nil, fmt.Errorf("a %c is not closed", q)
			}
			fields = append(fields, s[1:1+end])
			s = s[end+2:]
			continue
		}
		end := strings.IndexAny(s, " \t\r\n")
		if end < 0 {
			end = len(s)
		}
		fields = append(fields, s[:end])
		s = s[end:]
	}
}

// Flags of the compiler that are not handed on: they change only what it prints
// or writes, which here would be in the way, or what comes behind the inliner's
// remarks.
var (
	droppedFlags = words("m W w S E K L h j r t v V live json trimpath D nolocalimports asmhdr linkobj bench blockprofile cpuprofile memprofile memprofilerate mutexprofile traceprofile buildid goversion c dwarf dwarfbasentries dwarflocationlists gendwarfinl pack eflags errorurl")
	// refusedFlags name files that a compile depends on, or are the go command's.
	refusedFlags = words("o p I importcfg importmap embedcfg symabis coveragecfg pgoprofile env")
	// valueFlags are those that are followed by their value if there is no "=".
	valueFlags = words("D trimpath asmhdr linkobj bench blockprofile cpuprofile memprofile memprofilerate mutexprofile traceprofile buildid goversion json c o p I importcfg importmap embedcfg symabis coveragecfg pgoprofile env d lang spectre installsuffix")
)

func words(list string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(list) {
		m[w] = true
	}
	return m
}

// compilerFlags returns what of the flags is handed on to the compiler.
func compilerFlags(fields []string) ([]string, error) {
	var flags []string
	for i := 0; i < len(fields); i++ {
		if !strings.HasPrefix(fields[i], "-") {
			return nil, fmt.Errorf("%q is not a flag of the compiler", fields[i])
		}
		name, _, hasValue := cutFlag(fields[i])
		arg := fields[i : i+1]
		if !hasValue && valueFlags[name] && i+1 < len(fields) {
			arg = fields[i : i+2]
			i++
		}
		switch {
		case name == "pgoprofile":
			return nil, errors.New("-pgoprofile: name the profile with -pgo, so that all packages are compiled with it")
		case refusedFlags[name]:
			return nil, fmt.Errorf("-%s is for the go command to set", name)
		case name == "d":
			if d := debugKeys(arg); d != "" {
				flags = append(flags, "-d="+d)
			}
		case !droppedFlags[name]:
			flags = append(flags, arg...)
		}
	}
	return flags, nil
}

// debugKeys returns the keys of a -d flag without those that make the compiler
// print or write what is not wanted here.
func debugKeys(arg []string) string {
	keys := arg[len(arg)-1]
	if len(arg) == 1 {
		_, keys, _ = cutFlag(arg[0])
	}
	list := strings.Split(keys, ",")
	return strings.Join(slices.DeleteFunc(list, func(key string) bool {
		name, _, _ := strings.Cut(key, "=")
		switch name {
		case "help", "pgodebug", "export", "dumpinlfuncprops", "dumpinlcallsitescores", "dumpptrs", "fmahash", "gossahash", "slice", "nil", "wb", "closure", "append", "defer", "gcprog", "stackcopy", "inlscoreadj":
			return true
		}
		return strings.HasPrefix(name, "ssa/") && (name == "ssa/help" || strings.Contains(name, "/debug") || strings.Contains(name, "/dump") || strings.Contains(name, "/stats"))
	}), ",")
}

// InliningOff reports whether the unit is compiled with -l, so that nothing is
// inlined in it.
func (u *Unit) InliningOff() bool { return inlineLevel(u.Flags) == 1 }

// HeavyInlining reports whether the unit is compiled with -l=4, with which a call
// that stays costs next to nothing.
func (u *Unit) HeavyInlining() bool { return inlineLevel(u.Flags) == 4 }

// inlineLevel is the number that -l comes to: each counts one, or sets it.
func inlineLevel(flags []string) (level int) {
	for _, f := range flags {
		name, value, hasValue := cutFlag(f)
		if name != "l" {
			continue
		}
		switch n, err := strconv.Atoi(value); {
		case !hasValue || value == "true":
			level++
		case err == nil:
			level = n
		default:
			level = 0
		}
	}
	return level
}

// Instrumented reports whether the unit is compiled with -race, -msan or -asan.
func (u *Unit) Instrumented() bool {
	return slices.ContainsFunc(u.Flags, func(f string) bool {
		name, value, _ := cutFlag(f)
		return instrumenting[name] && isTrue(value)
	})
}

var instrumenting = words("race msan asan")

// withFlags gives each unit the flags with which go build compiles it when
// it is asked for the roots.
func (l *loader) withFlags(g graph) graph {
	var instrument []string
	for _, name := range []string{"race", "msan", "asan"} {
		if l.flags.on(name) {
			instrument = append(instrument, "-"+name)
		}
	}
	var list []gcflags
	var match []func(*Unit) bool
	named := namedPaths(g)
	for _, v := range l.flags.gcflags {
		g, _ := parseGcflags(v) // checked before
		list = append(list, g)
		if g.pattern == "" {
			match = append(match, func(u *Unit) bool { return named[u.basePath()] })
		} else {
			match = append(match, l.packageMatcher(g.pattern))
		}
	}
	for _, u := range g.units {
		var flags []string
		for i, g := range list {
			if match[i](u) {
				flags = g.flags // the last one counts
			}
		}
		u.Flags = slices.Concat(instrument, flags)
	}
	return g
}

// namedPaths are the packages that the patterns name, of which some may be here
// for their tests only.
func namedPaths(g graph) map[string]bool {
	named := make(map[string]bool)
	for _, u := range g.roots {
		named[u.basePath()] = true
	}
	return named
}

// basePath is the import path of the package, or of the one that it tests.
func (u *Unit) basePath() string {
	if u.Variant == "xtest" {
		return u.ForTest
	}
	return u.Path
}

// exportGcflags returns the -gcflags with which the go command compiles what
// roots import as it does for a build of the roots. It takes its own patterns for
// the packages that are named: those without a pattern are told which packages
// they are for.
func (l *loader) exportGcflags(g graph) []string {
	if len(l.flags.gcflags) == 0 {
		return nil
	}
	imported := make(map[string]bool)
	for _, u := range g.units {
		for _, dep := range u.Imports {
			if dep.Root {
				imported[dep.basePath()] = true
			}
		}
	}
	args := []string{"-gcflags=all="} // takes back those of GOFLAGS
	for _, v := range l.flags.gcflags {
		if g, _ := parseGcflags(v); g.pattern != "" {
			args = append(args, "-gcflags="+v)
			continue
		}
		for _, u := range g.roots {
			if path := u.basePath(); imported[path] && u.Variant != "xtest" {
				args = append(args, "-gcflags="+path+"="+v)
			}
		}
	}
	return args
}

// packageMatcher returns a function that tells the packages that a pattern of
// -gcflags takes in.
func (l *loader) packageMatcher(pattern string) func(*Unit) bool {
	local := pattern == "." || pattern == ".." || strings.HasPrefix(pattern, "./") || strings.HasPrefix(pattern, "../")
	switch {
	case pattern == "all":
		return func(*Unit) bool { return true }
	case pattern == "std":
		return func(u *Unit) bool { return u.Std }
	case pattern == "cmd":
		return func(u *Unit) bool { return u.Std && strings.HasPrefix(u.Path, "cmd/") }
	case pattern == "work":
		return func(u *Unit) bool { return u.main }
	case !local:
		re := pathPattern(pattern)
		return func(u *Unit) bool { return re.MatchString(hideVendor(u.basePath())) }
	}
	dir, rest := pattern, ""
	if i := strings.Index(pattern, "..."); i >= 0 {
		j := strings.LastIndexByte(pattern[:i], '/')
		dir, rest = pattern[:j], pattern[j+1:]
	}
	dir = l.abs(filepath.FromSlash(dir))
	if rest == "" {
		return func(u *Unit) bool { return u.Dir == dir }
	}
	re := pathPattern(rest)
	return func(u *Unit) bool {
		rel, err := filepath.Rel(dir, u.Dir)
		rel = filepath.ToSlash(rel)
		return err == nil && rel != ".." && !strings.HasPrefix(rel, "../") && re.MatchString(hideVendor(rel))
	}
}

// noVendor stands for a path element "vendor", which a wildcard does not take in.
const noVendor = "\x00"

// pathPattern makes a regular expression of a pattern of import paths, in which
// "..." stands for any text; "/..." at the end also for none.
func pathPattern(pattern string) *regexp.Regexp {
	expr := regexp.QuoteMeta(hideVendor(pattern))
	if before, ok := strings.CutSuffix(expr, noVendor+`/\.\.\.`); ok && (before == "" || strings.HasSuffix(before, "/")) {
		expr = before + `(vendor|` + noVendor + `/\.\.\.)`
	} else if before, ok := strings.CutSuffix(expr, `/\.\.\.`); ok {
		expr = before + `(/\.\.\.)?`
	}
	expr = strings.ReplaceAll(expr, `\.\.\.`, `[^`+noVendor+`]*`)
	return regexp.MustCompile(`^(?:` + expr + `)$`)
}

// hideVendor replaces path elements "vendor", but for the last.
func hideVendor(path string) string {
	if !strings.Contains(path, "vendor") {
		return path
	}
	elems := strings.Split(path, "/")
	for i := range elems[:len(elems)-1] {
		if elems[i] == "vendor" {
			elems[i] = noVendor
		}
	}
	return strings.Join(elems, "/")
}
