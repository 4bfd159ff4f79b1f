package gc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/inlinelens/inlinelens/internal/gorelease"
)

// targetVars are the variables of the go command's environment that the
// compiler itself reads. The go command fills them in from its own defaults and
// from the file that "go env -w" writes, which the compiler does not read.
var targetVars = []string{
	"GOOS", "GOARCH", "GOEXPERIMENT", "GOROOT", "GOFIPS140",
	"GO386", "GOAMD64", "GOARM", "GOARM64", "GOMIPS", "GOMIPS64", "GOPPC64", "GORISCV64", "GOWASM",
}

// FindToolchain asks the go command that env's PATH names which toolchain it
// selects in dir: GOTOOLCHAIN and the toolchain line of a go.mod or go.work
// count, as they do for a build. A nil env stands for the process's own. That a
// module asks for a newer Go than GOTOOLCHAIN=local allows is not noticed here:
// the go command says so when packages are listed.
//
// The error is a *ToolchainError, for which errors.Is finds ErrNoGo (there is
// no go command) or ErrTooOld (a release before gorelease.Oldest), or ctx.Err().
func FindToolchain(ctx context.Context, dir string, env []string) (*Toolchain, error) {
	if env == nil {
		env = os.Environ()
	}
	goCmd, err := lookPath("go", env)
	if err != nil {
		return nil, &ToolchainError{
			Kind:  ErrNoGo,
			Tried: "to find the go command in PATH=" + getenv(env, "PATH"),
			Err:   err,
			Do:    "install Go from https://go.dev/dl, or start the program with the PATH of your shell",
		}
	}
	// Named, because asking for all of them starts the C compiler.
	names := append([]string{"env", "-json", "GOVERSION", "GOTOOLDIR", "GOMODCACHE", "GOCACHE", "GOMOD", "GOWORK"}, targetVars...)
	out, err := goOutput(ctx, goCmd, dir, env, names...)
	if err != nil {
		return nil, err
	}
	vars := map[string]string{}
	if err := json.Unmarshal(out, &vars); err != nil {
		return nil, &ToolchainError{
			Tried: "to read the output of " + goCmd + " env -json",
			Err:   err,
			Do:    "run the command in " + dir + " and see what it prints",
		}
	}
	t := &Toolchain{
		Version: vars["GOVERSION"],
		GOROOT:  vars["GOROOT"],
		GOOS:    vars["GOOS"],
		GOARCH:  vars["GOARCH"],
		Env:     compilerEnv(env, vars),
		Dirs:    GoDirs{ModCache: vars["GOMODCACHE"], BuildCache: vars["GOCACHE"], Mod: vars["GOMOD"], Work: vars["GOWORK"]},
	}
	if gorelease.TooOld(t.Version) {
		return nil, &ToolchainError{
			Kind:  ErrTooOld,
			Tried: "to use " + t.Version + " (" + goCmd + " in " + dir + ")",
			Err:   errors.New("its compiler prints remarks in another form"),
			Do:    fmt.Sprintf("use go1.%d or newer: set GOTOOLCHAIN, raise the go line of go.mod, or install a newer Go", gorelease.Oldest),
		}
	}
	t.Compile, err = findCompile(ctx, goCmd, dir, env, vars["GOTOOLDIR"])
	if err != nil {
		return nil, err
	}
	return t, nil
}

// findCompile returns the absolute path of the compile tool.
func findCompile(ctx context.Context, goCmd, dir string, env []string, toolDir string) (string, error) {
	name := "compile"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	path := filepath.Join(toolDir, name)
	if isExecutable(path) {
		return path, nil
	}
	out, err := goOutput(ctx, goCmd, dir, env, "tool", "-n", "compile")
	if err != nil {
		return "", err
	}
	// The answer is a command line; the tool is its last word, quoted if it needs to be.
	found := strings.TrimSpace(string(out))
	if unquoted, err := strconv.Unquote(found); err == nil {
		found = unquoted
	}
	if !isExecutable(found) {
		return "", &ToolchainError{
			Tried: "to find the compiler as " + path + " and by " + goCmd + " tool -n compile",
			Err:   errors.New("neither is an executable file: " + found),
			Do:    "reinstall this Go: its tool directory is incomplete",
		}
	}
	return filepath.Abs(found)
}

// ID returns what tells this compiler's output from another's, for keys of
// caches: the version that it says it has ("compile version go1.26.8"; for
// development builds with a build ID) and the target.
func (t *Toolchain) ID(ctx context.Context) (string, error) {
	cmd := exec.Command(t.Compile, "-V=full")
	cmd.Env = t.Env
	var stdout bytes.Buffer
	stderr := &tailBuffer{max: maxTail}
	cmd.Stdout, cmd.Stderr = &stdout, stderr
	if err := runInGroup(ctx, cmd); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", &ToolchainError{
			Tried: "to run " + t.Compile + " -V=full",
			Err:   fmt.Errorf("%w: %s", err, strings.TrimSpace(stderr.String())),
			Do:    "reinstall this Go",
		}
	}
	id := strings.TrimSpace(stdout.String())
	for _, name := range targetVars {
		// GOROOT counts: it is in the positions of remarks on std.
		if v := getenv(t.Env, name); v != "" {
			id += " " + name + "=" + v
		}
	}
	return id, nil
}

// CheckEnv returns what the go command has against the environment: a target
// that it does not know, a build cache that it cannot use. FindToolchain asks
// too little to be told.
func CheckEnv(ctx context.Context, dir string, env []string) error {
	goCmd, err := lookPath("go", env)
	if err != nil {
		return err // FindToolchain has said so better
	}
	_, err = goOutput(ctx, goCmd, dir, env, "env", "-json")
	return err
}

// maxGoOutput is how much the go command may say of itself, in bytes.
const maxGoOutput = 1 << 20

// errTooMuch ends a command that prints more than it can have to say.
var errTooMuch = errors.New("it prints without end")

// A headBuffer takes so many bytes, and then fails.
type headBuffer struct {
	b   bytes.Buffer
	max int
}

func (h *headBuffer) Write(b []byte) (int, error) {
	if h.b.Len()+len(b) > h.max {
		return 0, errTooMuch
	}
	return h.b.Write(b)
}

// goOutput runs the go command and returns its standard output.
func goOutput(ctx context.Context, goCmd, dir string, env []string, args ...string) ([]byte, error) {
	cmd := exec.Command(goCmd, args...)
	cmd.Dir = dir
	cmd.Env = env
	if dir != "" {
		cmd.Env = append(env[:len(env):len(env)], "PWD="+dir)
	}
	stdout := headBuffer{max: maxGoOutput}
	stderr := &tailBuffer{max: maxTail}
	cmd.Stdout, cmd.Stderr = &stdout, stderr
	err := runInGroup(ctx, cmd)
	if err == nil {
		return stdout.b.Bytes(), nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if text := strings.TrimSpace(stderr.String()); text != "" {
		err = errors.New(text)
	}
	return nil, &ToolchainError{
		Tried: "to run " + goCmd + " " + strings.Join(args[:min(2, len(args))], " ") + " in " + dir,
		Err:   err,
		Do:    "run the same command there; if it asks for another toolchain, set GOTOOLCHAIN=auto or install that release",
	}
}

// compilerEnv returns env with the variables that tell the compiler its target.
func compilerEnv(env []string, vars map[string]string) []string {
	set := map[string]string{}
	for _, name := range targetVars {
		if v, ok := vars[name]; ok && v != "" {
			set[name] = v
		}
	}
	out := make([]string, 0, len(env)+len(set))
	for _, kv := range env {
		name, _, _ := strings.Cut(kv, "=")
		if _, ok := set[name]; !ok {
			out = append(out, kv)
		}
	}
	for _, name := range targetVars {
		if v, ok := set[name]; ok {
			out = append(out, name+"="+v)
		}
	}
	return out
}

// Target returns the variables that tell the compiler its target, as t.Env has them.
func (t *Toolchain) Target() []string {
	var vars []string
	for _, name := range targetVars {
		if v := getenv(t.Env, name); v != "" {
			vars = append(vars, name+"="+v)
		}
	}
	return vars
}

// getenv returns the last value of name in env.
func getenv(env []string, name string) string {
	for i := len(env) - 1; i >= 0; i-- {
		k, v, _ := strings.Cut(env[i], "=")
		if k == name || runtime.GOOS == "windows" && strings.EqualFold(k, name) {
			return v
		}
	}
	return ""
}

// lookPath finds an executable in env's PATH. The look-up of package os/exec
// would use the PATH of this process, which may be an editor's. A relative
// entry of PATH is passed over, as os/exec does, so that a directory that was
// merely opened cannot bring its own go command.
func lookPath(name string, env []string) (string, error) {
	exts := []string{""}
	if runtime.GOOS == "windows" {
		exts = []string{".exe", ".com", ".bat", ".cmd"}
	}
	for _, entry := range filepath.SplitList(getenv(env, "PATH")) {
		if !filepath.IsAbs(entry) {
			continue
		}
		for _, ext := range exts {
			if path := filepath.Join(entry, name+ext); isExecutable(path) {
				return path, nil
			}
		}
	}
	return "", &exec.Error{Name: name, Err: exec.ErrNotFound}
}

func isExecutable(path string) bool {
	info, err := os.Stat(path)
	if err != nil || info.IsDir() {
		return false
	}
	return runtime.GOOS == "windows" || info.Mode()&0o111 != 0
}
