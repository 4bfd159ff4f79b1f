package load

import (
	"cmp"
	"go/version"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
)

// graphOf makes the units of the packages that the patterns matched, and of
// what they import. What a pattern that named nothing left behind becomes a
// Failure, the generated main packages of tests are dropped.
func (l *loader) graphOf(pkgs []*packages.Package) graph {
	g := graph{units: make(map[string]*Unit), plain: make(map[unitKey]*Unit)}
	for _, p := range pkgs {
		switch {
		case isTestMain(p):
		case isNothing(p):
			g.failures = append(g.failures, l.noPackage(p))
		default:
			u := l.add(g, p, "", l.flagPGO())
			u.Root = true
			g.roots = append(g.roots, u)
		}
	}
	for _, u := range g.roots {
		g.notes = append(g.notes, l.explainRoot(u)...)
	}
	slices.SortFunc(g.roots, func(a, b *Unit) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Variant, b.Variant), strings.Compare(a.ID, b.ID))
	})
	return g
}

// flagPGO is the profile that -pgo=FILE gives to every unit.
func (l *loader) flagPGO() string {
	if pgo := l.flags.pgo(l.dir); !l.external && pgo != "off" && pgo != "auto" {
		return pgo
	}
	return ""
}

// isTestMain reports whether p is the main package that the go command
// generates for a test.
func isTestMain(p *packages.Package) bool {
	if p.Name != "main" || !strings.HasSuffix(p.ID, ".test") || p.ForTest != "" {
		return false
	}
	for path := range p.Imports {
		if path == "testing/internal/testdeps" {
			return true
		}
	}
	return false
}

// isNothing reports whether p is no package, but the go command's way to say
// that a pattern named none.
func isNothing(p *packages.Package) bool {
	if dir := p.Dir; dir != "" && len(p.Errors) > 0 && !strings.HasPrefix(p.Errors[0].Msg, "no Go files in ") {
		return false // a package of which not even the name can be read
	}
	return len(p.Errors) > 0 && p.Name == "" &&
		len(p.GoFiles)+len(p.CompiledGoFiles)+len(p.OtherFiles)+len(p.IgnoredFiles) == 0
}

// noPackage says of a pattern why it named nothing.
func (l *loader) noPackage(p *packages.Package) *Failure {
	for _, pattern := range l.patterns {
		_, err := os.Stat(l.abs(pattern))
		if strings.HasSuffix(pattern, ".go") && err != nil && (pattern == p.ID || strings.Contains(p.Errors[0].Msg, pattern)) {
			return &Failure{
				Kind: ErrNoMatch, Tried: "load " + pattern, Why: "there is no file " + pattern + " in " + l.dir,
				Do: "check the spelling",
			}
		}
	}
	tried := l.tried
	if slices.Contains(l.patterns, p.ID) {
		tried = "load " + p.ID
	}
	return l.failure(tried, p.Errors[0].Msg)
}

// failure makes a Failure out of the go command's words.
func (l *loader) failure(tried, words string) *Failure {
	f := newFailure(tried, words)
	if f.Kind != ErrNoModule && f.Kind != ErrNoMatch {
		return f
	}
	patterns := l.patterns
	if pattern, ok := strings.CutPrefix(tried, "load "); ok && slices.Contains(patterns, pattern) {
		patterns = []string{pattern}
	} else if len(patterns) == 0 {
		patterns = []string{"."}
	}
	for _, p := range patterns {
		if do := l.moduleAdvice(p); do != "" {
			f.Do = do
			break
		}
	}
	return f
}

// add returns the unit of a package as it is compiled within a group, after
// making it and the units of its imports if need be.
func (l *loader) add(g graph, p *packages.Package, group, pgo string) *Unit {
	key := unitKey{p.ID, group}
	if u := g.plain[key]; u != nil {
		return u
	}
	u := &Unit{
		ID: p.ID, Path: p.PkgPath, LinkPath: p.PkgPath, Name: p.Name, ForTest: p.ForTest, Dir: p.Dir,
		Files: p.CompiledGoFiles, GoFiles: p.GoFiles, OtherFiles: p.OtherFiles, Ignored: p.IgnoredFiles,
		EmbedFiles: p.EmbedFiles, Export: p.ExportFile, PGO: pgo,
		Imports: make(map[string]*Unit, len(p.Imports)),
		listID:  p.ID,
	}
	if group != "" {
		u.ID += " [" + group + "]"
	}
	g.plain[key] = u
	g.units[u.ID] = u

	u.Variant = l.variant(p)
	if u.Name == "main" && u.Variant == "" {
		u.LinkPath = "main"
	}
	if u.Dir == "" && len(u.GoFiles) > 0 { // a driver need not say
		u.Dir = filepath.Dir(u.GoFiles[0])
	}
	if len(u.Files) == 0 {
		u.Files = u.GoFiles
	}
	u.Std = l.isStd(u, p)
	if m := p.Module; m != nil && !u.Std {
		u.Module, u.main = m.Path, m.Main
		u.Lang = langOf(m.GoVersion)
	}
	if u.Std && (u.Path == "unsafe" || u.Path == "builtin") {
		u.Files = nil // the go command compiles neither
	}
	u.Cgo = generated(u)
	for _, pattern := range p.EmbedPatterns {
		// go/packages joins the directory and the pattern.
		if rel, err := filepath.Rel(u.Dir, pattern); err == nil {
			pattern = filepath.ToSlash(rel)
		}
		u.EmbedPatterns = append(u.EmbedPatterns, pattern)
	}
	if u.Variant != "" && len(u.EmbedFiles) > 0 {
		u.EmbedPatterns = append(u.EmbedPatterns, l.testEmbedPatterns(u)...)
	}
	for _, e := range p.Errors {
		l.addError(u, ListError, e)
	}
	for _, path := range slices.Sorted(maps.Keys(p.Imports)) {
		u.Imports[path] = l.add(g, p.Imports[path], group, pgo)
	}
	return u
}

// generated reports whether the compiler is given other files than those that
// the user wrote.
func generated(u *Unit) bool {
	if len(u.Files) == 0 {
		return false
	}
	own := make(map[string]bool, len(u.GoFiles))
	for _, f := range u.GoFiles {
		own[f] = true
	}
	for _, f := range u.Files {
		if !own[f] {
			return true
		}
	}
	return false
}

// langOf is the language version of a module whose go.mod says v. The go
// command reads a go.mod without a version as that of Go 1.16.
func langOf(v string) string {
	if v == "" {
		return "go1.16"
	}
	return version.Lang("go" + v)
}

// isStd reports whether u is a package of GOROOT. A driver may keep its GOROOT
// elsewhere: there the directory's name tells.
func (l *loader) isStd(u *Unit, p *packages.Package) bool {
	if l.external && p.Module == nil && strings.HasSuffix(filepath.ToSlash(u.Dir), "/src/"+u.Path) {
		return true
	}
	src := filepath.Join(l.env.GOROOT, "src")
	return l.env.GOROOT != "" && strings.HasPrefix(u.Dir, src+string(filepath.Separator))
}

// variant tells a package from its test variant and its external test. A driver
// does not say what a unit is for: there its files do.
func (l *loader) variant(p *packages.Package) string {
	tests := func() bool {
		return slices.ContainsFunc(p.GoFiles, func(f string) bool { return strings.HasSuffix(f, "_test.go") })
	}
	switch {
	case l.external && tests() && strings.HasSuffix(p.Name, "_test"), p.ForTest != "" && p.PkgPath == p.ForTest+"_test":
		return "xtest"
	case l.external && tests(), p.ForTest != "" && p.PkgPath == p.ForTest:
		return "test"
	}
	return ""
}

// addError adds what go/packages reports of a unit: one error, or the compiler's
// output, which has one error in a line.
func (l *loader) addError(u *Unit, kind ErrorKind, e packages.Error) {
	msg := strings.TrimSpace(e.Msg)
	if header, rest, ok := strings.Cut(msg, "\n"); ok && strings.HasPrefix(header, "# ") {
		kind = CompileError
		for line := range strings.SplitSeq(rest, "\n") {
			if err, ok := l.compilerLine(line); ok {
				addUnique(u, err)
			}
		}
		if len(u.Errors) > 0 {
			return
		}
		msg = rest
	}
	err := Error{Kind: kind, Message: tidyWords(msg)}
	if strings.HasPrefix(msg, "found packages ") {
		err.Message += "; a directory holds one package: move the files of the other one to a directory of its own"
	}
	err.File, err.Line, err.Col = l.position(e.Pos)
	if err.File == "" {
		// A position may stand in the message alone ("open x.go: permission denied"
		// has none, "x.go:1:1: expected 'package'" has).
		if at, ok := l.compilerLine(msg); ok && at.Line > 0 {
			at.Kind = kind
			err = at
		} else if m := unreadable.FindStringSubmatch(msg); m != nil {
			err.File = l.abs(m[1])
		}
	}
	addUnique(u, err)
}

// unreadable matches what the operating system, or the go command's reader of
// imports, says of a file.
var unreadable = regexp.MustCompile(`^(?:open|read|stat|lstat) (.+\.go): `)

// compilerLine reads "FILE:LINE:COL: TEXT".
func (l *loader) compilerLine(line string) (Error, bool) {
	line = strings.TrimRight(line, "\r")
	pos, text, ok := strings.Cut(line, ": ")
	if !ok || strings.HasPrefix(line, "\t") || strings.HasPrefix(line, " ") {
		return Error{}, false
	}
	err := Error{Kind: CompileError, Message: text}
	err.File, err.Line, err.Col = l.position(pos)
	return err, err.Line > 0
}

func addUnique(u *Unit, err Error) {
	for _, e := range u.Errors {
		if e.File == err.File && e.Line == err.Line && e.Message == err.Message {
			return
		}
	}
	u.Errors = append(u.Errors, err)
}

// position reads "FILE", "FILE:LINE" or "FILE:LINE:COL"; "" and "-" are no
// position. A relative name is relative to the directory of the load, and one that
// an overlay puts in the place of another stands for that.
func (l *loader) position(s string) (file string, line, col int) {
	if s == "" || s == "-" {
		return "", 0, 0
	}
	var nums []int
	for len(nums) < 2 {
		i := strings.LastIndexByte(s, ':')
		if i < 0 {
			break
		}
		n, err := strconv.Atoi(s[i+1:])
		if err != nil {
			break
		}
		nums, s = append([]int{n}, nums...), s[:i]
	}
	nums = append(nums, 0, 0)
	file = l.abs(s)
	for _, name := range slices.Sorted(maps.Keys(l.replaced)) {
		if l.replaced[name] == file {
			file = name // the compiler's errors, unlike its remarks, name what it was given
			break
		}
	}
	return file, nums[0], nums[1]
}
