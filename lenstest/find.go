package lenstest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// variable is the environment variable with the path of the program.
const variable = "INLINELENS"

// find returns the path of the program.
func find(ctx context.Context) (string, error) {
	if name := os.Getenv(variable); name != "" {
		path, err := exec.LookPath(name)
		if err != nil {
			return "", fmt.Errorf("the environment variable %s: %w", variable, err)
		}
		return path, nil
	}
	// A tool of the module has the version that its go.mod says. An error means that there
	// is none, or that the go command is too old to have tools: unless the tool is there
	// and cannot be built.
	out, err := exec.CommandContext(ctx, "go", "tool", "-n", "inlinelens").Output()
	if err == nil {
		return strings.TrimSpace(string(out)), nil
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) && !strings.Contains(string(exit.Stderr), "no such tool") && ctx.Err() == nil {
		return "", fmt.Errorf("go tool inlinelens: %v\n%s", err, plain(string(exit.Stderr)))
	}
	if path, err := exec.LookPath("inlinelens"); err == nil {
		return path, nil
	}
	if out, err := exec.CommandContext(ctx, "go", "env", "GOBIN", "GOPATH").Output(); err == nil {
		bin, path, _ := strings.Cut(strings.TrimRight(string(out), "\r\n"), "\n")
		dirs := []string{strings.TrimSpace(bin)}
		for _, dir := range filepath.SplitList(strings.TrimSpace(path)) {
			dirs = append(dirs, filepath.Join(dir, "bin"))
		}
		for _, dir := range dirs {
			name := filepath.Join(dir, "inlinelens")
			if runtime.GOOS == "windows" {
				name += ".exe"
			}
			if path, err := exec.LookPath(name); err == nil && dir != "" {
				return path, nil
			}
		}
	}
	return "", errors.New("the program inlinelens is not there: make it a tool of the module with\n" +
		"\tgo get -tool github.com/inlinelens/inlinelens/cmd/inlinelens\n" +
		"or install it with\n" +
		"\tgo install github.com/inlinelens/inlinelens/cmd/inlinelens@latest")
}
