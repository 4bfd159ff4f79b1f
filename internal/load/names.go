package load

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// ImportPaths returns the import paths that begin with begun, as far as the go command
// knows them. Like Files it is for completion in a shell: nothing is downloaded, built or
// written, and packages that are not there are left out.
func ImportPaths(ctx context.Context, dir, begun string) ([]string, error) {
	stdout, err := find(ctx, dir, "{{if not .Error}}{{.ImportPath}}{{end}}", begun+"...")
	return strings.Fields(stdout), err
}

// Files returns the Go files of the package that a pattern without "..." names.
func Files(ctx context.Context, dir, pattern string) ([]string, error) {
	stdout, err := find(ctx, dir, `{{$dir := .Dir}}{{range .GoFiles}}{{$dir}}{{"\n"}}{{.}}{{"\n"}}{{end}}{{range .CgoFiles}}{{$dir}}{{"\n"}}{{.}}{{"\n"}}{{end}}`, pattern)
	var files []string
	for pair := range slices.Chunk(strings.Split(strings.TrimSpace(stdout), "\n"), 2) {
		if len(pair) == 2 {
			files = append(files, filepath.Join(pair...))
		}
	}
	return files, err
}

// findTime is how long somebody waits for help at most: the go command may meet a file that
// it never comes to the end of.
const findTime = 10 * time.Second

func find(ctx context.Context, dir, format, pattern string) (string, error) {
	ctx, stop := context.WithTimeout(ctx, findTime)
	defer stop()
	stdout, _, err := runGo(ctx, dir, append(os.Environ(), "GOPROXY=off"), "list", "-e", "-find", "-mod=readonly", "-f", format, "--", pattern)
	return stdout, err
}
