package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// copyGoroot copies the installation of Go, so that files of the standard
// library can be saved: what only its own tests and documents need is left out.
func (r *rig) copyGoroot() (string, error) {
	to := r.sub("goroot")
	if _, err := os.Stat(to); err == nil {
		return to, nil
	}
	progress("  copying the installation of Go")
	err := filepath.WalkDir(r.goroot, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(r.goroot, path)
		if err != nil {
			return err
		}
		switch top, _, _ := strings.Cut(filepath.ToSlash(rel), "/"); top {
		case ".", "bin", "lib", "pkg", "src", "VERSION", "go.env":
		default:
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		target := filepath.Join(to, rel)
		if e.IsDir() {
			return os.MkdirAll(target, 0o777)
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.WriteFile(target, text, info.Mode()); err != nil {
			return err
		}
		return os.Chtimes(target, info.ModTime(), info.ModTime())
	})
	return to, err
}
