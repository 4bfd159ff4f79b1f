package load

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/modfile"

	"github.com/inlinelens/inlinelens/internal/regular"
)

// maxDirs is how many directories a local module may have for a fingerprint of
// it to be worth its time.
const maxDirs = 20_000

// A fingerprinter makes the fingerprint of one load.
type fingerprinter struct {
	ctx      context.Context
	loader   *loader
	graph    graph
	began    time.Time
	print    *Fingerprint
	seen     map[string]bool // files and directories that are in it
	editable map[string]bool
	replaced map[string]func() ([]byte, error)
	kept     map[string][]byte // Config.Overlay, if it is kept
}

// fingerprint returns the fingerprint of what the load found, nil if it has
// none. Began is the time at which the load began: what changed since may not
// have been seen.
func (l *loader) fingerprint(ctx context.Context, g graph, began time.Time) *Fingerprint {
	replaced, err := everyReplaced(l.cfg)
	if err != nil {
		return nil
	}
	f := &fingerprinter{
		ctx: ctx, loader: l, graph: g, began: began,
		print:    &Fingerprint{Env: envDigest(l.environ)},
		seen:     make(map[string]bool),
		editable: editable(g),
		replaced: replaced,
	}
	if withoutKept(replaced, l.cfg); l.cfg.OverlayKept {
		f.kept = l.cfg.Overlay
	}
	if !f.describable() {
		return nil
	}
	for _, step := range []func() error{f.toolchain, f.modules, f.patterns, f.units} {
		if step() != nil {
			return nil
		}
	}
	return f.print
}

// describable reports whether files tell all that the load depended on.
func (f *fingerprinter) describable() bool {
	l, g := f.loader, f.graph
	if l.external || len(g.failures) > 0 || len(g.notes) > 0 || lookup(l.environ, "GO111MODULE") == "off" {
		return false
	}
	for _, name := range []string{"modfile", "toolexec", "pkgdir", "compiler", "C"} {
		if l.flags.vals[name] != "" {
			return false
		}
	}
	if l.flags.vals["mod"] == "mod" {
		return false
	}
	for _, u := range g.units {
		if len(u.Errors) > 0 || u.Cgo && !u.Std {
			return false
		}
	}
	for name := range f.replaced {
		if !f.editable[name] {
			return false
		}
	}
	return true
}

// editable returns the Go files of roots that no other unit sees.
func editable(g graph) map[string]bool {
	imported := make(map[*Unit]bool)
	for _, u := range g.units {
		for _, dep := range u.Imports {
			imported[dep] = true
		}
	}
	files := make(map[string]bool)
	for _, u := range g.roots {
		for _, name := range u.GoFiles {
			files[name] = !u.Cgo
		}
	}
	for _, u := range g.units {
		if imported[u] || !u.Root {
			for _, name := range u.GoFiles {
				delete(files, name)
			}
		}
	}
	return files
}

// file adds a file that exists, once.
func (f *fingerprinter) file(name string) error {
	if f.seen[name] {
		return nil
	}
	f.seen[name] = true
	if _, ok := f.kept[name]; ok {
		return nil // whatever is on disk does not count
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	p := FilePrint{Name: name, Size: info.Size(), Changed: lastChange(info)}
	switch {
	case contentNamed.MatchString(filepath.Base(name)):
		p.Changed = 0
	case f.editable[name]:
		if p.Header = headerDigest(f.replaced[name], name); p.Header == "" {
			return errNoFingerprint
		}
		if f.replaced[name] != nil || !settled(p.Changed, f.began) {
			p.Changed = 0 // what is on disk is not, or not surely, what was seen
		}
	case !settled(p.Changed, f.began):
		return errNoFingerprint
	}
	f.print.Files = append(f.print.Files, p)
	return nil
}

// fileOrAbsent adds a file that may exist.
func (f *fingerprinter) fileOrAbsent(name string) error {
	if f.seen[name] {
		return nil
	}
	err := f.file(name)
	if os.IsNotExist(err) {
		f.print.Absent = append(f.print.Absent, name)
		return nil
	}
	return err
}

// dir adds a directory, once.
func (f *fingerprinter) dir(name string) error {
	if f.seen[name] {
		return nil
	}
	f.seen[name] = true
	changed, err := dirChanged(name)
	if err != nil {
		return err
	}
	entries, err := entriesDigest(name)
	if err != nil {
		return err
	}
	if !settled(changed, f.began) {
		changed = 0 // its entries will be compared
	}
	f.print.Dirs = append(f.print.Dirs, DirPrint{Name: name, Changed: changed, Entries: entries})
	return f.ctx.Err()
}

// tree adds the directories in which a pattern may find packages, root included.
func (f *fingerprinter) tree(root string) error {
	return filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !e.IsDir() {
			return nil
		}
		name := e.Name()
		if path != root && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata") {
			return filepath.SkipDir
		}
		if len(f.print.Dirs) > maxDirs {
			return errNoFingerprint
		}
		return f.dir(path)
	})
}

// toolchain adds the files that make the toolchain, and its settings.
func (f *fingerprinter) toolchain() error {
	env := f.loader.env
	goCmd, err := exec.LookPath("go")
	if err != nil {
		return err
	}
	names := []string{goCmd, filepath.Join(env.GOROOT, "go.env"), filepath.Join(env.GOROOT, "VERSION")}
	if env.config != "" && env.config != "off" {
		names = append(names, env.config)
	}
	for _, name := range names {
		if err := f.fileOrAbsent(name); err != nil {
			return err
		}
	}
	exe := ""
	if runtime.GOOS == "windows" {
		exe = ".exe"
	}
	return f.fileOrAbsent(filepath.Join(env.GOROOT, "pkg", "tool", runtime.GOOS+"_"+runtime.GOARCH, "compile"+exe))
}

// modules adds what decides which modules there are, and where local ones have
// their packages.
func (f *fingerprinter) modules() error {
	for dir := f.loader.dir; ; dir = filepath.Dir(dir) {
		for _, name := range []string{"go.mod", "go.work"} {
			if err := f.fileOrAbsent(filepath.Join(dir, name)); err != nil {
				return err
			}
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	env := f.loader.env
	if env.Work != "" {
		return f.workspace(env.Work)
	}
	if env.Mod == "" || env.Mod == os.DevNull {
		return nil
	}
	return f.module(env.Mod)
}

func (f *fingerprinter) workspace(name string) error {
	dir := filepath.Dir(name)
	for _, file := range []string{name, name + ".sum", filepath.Join(dir, "vendor", "modules.txt")} {
		if err := f.fileOrAbsent(file); err != nil {
			return err
		}
	}
	text, err := regular.ReadFile(name)
	if err != nil {
		return err
	}
	work, err := modfile.ParseWork(name, text, nil)
	if err != nil {
		return err
	}
	for _, use := range work.Use {
		if err := f.module(filepath.Join(below(dir, use.Path), "go.mod")); err != nil {
			return err
		}
	}
	return f.replacements(dir, work.Replace)
}

// module adds a module whose files may change at any time.
func (f *fingerprinter) module(mod string) error {
	if f.seen[filepath.Dir(mod)] && f.seen[mod] {
		return nil
	}
	dir := filepath.Dir(mod)
	for _, file := range []string{mod, filepath.Join(dir, "go.sum"), filepath.Join(dir, "vendor", "modules.txt")} {
		if err := f.fileOrAbsent(file); err != nil {
			return err
		}
	}
	if err := f.tree(dir); err != nil {
		return err
	}
	text, err := regular.ReadFile(mod)
	if err != nil {
		return err
	}
	file, err := modfile.Parse(mod, text, nil)
	if err != nil {
		return err
	}
	return f.replacements(dir, file.Replace)
}

func (f *fingerprinter) replacements(dir string, list []*modfile.Replace) error {
	for _, r := range list {
		if r.New.Version == "" {
			if err := f.module(filepath.Join(below(dir, r.New.Path), "go.mod")); err != nil {
				return err
			}
		}
	}
	return nil
}

// below makes a path as go.mod and go.work write it absolute.
func below(dir, path string) string {
	path = filepath.FromSlash(path)
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

// patterns adds the directories in which the patterns search beyond local modules.
func (f *fingerprinter) patterns() error {
	for _, p := range f.loader.patterns {
		switch {
		case p == "std" || p == "cmd" || p == "all" || strings.Contains(p, "..."):
			if err := f.tree(filepath.Join(f.loader.env.GOROOT, "src")); err != nil {
				return err
			}
			if filepath.IsAbs(p) || strings.HasPrefix(p, ".") {
				base, _, _ := strings.Cut(p, "...")
				if err := f.tree(f.loader.abs(base)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// units adds the files of all units, and the export data that was found.
func (f *fingerprinter) units() error {
	ids := make([]string, 0, len(f.graph.units))
	for id := range f.graph.units {
		ids = append(ids, id)
	}
	slices.Sort(ids) // the files stand in the order in which they are on the disk, more or less
	for _, id := range ids {
		u := f.graph.units[id]
		if u.Dir != "" {
			if err := f.dir(u.Dir); err != nil {
				return err
			}
		}
		for _, list := range [][]string{u.GoFiles, u.Files, u.OtherFiles, u.EmbedFiles, u.Ignored, {u.Export, u.PGO}} {
			for _, name := range list {
				if name == "" {
					continue
				}
				if err := f.file(name); err != nil {
					return err
				}
			}
		}
		for _, name := range u.EmbedFiles {
			for dir := filepath.Dir(name); len(dir) > len(u.Dir); dir = filepath.Dir(dir) {
				if err := f.dir(dir); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
