package loading

import (
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/load"
)

// What is kept of loads names files, and somebody else may have written it: a cache
// can come with a directory, or from another machine. So it is used only if all
// files are where the go command has them now.

// places are the directories in which a load with cfg finds files, by what the go
// command says of itself.
func places(cfg load.Config, patterns []string, tc *gc.Toolchain) []string {
	dirs := load.ModuleDirs(tc.Dirs.Mod, tc.Dirs.Work)
	for _, dir := range []string{tc.GOROOT, tc.Dirs.ModCache, tc.Dirs.BuildCache} {
		if filepath.IsAbs(dir) {
			dirs = append(dirs, dir)
		}
	}
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return dirs
	}
	for _, p := range patterns {
		if load.IsGo(p) { // a file that is named belongs to no module, perhaps
			if !filepath.IsAbs(p) {
				p = filepath.Join(dir, p)
			}
			dirs = append(dirs, filepath.Dir(p))
		}
	}
	return dirs
}

// plausible reports whether all files of a load that was kept are in places.
func plausible(r *load.Result, places []string) bool {
	for _, u := range r.Units {
		lists := [][]string{{u.Dir, u.Export, u.PGO}, u.GoFiles, u.Files, u.OtherFiles, u.EmbedFiles, u.Ignored}
		for _, name := range slices.Concat(lists...) {
			if name != "" && !inPlace(name, places) {
				return false
			}
		}
	}
	return true
}

func inPlace(name string, places []string) bool {
	return filepath.IsAbs(name) && filepath.Clean(name) == name &&
		slices.ContainsFunc(places, func(dir string) bool { return load.Within(name, dir) })
}

// plausibleBuildList reports whether all that is to be built is named by import path:
// no flag, no directory, no pattern.
func plausibleBuildList(f *load.BuildList) bool {
	return !slices.ContainsFunc(f.Patterns, func(p string) bool {
		return strings.Contains(p, "...") || module.CheckImportPath(p) != nil
	})
}
