// Package prove says how much the tests are to try, and with which Go releases.
//
// "make test" runs within a quarter of an hour, so tests that could go on for
// longer (over all of std with each release, over thousands of packages, over
// other people's modules) try a portion there. "make prove" sets INLINELENS_PROVE=1
// and runs the tests of all packages whose tests import this one, in full.
//
// There is no test without a portion: a skipped test counts as failed.
package prove

import "os"

// Full reports whether the tests try everything.
func Full() bool { return os.Getenv("INLINELENS_PROVE") == "1" }

// Or returns all where the tests try everything, and otherwise portion.
func Or[T any](portion, all T) T {
	if Full() {
		return all
	}
	return portion
}
