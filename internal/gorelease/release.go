// Package gorelease holds what differs from one Go release to the next, and the
// compiler's own numbers, which so far are the same in all of them. This is the one
// place that compares releases: other packages ask it by the name of a fact.
//
// The words of remarks are not here but in package remark, whose parsers know those
// of all releases at once.
package gorelease

import (
	"fmt"
	"go/version"
	"strconv"
	"strings"
)

// The oldest and the newest release that is understood.
const (
	Oldest Release = 22
	Newest Release = 27
)

// A Release is the N of Go 1.N.
type Release int

// Of returns the release of a toolchain, given its version: "go1.26.8",
// "go1.26rc1", "go1.26.1 X:nodwarf5". A development version is of the release that
// it leads to: "go1.27-devel_0123abc", "devel go1.27-0123abc". A version that cannot
// be read (a vendor's own) is taken for Newest.
func Of(toolchain string) Release {
	r, ok := parse(toolchain)
	if !ok {
		return Newest
	}
	return r
}

func parse(toolchain string) (r Release, ok bool) {
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
		return Release(n), err == nil
	}
	return 0, false
}

func (r Release) String() string { return fmt.Sprintf("Go 1.%d", int(r)) }

// TooOld reports whether the output of a toolchain is not understood because it is
// older than Oldest.
func TooOld(toolchain string) bool { return Of(toolchain) < Oldest }

// Unknown says what to expect of a toolchain that is newer than Newest, or whose
// version cannot be read; it returns "" for the others, and for "".
func Unknown(toolchain string) string {
	r, ok := parse(toolchain)
	if toolchain == "" || ok && r <= Newest {
		return ""
	}
	return fmt.Sprintf("%s is not a known Go release: the newest known one is %v. Verdicts may be missing where the compiler's output has changed; update inlinelens if there is a newer version.", toolchain, Newest)
}

// Newer reports whether toolchain is of a newer release than other, whose version
// can be read. A version that cannot be read is taken for newer.
func Newer(toolchain, other string) bool {
	r, ok := parse(toolchain)
	o, known := parse(other)
	return known && (!ok || r > o)
}

// SetsTag reports whether builds by a toolchain set a build tag of the form go1.N,
// which they do for their own release and older ones. ok is false for other tags.
func SetsTag(toolchain, tag string) (set, ok bool) {
	s, ok := strings.CutPrefix(tag, "go1.")
	n, err := strconv.Atoi(s)
	if !ok || err != nil {
		return false, false
	}
	r, known := parse(toolchain)
	return !known || int(r) >= n, true
}

// The go command.

// PreprocessesProfiles reports whether the go command prepares a profile for the
// compiler (go tool preprofile). Before, the compiler read the profile itself.
func (r Release) PreprocessesProfiles() bool { return r >= 23 }

// What the compiler prints.

// PrintsTreesBeforeInlining reports whether -W=2 prints the trees on which costs are
// counted, so that one compile prints them and the remarks. Before, trees were printed
// only when inlining was over, and have to be asked for without inlining.
func (r Release) PrintsTreesBeforeInlining() bool { return r >= 26 }

// SkipsBenchLoops reports whether nothing is inlined in the body of a b.Loop loop,
// with a remark that says so.
func (r Release) SkipsBenchLoops() bool { return r == 24 || r == 25 }

// ClosureCopiesKeepNames reports whether a function literal has one name in the
// function around it and in all functions into which that is inlined; what tells the
// copies apart is a hash behind the name. Before, copies were named after where they are.
func (r Release) ClosureCopiesKeepNames() bool { return r >= 27 }

// Names of instances of generic functions.

// A ShapeHash is what the compiler does to the SHA-256 that it puts in the place of
// a long name of a shape.
type ShapeHash uint8

// The ways.
const (
	ShapeHashInvertsAll   ShapeHash = iota // each bit is inverted
	ShapeHashFlipsOneBit                   // the lowest of the first byte
	ShapeHashInvertsFirst                  // the bits of the first byte
)

// ShapeHash returns how names of shapes are shortened.
func (r Release) ShapeHash() ShapeHash {
	switch {
	case r >= 25:
		return ShapeHashInvertsFirst
	case r == 24:
		return ShapeHashFlipsOneBit
	}
	return ShapeHashInvertsAll
}

// KeepsPointersToShapes reports whether a pointer to what is made of shapes, but is
// none itself, has a shape of its own; otherwise it has that of all pointers.
func (r Release) KeepsPointersToShapes() bool { return r == 25 || r == 26 }

// Which calls are inlined [cmd/compile/internal/inline/inl.go, "Inlining budget
// parameters"]. Remarks name a budget only where it is exceeded.
const (
	Budget            = 80   // of a function
	HotBudget         = 2000 // of a function that a profile calls hot
	ClosureOnceBudget = 800  // of a function literal that is called once, where HasClosureBudgets
	BigCallerBudget   = 20   // the limit at a call in a caller of 5,000 nodes or more
	ClosureFactor     = 2    // on the limit at a call of a function literal, where HasClosureBudgets
)

// FindsInlinableFirst reports whether the compiler works out for all functions of a
// package which can be inlined before it inlines a call. Before, it did both function by
// function.
func (r Release) FindsInlinableFirst() bool { return r >= 23 }

// SkipsLiteralsOfRecursive reports whether the compiler looks at the function literals of
// a function that calls itself only where it finds them called.
func (r Release) SkipsLiteralsOfRecursive() bool { return r < 24 }

// HasWorkPattern reports whether the go command takes the pattern "work" for all packages
// of the main modules.
func (r Release) HasWorkPattern() bool { return r >= 25 }

// HasClosureBudgets reports whether function literals have larger budgets.
func (r Release) HasClosureBudgets() bool { return r >= 24 }

// RefusesRepeatedCalls reports whether a call is not inlined into a copy of itself,
// without a remark.
func (r Release) RefusesRepeatedCalls() bool { return r >= 24 }

// What a function costs: one for each node of its tree, and further:
const (
	CallCost      = 57 // a call that is not inlined
	ParamCallCost = 17 // a call of a parameter or a captured variable, where ParamCallsAreCheaper
	ThrowCost     = 80 // a call of runtime.throw
	ClosureCost   = 15 // a function literal
	PanicCost     = 1
)

// ParamCallsAreCheaper reports whether calls of parameters and captured variables,
// which inlining of the function may make direct, cost less.
func (r Release) ParamCallsAreCheaper() bool { return r >= 24 }

// RuntimeThrowsAreCalls reports whether throw costs what a call costs in package
// runtime itself.
func (r Release) RuntimeThrowsAreCalls() bool { return r >= 24 }

// CountsIntrinsicMethods reports whether calls of methods that are intrinsics are
// counted as such.
func (r Release) CountsIntrinsicMethods() bool { return r >= 26 }

// SimplifiesSlicing reports whether s[0:] and s[:len(s)] cost what s[:] does.
func (r Release) SimplifiesSlicing() bool { return r >= 26 }

// mergesLoads reports whether a target reads words that are not aligned, so that
// functions for byte orders are counted as free.
func (r Release) mergesLoads(goarch string) bool {
	switch goarch {
	case "386", "amd64", "arm64", "ppc64le", "s390x":
		return true
	case "loong64", "ppc64":
		return r >= 25
	}
	return false
}

// byteOrder has the methods of encoding/binary and the functions of
// internal/byteorder that count as free where mergesLoads: by their names behind the
// package's, the package's path.
var byteOrder = func() map[string]string {
	m := make(map[string]string)
	for _, size := range []string{"Uint16", "Uint32", "Uint64"} {
		for _, verb := range []string{"", "Put", "Append"} {
			m["binary.littleEndian."+verb+size] = "encoding/binary"
			m["binary.bigEndian."+verb+size] = "encoding/binary"
			for _, order := range []string{"LE", "BE", "Le", "Be"} { // Le and Be in Go 1.23
				m["byteorder."+order+verb+size] = "internal/byteorder"
			}
		}
	}
	return m
}()

// FreeFunction returns the path of the package in which calls of the function are
// free but for their node; "" for none. name is the function's behind its package's
// name.
func (r Release) FreeFunction(name, goarch string) (path string) {
	if path := byteOrder[name]; path != "" && r.mergesLoads(goarch) {
		return path
	}
	in := func(release bool, path string) string {
		if release {
			return path
		}
		return ""
	}
	switch {
	case name == "abi.NoEscape":
		return in(r >= 24, "internal/abi")
	case name == "reflect.noescape":
		return in(r < 24, "reflect")
	case name == "runtime.panicrangestate":
		return in(r >= 23, "runtime")
	case name == "runtime.panicrangeexit":
		return in(r < 23, "runtime")
	case name == "runtime.heapBits.nextArena":
		return "runtime"
	case strings.HasPrefix(name, "abi.EscapeNonString["):
		return in(r >= 25, "internal/abi")
	case strings.HasPrefix(name, "maphash.escapeForHash["):
		return in(r == 24, "hash/maphash")
	}
	return ""
}

// ForbiddenCall returns what the remark names on a function that calls the function
// of the name, which makes the caller impossible to inline; "" if it does not. name
// is the function's behind its package's name.
func (r Release) ForbiddenCall(name string) string {
	switch name {
	case "sys.GetCallerPC", "sys.GetCallerSP":
		if r >= 24 {
			return strings.TrimPrefix(name, "sys.")
		}
	case "runtime.getcallerpc", "runtime.getcallersp":
		if r < 24 {
			return strings.TrimPrefix(name, "runtime.")
		}
	case "runtime.deferrangefunc":
		if r >= 26 {
			return "DEFER"
		}
	}
	return ""
}
