package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/words"
)

// WriteBaseline says of which build a baseline is, and how much it has of each package.
func WriteBaseline(w io.Writer, file string, b *compare.Baseline) error {
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n  toolchain  %s\n  target     %s\n", file, b.Build.Go, b.Build.Target)
	if len(b.Build.Flags) > 0 {
		fmt.Fprintf(&out, "  flags      %s\n", strings.Join(b.Build.Flags, " "))
	}
	tests := "without test files"
	if b.Tests {
		tests = "with test files"
	}
	fmt.Fprintf(&out, "  packages   %s, %s\n\n", strings.Join(b.Patterns, " "), tests)
	fmt.Fprintf(&out, "%9s %9s %9s  %s\n", "functions", "inlinable", "inlined", "package")
	var all compare.Recorded
	for _, u := range b.Units() {
		r := b.Packages[u].Counts()
		all.Functions, all.Inlinable, all.Inlined = all.Functions+r.Functions, all.Inlinable+r.Inlinable, all.Inlined+r.Inlined
		name := u.Path
		if u.Variant == "test" {
			name += " (test)"
		}
		if p := b.Packages[u].Profile; p != "" {
			name += "  profile " + p[:min(len(p), 12)]
		}
		fmt.Fprintf(&out, "%9d %9d %9d  %s\n", r.Functions, r.Inlinable, r.Inlined, name)
	}
	fmt.Fprintf(&out, "%9d %9d %9d  all\n", all.Functions, all.Inlinable, all.Inlined)
	_, err := words.PlainWriter(w).Write([]byte(out.String()))
	return err
}

// WriteBaselineLines writes the lines of the functions that one of the patterns matches. A
// pattern that matches none is an error.
func WriteBaselineLines(w io.Writer, b *compare.Baseline, patterns []*NamePattern) error {
	matched := make([]bool, len(patterns))
	out := bufio.NewWriter(words.PlainWriter(w))
	for _, u := range b.Units() {
		for _, l := range b.Packages[u].Sorted() {
			found := false
			for i, p := range patterns {
				if p.Match(u.Path + "." + l.Name) {
					matched[i], found = true, true
				}
			}
			if found {
				fmt.Fprintf(out, "%s.%s\n", u.Path, l.Text())
			}
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if i := slices.Index(matched, false); i >= 0 {
		return fmt.Errorf("the baseline has no function %s; \"inlinelens baseline show\" lists its packages", patterns[i])
	}
	return nil
}
