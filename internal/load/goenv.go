package load

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/inlinelens/inlinelens/internal/gorelease"
)

// A GoEnv is what the go command says of itself in a directory. With
// GOTOOLCHAIN it is the toolchain that the module selects.
type GoEnv struct {
	Version string // "go1.26.8"
	GOROOT  string
	GOOS    string // the target's
	GOARCH  string
	Mod     string // the main module's go.mod; "" or os.DevNull outside modules
	Work    string // the workspace's go.work; "" for none
	Cgo     bool   // CGO_ENABLED
	Flags   string // GOFLAGS, those set by "go env -w" included
	// Experiment is GOEXPERIMENT: what differs from the toolchain's own choice.
	Experiment string

	tmp      string // GOTMPDIR
	cache    string // GOCACHE
	modCache string // GOMODCACHE
	config   string // GOENV: the file that "go env -w" writes
}

// goEnv asks the go command of the directory. It fails where there is none,
// where the toolchain is missing or older than gorelease.Oldest, or where go.mod or
// GOFLAGS do not parse.
func goEnv(ctx context.Context, tried, dir string, env []string) (*GoEnv, error) {
	if _, err := exec.LookPath("go"); err != nil {
		return nil, &Failure{
			Kind: ErrNoGo, Tried: tried,
			Why: "there is no go command in PATH",
			Do:  "install Go (https://go.dev/dl) or add its bin directory to PATH",
		}
	}
	stdout, stderr, err := runGo(ctx, dir, env,
		"env", "-json", "GOVERSION", "GOROOT", "GOOS", "GOARCH", "GOMOD", "GOWORK", "CGO_ENABLED", "GOFLAGS", "GOEXPERIMENT", "GOTMPDIR", "GOENV", "GOCACHE", "GOMODCACHE")
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if stderr == "" {
			stderr = err.Error()
		}
		return nil, newFailure(tried, stderr)
	}
	vals := map[string]string{}
	if err := json.Unmarshal([]byte(stdout), &vals); err != nil {
		return nil, &Failure{Kind: ErrGoCommand, Tried: tried, Why: fmt.Sprintf("\"go env -json\" is not JSON: %v", err)}
	}
	e := &GoEnv{
		Version: vals["GOVERSION"], GOROOT: vals["GOROOT"], GOOS: vals["GOOS"], GOARCH: vals["GOARCH"],
		Mod: vals["GOMOD"], Work: vals["GOWORK"], Cgo: vals["CGO_ENABLED"] == "1",
		Flags: vals["GOFLAGS"], Experiment: vals["GOEXPERIMENT"], tmp: vals["GOTMPDIR"], cache: vals["GOCACHE"], modCache: vals["GOMODCACHE"], config: vals["GOENV"],
	}
	if e.Work == "off" {
		e.Work = ""
	}
	if gorelease.TooOld(e.Version) {
		return nil, &Failure{
			Kind: ErrGoTooOld, Tried: tried,
			Why: fmt.Sprintf("%s is too old: the oldest that is understood is go1.%d", e.Version, gorelease.Oldest),
			Do:  "install a newer Go, or set GOTOOLCHAIN to a newer release",
		}
	}
	return e, nil
}

// runGo runs the go command to its end. A cancelled context ends it with all
// processes that it started.
func runGo(ctx context.Context, dir string, env []string, args ...string) (stdout, stderr string, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	out, errs := limited{end: cancel}, limited{end: cancel}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(env[:len(env):len(env)], "PWD="+dir)
	cmd.Stdout, cmd.Stderr = &out, &errs
	ownGroup(cmd)
	err = cmd.Run()
	if errors.Is(err, exec.ErrNotFound) {
		err = ErrNoGo
	}
	if errors.Is(context.Cause(ctx), errTooMuch) {
		return "", "", errTooMuch
	}
	return out.String(), errs.String(), err
}

// maxOutput is how much a go command may print that lists no packages, in bytes.
const maxOutput = 16 << 20

// errTooMuch ends a go command that prints more than it can have to say.
var errTooMuch = errors.New("the go command prints without end; see whether the go in PATH is a script")

// A limited keeps what is written, and ends its writer if that is too much.
type limited struct {
	strings.Builder
	end context.CancelCauseFunc
}

func (l *limited) Write(b []byte) (int, error) {
	if l.Len()+len(b) > maxOutput {
		l.end(errTooMuch)
		return 0, errTooMuch
	}
	return l.Builder.Write(b)
}
