// Package gorelease holds which Go releases are understood, and reads the versions
// of toolchains. What a single release does otherwise stands where it matters: the
// forms of remarks in internal/gc, the rules of costs in internal/cost.
package gorelease

import (
	"fmt"
	"go/version"
	"strconv"
	"strings"
)

// The N of the oldest and the newest Go 1.N that is understood.
const (
	Oldest = 22
	Newest = 27
)

// Minor returns the N of a toolchain's version: "go1.26.8", "go1.26rc1",
// "go1.26.1 X:nodwarf5", and the release that a development version is on the way
// to: "go1.27-devel_0123abc", "devel go1.27-0123abc". A version that says nothing
// of the kind (a vendor's own) is not ok.
func Minor(toolchain string) (n int, ok bool) {
	for field := range strings.FieldsSeq(toolchain) {
		v, _, _ := strings.Cut(field, "-")
		rest, found := strings.CutPrefix(version.Lang(v), "go1")
		if !found {
			continue
		}
		if rest == "" {
			return 0, true
		}
		n, err := strconv.Atoi(strings.TrimPrefix(rest, "."))
		return n, err == nil
	}
	return 0, false
}

// AtLeast reports whether a toolchain is of Go 1.n or newer. A version that
// cannot be read is taken to be new.
func AtLeast(toolchain string, n int) bool {
	minor, ok := Minor(toolchain)
	return !ok || minor >= n
}

// TooOld reports whether the remarks of a toolchain are not understood because
// it is older than Oldest.
func TooOld(toolchain string) bool { return !AtLeast(toolchain, Oldest) }

// Unknown says what to expect of a toolchain that is newer than Newest, or whose
// version does not tell; it returns "" for the others, and for "".
func Unknown(toolchain string) string {
	minor, ok := Minor(toolchain)
	if toolchain == "" || ok && minor <= Newest {
		return ""
	}
	return fmt.Sprintf("%s is not a known Go release: the newest that is known is Go 1.%d. Verdicts may be missing where the compiler's output has changed; update inlinelens if there is a newer version.", toolchain, Newest)
}
