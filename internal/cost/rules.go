package cost

import "strings"

// The compiler's numbers [cmd/compile/internal/inline/inl.go].
const (
	budget           = 80
	extraCall        = 57
	extraParamCall   = 17
	extraThrow       = 80
	extraClosure     = 15
	bigCallerMaxCost = 20
	closureFactor    = 2   // on the limit at a call site, for closures; from Go 1.24 on
	closureBudget    = 800 // of a closure that is called once; from Go 1.24 on
)

// Rules are those of one compiler.
type Rules struct {
	Minor  int    // of the release: 26 for Go 1.26
	GOARCH string // the target's
	// Package is the import path of the package that is compiled, Name its name.
	Package string
	Name    string
	// Heavy is set for a compile with -l=4, in which a call that stays costs 1.
	Heavy bool
}

// stay is what a call that stays a call costs beyond its node.
func (r Rules) stay() int {
	if r.Heavy {
		return 1
	}
	return extraCall
}

// mergesLoads reports whether the target reads words that are not aligned, so
// that byte order functions are counted as free.
func (r Rules) mergesLoads() bool {
	switch r.GOARCH {
	case "386", "amd64", "arm64", "ppc64le", "s390x":
		return true
	case "loong64", "ppc64":
		return r.Minor >= 25
	}
	return false
}

// byteOrder has the methods of encoding/binary and, from Go 1.23 on, the
// functions of internal/byteorder that count as free where mergesLoads, by the
// package's name, with its path.
var byteOrder = func() map[string]string {
	m := make(map[string]string)
	for _, size := range []string{"Uint16", "Uint32", "Uint64"} {
		for _, verb := range []string{"", "Put", "Append"} {
			m["binary.littleEndian."+verb+size] = "encoding/binary"
			m["binary.bigEndian."+verb+size] = "encoding/binary"
			for _, order := range []string{"LE", "BE", "Le", "Be"} { // Le and Be until Go 1.23
				m["byteorder."+order+verb+size] = "internal/byteorder"
			}
		}
	}
	return m
}()

// cheapIn returns the path of the package in which a function of the name,
// which is qualified by the package's name, counts as free; "" for none.
func (r Rules) cheapIn(name string) string {
	if path := byteOrder[name]; path != "" && r.mergesLoads() {
		return path
	}
	is := func(release bool, path string) string {
		if release {
			return path
		}
		return ""
	}
	switch {
	case name == "abi.NoEscape":
		return is(r.Minor >= 24, "internal/abi")
	case name == "reflect.noescape":
		return is(r.Minor < 24, "reflect")
	case name == "runtime.panicrangestate":
		return is(r.Minor >= 23, "runtime")
	case name == "runtime.panicrangeexit":
		return is(r.Minor < 23, "runtime")
	case name == "runtime.heapBits.nextArena":
		return "runtime"
	case strings.HasPrefix(name, "abi.EscapeNonString["):
		return is(r.Minor >= 25, "internal/abi")
	case strings.HasPrefix(name, "maphash.escapeForHash["):
		return is(r.Minor == 24, "hash/maphash")
	}
	return ""
}

// forbidden returns the remark on functions that call the function, "" if it
// does not make them impossible to inline.
func (r Rules) forbidden(name string) string {
	switch name {
	case "sys.GetCallerPC", "sys.GetCallerSP":
		if r.Minor >= 24 {
			return name[len("sys."):]
		}
	case "runtime.getcallerpc", "runtime.getcallersp":
		if r.Minor < 24 {
			return name[len("runtime."):]
		}
	case "runtime.deferrangefunc":
		if r.Minor >= 26 {
			return "DEFER"
		}
	}
	return ""
}

// qualified returns a function's name with its package's before it.
func (r Rules) qualified(f ref) string {
	if f.pkg == "" {
		return r.Name + "." + f.name
	}
	return f.pkg + "." + f.name
}
