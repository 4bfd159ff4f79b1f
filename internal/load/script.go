package load

import (
	"bytes"
	"go/build/constraint"
	"path/filepath"
	"slices"
	"strings"
)

// IsScript reports whether a Go file is a program of its own, which is run with "go
// run FILE" and belongs to no package: its build constraint needs the tag ignore,
// and its package clause says main. Name is that of the package clause.
func IsScript(text []byte, name string) bool {
	if name != "main" || !bytes.Contains(text, []byte("ignore")) {
		return false
	}
	expr, _, _ := findConstraint(text)
	return expr != nil && needsIgnore(expr)
}

// needsIgnore reports whether an expression is false without the tag ignore,
// whatever else is set.
func needsIgnore(expr constraint.Expr) bool {
	switch e := expr.(type) {
	case *constraint.TagExpr:
		return e.Tag == "ignore"
	case *constraint.AndExpr:
		return needsIgnore(e.X) || needsIgnore(e.Y)
	case *constraint.OrExpr:
		return needsIgnore(e.X) && needsIgnore(e.Y)
	}
	return false
}

// maxTags is how many tags are tried together at most.
const maxTags = 8

// TagsFor returns what the flag -tags has to name so that no build constraint
// excludes a Go file: the tags that are set, and the fewest others. It is nil where no
// tag would help: the file's name excludes it, or what the target sets.
func (r *Result) TagsFor(file string) []string { return r.excluder.tagsFor(file) }

func (x *excluder) tagsFor(file string) []string {
	text, err := x.read(file)
	if err != nil || x.byName(filepath.Base(file)) != "" {
		return nil
	}
	expr, _, _ := findConstraint(text)
	if expr == nil || expr.Eval(x.set) {
		return nil
	}
	candidates := x.settable(expr, nil)
	if len(candidates) > maxTags {
		return nil
	}
	var best []string
	for bits := 1; bits < 1<<len(candidates); bits++ {
		var tags []string
		for i, tag := range candidates {
			if bits&(1<<i) != 0 {
				tags = append(tags, tag)
			}
		}
		if best != nil && len(tags) >= len(best) {
			continue
		}
		if expr.Eval(func(tag string) bool { return x.set(tag) || slices.Contains(tags, tag) }) {
			best = tags
		}
	}
	if best == nil {
		return nil
	}
	given := slices.DeleteFunc(slices.Clone(x.tags), isFlagTag)
	return append(given, best...)
}

// isFlagTag reports whether a tag is set by a flag of its own.
func isFlagTag(tag string) bool { return tag == "race" || tag == "msan" || tag == "asan" }

// settable appends the tags of an expression that are not set, and that nothing but
// the flag -tags sets.
func (x *excluder) settable(expr constraint.Expr, tags []string) []string {
	switch e := expr.(type) {
	case *constraint.NotExpr:
		return x.settable(e.X, tags)
	case *constraint.AndExpr:
		return x.settable(e.Y, x.settable(e.X, tags))
	case *constraint.OrExpr:
		return x.settable(e.Y, x.settable(e.X, tags))
	case *constraint.TagExpr:
		release := isReleaseTag(e.Tag)
		switch e.Tag {
		case "ignore", "unix", "cgo", "gc", "gccgo", "race", "msan", "asan":
			return tags
		}
		if !release && !knownOS[e.Tag] && !knownArch[e.Tag] && !strings.HasPrefix(e.Tag, "goexperiment.") &&
			!x.set(e.Tag) && !slices.Contains(tags, e.Tag) {
			return append(tags, e.Tag)
		}
	}
	return tags
}
