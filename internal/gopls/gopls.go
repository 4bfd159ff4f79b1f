// Package gopls gets the gopls that tests have beside the server and that
// benchmarks measure against. It speaks no protocol.
package gopls

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/inlinelens/inlinelens/internal/prove"
)

// Version is the release that is used. It needs Go 1.27, so the newest release
// builds it, whichever builds ours.
const (
	Version   = "v0.24.0"
	toolchain = prove.Newest
)

// Install returns the path of a gopls of that Version in the user's cache
// directory. The first call fetches a toolchain and builds it, which takes minutes
// and needs the module proxy.
func Install(ctx context.Context) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "inlinelens-tools", "gopls-"+Version+"-"+toolchain)
	name := filepath.Join(dir, "gopls")
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if _, err := os.Stat(name); err == nil {
		return name, nil
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	// Built beside and renamed, so that there is never a half of it.
	half, err := os.MkdirTemp(dir, "build-*")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(half)
	cmd := exec.CommandContext(ctx, "go", "install", "golang.org/x/tools/gopls@"+Version)
	cmd.Dir = half // of no module
	cmd.Env = append(os.Environ(), "GOBIN="+half, "GOFLAGS=", "GOWORK=off", "GOTOOLCHAIN="+toolchain)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building gopls %s: %w\n%s", Version, err, out)
	}
	return name, os.Rename(filepath.Join(half, filepath.Base(name)), name)
}
