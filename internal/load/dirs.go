package load

import (
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"

	"github.com/inlinelens/inlinelens/internal/regular"
)

// ModuleDirs returns the directories of the modules whose packages are on this disk
// outside of the module cache: the main module or those of the workspace, and what
// takes the place of others. Mod and work are what the go command calls GOMOD and
// GOWORK.
func ModuleDirs(mod, work string) []string {
	var dirs []string
	if work != "" && work != "off" {
		dir := filepath.Dir(work)
		dirs = append(dirs, dir)
		if text, err := regular.ReadFile(work); err == nil {
			if f, err := modfile.ParseWork(work, text, nil); err == nil {
				for _, use := range f.Use {
					dirs = append(dirs, moduleDirs(filepath.Join(below(dir, use.Path), "go.mod"))...)
				}
				dirs = append(dirs, replacementDirs(dir, f.Replace)...)
			}
		}
		return dirs
	}
	if mod == "" || mod == os.DevNull {
		return nil
	}
	return moduleDirs(mod)
}

func moduleDirs(mod string) []string {
	dir := filepath.Dir(mod)
	dirs := []string{dir}
	text, err := regular.ReadFile(mod)
	if err != nil {
		return dirs
	}
	f, err := modfile.Parse(mod, text, nil)
	if err != nil {
		return dirs
	}
	return append(dirs, replacementDirs(dir, f.Replace)...)
}

func replacementDirs(dir string, list []*modfile.Replace) []string {
	var dirs []string
	for _, r := range list {
		if r.New.Version == "" {
			dirs = append(dirs, below(dir, r.New.Path))
		}
	}
	return dirs
}
