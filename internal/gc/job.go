package gc

import (
	"time"

	"github.com/inlinelens/inlinelens/internal/remark"
)

// A Toolchain is one installed Go: the user's, as the go command of the user's
// directory selects it.
type Toolchain struct {
	Version string // "go1.26.8"
	GOROOT  string
	GOOS    string // the target's
	GOARCH  string
	Compile string   // absolute path of the compile tool
	Dirs    GoDirs   // where the go command finds and keeps files
	Env     []string // the environment in which the compiler runs, with GOOS, GOARCH, GOAMD64, GOEXPERIMENT, ...
}

// GoDirs are the directories and module files that the go command names.
type GoDirs struct {
	ModCache   string // GOMODCACHE
	BuildCache string // GOCACHE
	Mod        string // the main module's go.mod; "" or os.DevNull outside modules
	Work       string // the workspace's go.work; "" or "off" for none
}

// A Job is one compile of one unit.
type Job struct {
	Dir        string   // the package's directory, absolute; the compiler works there
	ImportPath string   // -p
	Files      []string // absolute paths of the Go files to compile (cgo: the generated ones)
	// Replace maps a file of Files to the file that holds its present text
	// (an unsaved buffer). Remarks name the original.
	Replace map[string]string
	// PackageFile maps an import path, as the compiler resolves it, to the file
	// with its export data; ImportMap maps an import path as written to the one resolved.
	PackageFile map[string]string
	ImportMap   map[string]string
	Lang        string   // "go1.22"; "" for the toolchain's own
	Std         bool     // a package of the standard library
	Complete    bool     // nothing but Go: a function without a body is an error
	EmbedCfg    []byte   // what -embedcfg names; nil for none
	PGOProfile  string   // -pgoprofile; "" for none
	Flags       []string // further compiler flags: -race, -msan, -asan, ...
	// LowPriority lets other processes of the machine go first, as nobody waits for the
	// result.
	LowPriority bool
	// DelayKill is for a result that is waited for: a compiler that has told all is
	// halted, and killed a moment later. The kernel takes 15 to 25 ms to free its memory,
	// on a core that is needed for what is made of the remarks.
	DelayKill bool
	// Until, if not nil, is given each remark, and reports whether that was the last one
	// that matters: the compiler is stopped then.
	Until func(remark.Remark) bool
	// Started is called when the compiler runs; not if it cannot be started. nil for
	// none.
	Started func()
	// Timeout ends the compile with a *TimeoutError; 0 for none.
	Timeout time.Duration
}

// collector returns what reads the output of the job's compile, and the end of what
// it does not understand there.
func (job *Job) collector() (*remark.Collector, *tailBuffer) {
	tail := &tailBuffer{max: maxTail}
	col := remark.NewCollector(job.Dir, job.Files, job.Replace)
	col.Unknown = tail
	return col, tail
}

// An Output is what a compile told.
type Output struct {
	Remarks     []remark.Remark
	Errors      []remark.Error // syntax and type errors, positioned
	Problems    []string       // lines that no known form matches, at most 100 kept
	NumProblems int
	Stopped     bool // stopped at the first escape remark; otherwise the compiler ended by itself
	Elapsed     time.Duration
}
