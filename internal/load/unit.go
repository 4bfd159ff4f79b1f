package load

import "strings"

// A Config says how packages are found and built: the flags and environment of
// go build.
type Config struct {
	Dir           string            // the directory in which patterns are resolved; "" for the working directory
	Env           []string          // nil for the process's own
	BuildFlags    []string          // as go build takes them: see BuildFlags
	Overlay       map[string][]byte // unsaved text by absolute file name; nil for a file that is to be taken as absent
	OverlayKept   bool              // Overlay is a commit's: what is found with it is worth keeping, as with files
	Tests         bool              // also the test variants and external tests
	Only          string            // with Tests: the one variant that is wanted, "test" or "xtest"; "" for all
	ExpectedBuild *BuildList        // what an earlier load of the same patterns built; nil if not known
}

// A Unit is one compile of one package: the package, its test variant, or its
// external test. All paths are absolute.
type Unit struct {
	// ID is unique in a Result. It is the go command's name of the unit
	// ("net/http", "net/http [net/http.test]"); a dependency that is compiled
	// with a command's default.pgo has the command's path in it
	// ("fmt [example.com/cmd/server]"), as "go list -pgo=auto" writes it.
	ID string
	// Path is the import path without the variant: "net/http", "net/http_test",
	// "vendor/golang.org/x/net/idna", "example.com/cmd/server".
	Path string
	// LinkPath is what the compiler is told with -p, and what link names begin
	// with: "main" for a command, Path for every other unit (the test variant
	// of a command included).
	LinkPath string
	Name     string // the name in the package clause
	Variant  string // "", "test", "xtest"
	ForTest  string // Path of the package under test, for a unit that exists only for a test; "" for others
	Root     bool   // matched by a pattern (or a test of such a package)
	Dir      string

	Files   []string // what the compiler is given (for cgo the generated files); nil for unsafe and builtin
	GoFiles []string // what the user wrote
	Cgo     bool     // Files are not the user's: some were generated from GoFiles; see Sources
	// OtherFiles are assembly, C, headers, objects, ...
	OtherFiles []string
	Ignored    []string // excluded by build constraints; see Result.Excluded
	EmbedFiles []string
	// EmbedPatterns are the patterns of the go:embed directives as written.
	EmbedPatterns []string

	Imports map[string]*Unit // by import path as written in the source
	// Export is the file with the unit's export data. A file of the build cache
	// is named for its content. It is "" when the unit does not compile (Errors
	// then say why), for a root that no other root imports (it is not built:
	// that is what the caller is about to do), and for unsafe and builtin.
	Export string

	Lang   string // language version of its module, "go1.22"; "" when none is said, and for the standard library
	Module string // module path; "" for std
	Std    bool   // a package of GOROOT
	PGO    string // the profile it is compiled with; "" for none
	// Flags are further flags of the compiler: -race, -msan, -asan, and what
	// -gcflags has for the unit, without flags that only change what is printed.
	Flags []string

	Errors []Error // why it cannot be listed, loaded or built

	listID   string // the go command's name, without the command of a profile
	excluded bool   // build constraints left it no files, and nothing else is wrong
	main     bool   // of a main module
	refused  bool   // its profile cannot be used, so that nothing was built for it
}

// Complete reports whether the unit is nothing but Go, so that a function
// without a body is an error: what the compiler is told with -complete.
func (u *Unit) Complete() bool {
	if u.Cgo {
		return false
	}
	for _, f := range u.OtherFiles {
		switch f[strings.LastIndexByte(f, '.')+1:] {
		case "h", "hh", "hpp", "hxx": // headers alone supply no body
		default:
			return false
		}
	}
	// These have functions whose bodies the runtime supplies.
	if u.Std {
		switch u.Path {
		case "bytes", "internal/poll", "net", "os", "runtime/metrics", "runtime/pprof", "runtime/trace", "sync", "syscall", "time":
			return false
		}
	}
	return true
}

// An ErrorKind says who found an error.
type ErrorKind string

// The kinds of errors.
const (
	ListError       ErrorKind = "list"       // the go command, reading the package's imports and constraints
	CompileError    ErrorKind = "compile"    // the go command, building the unit for the units that import it
	DependencyError ErrorKind = "dependency" // an imported unit, or one below it, has errors
)

// An Error is a positioned load error; Line and Col are 1-based, 0 when absent.
// A root has errors of kind CompileError only when another root imports it:
// whoever compiles it finds them again.
type Error struct {
	Kind    ErrorKind
	File    string
	Line    int
	Col     int // in bytes
	Message string
}
