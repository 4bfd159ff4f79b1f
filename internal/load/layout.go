package load

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/inlinelens/inlinelens/internal/gorelease"
	"github.com/inlinelens/inlinelens/internal/regular"
)

// The go command says that a directory is outside of its modules, but not which modules
// there are. What a user can do depends on that: a directory may be the root of a
// workspace, in a module that go.work does not list, or in a module of its own.

// mostModules is how many modules an advice names.
const mostModules = 3

// moduleAdvice says what to do about a pattern that names nothing in the main modules; ""
// where the layout of the directories does not tell.
func (l *loader) moduleAdvice(pattern string) string {
	dir, local := l.patternDir(pattern)
	if !local {
		return l.pathAdvice(pattern)
	}
	if _, err := os.Stat(dir); err != nil {
		return "check the spelling"
	}
	file := upward(dir, "go.mod")
	switch own := filepath.Dir(file); {
	case l.env.Work != "" && file != "" && !slices.Contains(l.workspaceModules(), own):
		return fmt.Sprintf("go.work does not list the module %s: add it with \"go work use %s\", or set GOWORK=off", modulePath(file), l.relative(own))
	case l.env.Work != "" && file == "":
		return l.nameModules(l.workspaceModules())
	case l.env.Work != "":
		return ""
	case file != "" && l.hasMainModule() && own != filepath.Dir(l.env.Mod):
		return fmt.Sprintf("%s is in another module, %s: run it in %s, or join the modules with \"go work init . %[3]s\"", l.relative(dir), modulePath(file), l.relative(own))
	case file != "" && l.hasMainModule():
		return ""
	}
	return l.outside(dir)
}

// outside says what to do where the go command has no main module, or dir is in none.
func (l *loader) outside(dir string) string {
	below := modulesBelow(dir)
	switch {
	case len(below) == 0 && l.hasMainModule():
		return "name packages of the main module, or run it in a directory of another one"
	case len(below) == 0:
		return inNoModule
	case len(below) == 1:
		return "run it in the directory of the module: " + l.relative(below[0])
	}
	return fmt.Sprintf("run it in the directory of a module (%s), or join them with \"go work init\" and \"go work use -r .\"", l.nameDirs(below, ""))
}

// nameModules says how to name the modules of the workspace.
func (l *loader) nameModules(modules []string) string {
	if len(modules) == 0 {
		return "add modules to go.work with \"go work use\""
	}
	advice := "name the modules that go.work lists: " + l.nameDirs(modules, "/...")
	if gorelease.Of(l.env.Version).HasWorkPattern() {
		advice += "; \"work\" names all of them"
	}
	return advice
}

// nameDirs names some directories: "./a, ./b and 3 more".
func (l *loader) nameDirs(dirs []string, suffix string) string {
	var names []string
	for _, dir := range dirs[:min(len(dirs), mostModules)] {
		names = append(names, l.relative(dir)+suffix)
	}
	text := strings.Join(names, ", ")
	if more := len(dirs) - mostModules; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// pathAdvice says what to do about an import path that no module provides, if there is a
// directory of that name, or a module of that path is near.
func (l *loader) pathAdvice(path string) string {
	before, _, _ := strings.Cut(path, "...")
	if info, err := os.Stat(l.abs(before)); err == nil && info.IsDir() {
		return fmt.Sprintf("a directory begins with ./: did you mean ./%s?", path)
	}
	root := l.dir
	switch {
	case l.env.Work != "":
		root = filepath.Dir(l.env.Work)
	case l.hasMainModule():
		root = filepath.Dir(l.env.Mod)
	}
	for _, dir := range modulesBelow(root) {
		file := filepath.Join(dir, "go.mod")
		module := modulePath(file)
		if module == "" || file == l.env.Mod || path != module && !strings.HasPrefix(path, module+"/") {
			continue
		}
		if slices.Contains(l.workspaceModules(), dir) {
			return ""
		}
		if l.env.Work != "" {
			return fmt.Sprintf("go.work does not list the module, which is in %s: add it with \"go work use %[1]s\"", l.relative(dir))
		}
		return fmt.Sprintf("its module is in %s: run it there, or join the modules with \"go work init . %[1]s\"", l.relative(dir))
	}
	return ""
}

// patternDir returns the directory that a pattern begins with; local is false for an
// import path.
func (l *loader) patternDir(pattern string) (dir string, local bool) {
	if !filepath.IsAbs(pattern) && pattern != "." && pattern != ".." && !strings.HasPrefix(pattern, "./") && !strings.HasPrefix(pattern, "../") {
		return "", false
	}
	before, _, _ := strings.Cut(pattern, "...")
	return filepath.Clean(l.abs(before)), true
}

// relative is how a user in the load's directory writes the name of another one.
func (l *loader) relative(dir string) string {
	rel, err := filepath.Rel(l.dir, dir)
	if err != nil {
		return dir
	}
	if rel = filepath.ToSlash(rel); rel != "." && rel != ".." && !strings.HasPrefix(rel, "../") {
		rel = "./" + rel
	}
	return rel
}

func (l *loader) hasMainModule() bool { return l.env.Mod != "" && l.env.Mod != os.DevNull }

// workspaceModules returns the directories that go.work lists.
func (l *loader) workspaceModules() []string {
	if l.env.Work == "" {
		return nil
	}
	text, err := l.read(l.env.Work)
	if err != nil {
		return nil
	}
	work, err := modfile.ParseWork(l.env.Work, text, nil)
	if err != nil {
		return nil // the go command says what is wrong with it
	}
	var dirs []string
	for _, use := range work.Use {
		dir := filepath.FromSlash(use.Path)
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(l.env.Work), dir)
		}
		dirs = append(dirs, filepath.Clean(dir))
	}
	return dirs
}

// modulePath returns the path of the module whose go.mod is named.
func modulePath(file string) string {
	text, err := regular.ReadFile(file)
	if err != nil {
		return ""
	}
	return modfile.ModulePath(text)
}

const (
	// searchDepth is how many directories deep modules are looked for.
	searchDepth = 3
	// searchMost is how many directories are looked at.
	searchMost = 2000
)

// modulesBelow returns the directories of modules in a directory, as far as a short look
// finds them.
func modulesBelow(dir string) (found []string) {
	seen := 0
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		name := ""
		if d != nil {
			name = d.Name()
		}
		switch {
		case err != nil, d.IsDir() && path != dir && (name[0] == '.' || name[0] == '_' || name == "vendor" || name == "testdata" || name == "node_modules"):
			return fs.SkipDir
		case d.IsDir():
			rel, _ := filepath.Rel(dir, path)
			if seen++; seen > searchMost {
				return fs.SkipAll
			}
			if strings.Count(filepath.ToSlash(rel), "/") >= searchDepth {
				return fs.SkipDir
			}
		case name == "go.mod" && d.Type().IsRegular():
			found = append(found, filepath.Dir(path))
		}
		return nil
	})
	return found
}
