package server

import (
	"path/filepath"
	"runtime"
	"strings"

	"go.lsp.dev/uri"
)

// filePath returns the absolute, cleaned name of the file that a client's URI
// names; ok is false if it names none on this machine: untitled:, git:, or one
// on another host.
func filePath(u uri.URI) (path string, ok bool) {
	parsed, err := uri.ParseStrict(string(u))
	if err != nil || !parsed.IsFile() {
		return "", false
	}
	path = parsed.FsPath()
	if runtime.GOOS != "windows" {
		if host := parsed.Authority(); host != "" && host != "localhost" {
			return "", false
		}
		// A colon is an ordinary character of a name, yet FsPath takes the slash
		// from /c:/x as it does on Windows.
		path = parsed.Path()
	}
	if !filepath.IsAbs(path) || strings.ContainsRune(path, 0) {
		return "", false
	}
	// A message's strings share its memory, and a path is kept for long.
	return strings.Clone(filepath.Clean(path)), true
}
