package load

// A Config says how packages are found and built: the flags and environment of
// go build.
type Config struct {
	Dir        string            // the directory in which patterns are resolved
	Env        []string          // nil for the process's own
	BuildFlags []string          // -tags=..., -race, -mod=..., -modfile=..., -overlay=..., -pgo=... as go build takes them
	Overlay    map[string][]byte // unsaved text by absolute file name
	Tests      bool              // also the test variants and external tests
}

// A Unit is one compile of one package: the package, its test variant, or its
// external test. All paths are absolute.
type Unit struct {
	ID      string // unique in a Result: "net/http", "net/http [net/http.test]"
	Path    string // import path as the compiler is told: "net/http", "net/http_test", "vendor/golang.org/x/net/idna"
	Name    string
	Variant string // "", "test", "xtest"
	Root    bool   // matched by a pattern (or a test of such a package)
	Dir     string

	Files         []string // what the compiler is given (CompiledGoFiles; for cgo the generated files)
	GoFiles       []string // what the user wrote
	OtherFiles    []string // assembly, C, headers, ...
	Ignored       []string // excluded by build constraints
	EmbedFiles    []string
	EmbedPatterns []string

	Imports map[string]*Unit // by import path as written in the source
	Export  string           // file with its export data; "" if it was not built

	Lang   string // language version of its module, "go1.22"; "" when none is said
	Module string // module path; "" for std
	Std    bool
	PGO    string // the profile it is compiled with; "" for none

	Errors []Error // why it cannot be listed or loaded
}

// An Error is a positioned load error; Line and Col are 1-based, 0 when absent.
type Error struct {
	File    string
	Line    int
	Col     int
	Message string
}
