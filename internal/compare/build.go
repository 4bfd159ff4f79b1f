package compare

import (
	"fmt"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// A Build is what verdicts depend on beside the source.
type Build struct {
	Go     string   // "go1.26.8"
	Target string   // "linux/amd64"
	Flags  []string // see inline.Package
}

// BuildOf returns the build of a package.
func BuildOf(p *inline.Package) Build {
	return Build{Go: p.Go, Target: p.GOOS + "/" + p.GOARCH, Flags: p.Flags}
}

// differs says how b differs from another build, which a baseline was made with; "" if it
// does not.
func (b Build) differs(recorded Build) string {
	var how []string
	say := func(what, was, is string) { how = append(how, fmt.Sprintf("%s is %s, and was %s", what, is, was)) }
	if b.Go != recorded.Go {
		say("the toolchain", recorded.Go, b.Go)
	}
	if b.Target != recorded.Target {
		say("the target", recorded.Target, b.Target)
	}
	if !slices.Equal(b.Flags, recorded.Flags) {
		how = append(how, fmt.Sprintf("the build flags are %s, and were %s", flagText(b.Flags), flagText(recorded.Flags)))
	}
	return strings.Join(how, "; ")
}

func flagText(flags []string) string {
	if len(flags) == 0 {
		return "none"
	}
	return `"` + strings.Join(flags, " ") + `"`
}
