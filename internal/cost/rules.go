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
// functions of internal/byteorder that count as free where mergesLoads.
var byteOrder = func() map[string]bool {
	m := make(map[string]bool)
	for _, size := range []string{"Uint16", "Uint32", "Uint64"} {
		for _, verb := range []string{"", "Put", "Append"} {
			m["binary.littleEndian."+verb+size] = true
			m["binary.bigEndian."+verb+size] = true
			for _, order := range []string{"LE", "BE", "Le", "Be"} { // Le and Be until Go 1.23
				m["byteorder."+order+verb+size] = true
			}
		}
	}
	return m
}()

// cheap reports whether calls of the function, qualified by its package's name,
// count as free.
func (r Rules) cheap(name string) bool {
	switch {
	case byteOrder[name]:
		return r.mergesLoads()
	case name == "abi.NoEscape":
		return r.Minor >= 24
	case name == "reflect.noescape":
		return r.Minor < 24
	case name == "runtime.panicrangestate":
		return r.Minor >= 23
	case name == "runtime.panicrangeexit":
		return r.Minor < 23
	case name == "runtime.heapBits.nextArena":
		return true
	case strings.HasPrefix(name, "abi.EscapeNonString["):
		return r.Minor >= 25
	case strings.HasPrefix(name, "maphash.escapeForHash["):
		return r.Minor == 24
	}
	return false
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
