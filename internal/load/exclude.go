package load

import (
	"bytes"
	"fmt"
	"go/build/constraint"
	"path/filepath"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/gorelease"
)

// An excluder knows what build constraints are held against.
type excluder struct {
	env  GoEnv
	tags []string
	read func(string) ([]byte, error)
}

// newExcluder returns an excluder that reads files as a load with cfg does, of
// which replaced is the Result's. It keeps no loader.
func newExcluder(cfg Config, env *GoEnv, replaced map[string]string) excluder {
	texts := &loader{cfg: Config{Overlay: cfg.Overlay}, replaced: replaced}
	return excluder{env: *env, tags: newFlagSet(cfg.BuildFlags, env.Flags).tags(), read: texts.read}
}

// Excluded says which build constraint keeps a Go file out of its package: the
// constraint, as an error at its line, or with no line when it is the file's
// name. It reports false for a file that no constraint excludes.
func (r *Result) Excluded(file string) (Error, bool) { return r.excluder.why(file) }

// Tag reports whether a build tag is set.
func (r *Result) Tag(tag string) bool { return r.excluder.set(tag) }

func (x *excluder) why(file string) (Error, bool) {
	e := Error{Kind: ListError, File: file}
	base := filepath.Base(file)
	if base[0] == '_' || base[0] == '.' {
		e.Message = fmt.Sprintf("excluded: the go command ignores files whose names begin with %q", base[0])
		return e, true
	}
	if why := x.byName(base); why != "" {
		e.Message = "excluded by its name: " + why
		return e, true
	}
	text, err := x.read(file)
	if err != nil {
		return Error{}, false
	}
	expr, line, col := findConstraint(text)
	if expr != nil && !expr.Eval(x.set) {
		e.Line, e.Col = line, col
		e.Message = fmt.Sprintf("excluded by //go:build %s: %s", expr, x.explain(expr, true))
		return e, true
	}
	if !x.env.Cgo && strings.HasSuffix(base, ".go") {
		sub := &loader{cfg: Config{Overlay: map[string][]byte{file: text}}}
		if sub.importsC(file) {
			e.Message = `excluded: it imports "C", and cgo is off (CGO_ENABLED=0)`
			return e, true
		}
	}
	return Error{}, false
}

// byName applies the rule for names that end in _GOOS, _GOARCH or _GOOS_GOARCH
// (before _test).
func (x *excluder) byName(base string) string {
	name, _, _ := strings.Cut(base, ".")
	name = strings.TrimSuffix(name, "_test")
	i := strings.IndexByte(name, '_')
	if i < 0 {
		return ""
	}
	words := strings.Split(name[i+1:], "_")
	last := words[len(words)-1]
	if knownArch[last] {
		if last != x.env.GOARCH {
			return fmt.Sprintf("_%s is for GOARCH=%s, and GOARCH is %s", last, last, x.env.GOARCH)
		}
		if len(words) == 1 {
			return ""
		}
		last = words[len(words)-2]
	}
	if knownOS[last] && !x.set(last) {
		return fmt.Sprintf("_%s is for GOOS=%s, and GOOS is %s", last, last, x.env.GOOS)
	}
	return ""
}

// set reports whether a build tag is set.
func (x *excluder) set(tag string) bool {
	os := x.env.GOOS
	switch {
	case tag == os, tag == x.env.GOARCH, tag == "gc":
		return true
	case tag == "cgo":
		return x.env.Cgo
	case tag == "unix":
		return unixOS[os]
	case tag == "linux" && os == "android", tag == "solaris" && os == "illumos", tag == "darwin" && os == "ios":
		return true
	case slices.Contains(x.tags, tag):
		return true
	}
	if set, ok := gorelease.SetsTag(x.env.Version, tag); ok {
		return set
	}
	if exp, ok := strings.CutPrefix(tag, "goexperiment."); ok {
		// What a toolchain does by itself is not known here: such a tag is never
		// named as the cause.
		return !slices.Contains(strings.Split(x.env.Experiment, ","), "no"+exp)
	}
	return false
}

// isReleaseTag reports whether a build tag has the form go1.22.
func isReleaseTag(tag string) bool {
	_, ok := gorelease.SetsTag("", tag)
	return ok
}

// explain says why the expression is not want.
func (x *excluder) explain(expr constraint.Expr, want bool) string {
	switch e := expr.(type) {
	case *constraint.NotExpr:
		return x.explain(e.X, !want)
	case *constraint.TagExpr:
		return x.explainTag(e.Tag, want)
	case *constraint.AndExpr:
		return x.explainTwo(e.X, e.Y, want, want)
	case *constraint.OrExpr:
		return x.explainTwo(e.X, e.Y, want, !want)
	}
	return "it is false"
}

// explainTwo explains an operator that needs both of its operands to be want
// (all), or one of them: in the first case the one that is not is enough.
func (x *excluder) explainTwo(a, b constraint.Expr, want, all bool) string {
	failsA, failsB := a.Eval(x.set) != want, b.Eval(x.set) != want
	switch {
	case failsA && (all || !failsB):
		return x.explain(a, want)
	case !failsA:
		return x.explain(b, want)
	}
	left, right := x.explain(a, want), x.explain(b, want)
	if left == right || strings.HasSuffix(left, ", "+right) {
		return left
	}
	return left + ", " + right
}

func (x *excluder) explainTag(tag string, want bool) string {
	ofGo := isReleaseTag(tag)
	switch {
	case knownOS[tag], tag == "unix":
		return "GOOS is " + x.env.GOOS
	case knownArch[tag]:
		return "GOARCH is " + x.env.GOARCH
	case ofGo:
		return "this is " + x.env.Version
	case tag == "cgo" && want:
		return "cgo is off (CGO_ENABLED=0)"
	case tag == "cgo":
		return "cgo is on (CGO_ENABLED=1)"
	case tag == "ignore" && want:
		return "the tag ignore marks files that do not belong to the package"
	case (tag == "race" || tag == "msan" || tag == "asan") && want:
		return fmt.Sprintf("the tag %s is not set (-%s sets it)", tag, tag)
	case want:
		return fmt.Sprintf("the tag %s is not set (-tags=%s sets it)", tag, tag)
	}
	return fmt.Sprintf("the tag %s is set", tag)
}

// findConstraint returns the //go:build line of a file, or the // +build lines
// together where there is none, with the 1-based position of the first.
func findConstraint(text []byte) (expr constraint.Expr, line, col int) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	n, comment := 0, false
	for raw := range bytes.Lines(text) {
		n++
		s := strings.TrimSpace(string(raw))
		if comment {
			if _, after, ok := strings.Cut(s, "*/"); ok {
				comment, s = false, strings.TrimSpace(after)
			} else {
				continue
			}
		}
		switch {
		case s == "":
			continue
		case constraint.IsGoBuild(s):
			e, err := constraint.Parse(s)
			if err != nil {
				return nil, 0, 0 // the go command tells of it
			}
			return e, n, 1 + bytes.Index(raw, []byte("//"))
		case constraint.IsPlusBuild(s):
			if e, err := constraint.Parse(s); err == nil {
				if expr == nil {
					expr, line, col = e, n, 1+bytes.Index(raw, []byte("//"))
				} else {
					expr = &constraint.AndExpr{X: expr, Y: e}
				}
			}
		case strings.HasPrefix(s, "//"):
		case strings.HasPrefix(s, "/*"):
			comment = !strings.Contains(s, "*/")
		default:
			return expr, line, col // the package clause
		}
	}
	return expr, line, col
}

// explainRoot adds to a root whose files are all excluded what excludes each of
// them, and returns notes on the files that were named in spite of a constraint: the
// go command builds those.
func (l *loader) explainRoot(u *Unit) (notes []string) {
	if len(u.GoFiles) == 0 {
		u.excluded = len(u.Ignored) > 0 && !slices.ContainsFunc(u.Errors, func(e Error) bool {
			return !strings.HasPrefix(e.Message, "build constraints exclude all Go files in ")
		})
		for _, file := range u.Ignored {
			if e, ok := l.excluder.why(file); ok && strings.HasSuffix(file, ".go") {
				u.Errors = append(u.Errors, e)
			}
		}
		return nil
	}
	if u.listID != "command-line-arguments" {
		return nil
	}
	for _, file := range u.GoFiles {
		if e, ok := l.excluder.why(file); ok {
			notes = append(notes, file+": compiled because it was named, but "+e.Message)
		}
	}
	return notes
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// The names that a file name can end in: "go help buildconstraint".
var (
	knownOS = set("aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos")
	unixOS  = set("aix android darwin dragonfly freebsd hurd illumos ios linux netbsd openbsd solaris")

	knownArch = set("386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le " +
		"ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm")
)
