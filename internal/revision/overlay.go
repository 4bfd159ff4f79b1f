package revision

import (
	"bytes"
	"context"
	"crypto/sha1" // git's own
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"iter"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/regular"
)

// An Overlay is how the files of a commit differ from the working tree, as far as they
// matter to the go command.
type Overlay struct {
	// Files has texts by absolute name; nil for a file that the commit does not have.
	Files map[string][]byte
	// Checkout says why an overlay does not do: which file differs that must be on disk.
	// It is "" where one does.
	Checkout string
}

// Overlay compares a commit with the working tree, for who loads packages in a directory.
// Files that git ignores are taken to be those of the commit too.
func (r *Repo) Overlay(ctx context.Context, c Commit, dir string) (*Overlay, error) {
	tree, err := r.tree(ctx, c)
	if err != nil {
		return nil, err
	}
	present, err := r.present(ctx)
	if err != nil {
		return nil, err
	}
	o := &Overlay{Files: make(map[string][]byte)}
	matters := r.reader(dir, tree, present)
	var names, hashes []string // of Go files whose text differs
	embedding := make(map[string]bool)
	noteEmbeds := func(name string, text []byte) {
		if bytes.Contains(text, []byte("//go:embed ")) {
			embedding[path.Dir(name)] = true
		}
	}
	var others []string // that are not on both sides
	for name, e := range tree {
		if e.mode == modeSubmodule || !matters(name) {
			if !present[name] {
				others = append(others, name)
			}
			continue
		}
		switch differs, text := r.differs(name, e, present); {
		case !differs:
			noteEmbeds(name, text)
		case !strings.HasSuffix(name, ".go"), e.mode == modeLink:
			o.needs(name)
		default:
			names, hashes = append(names, name), append(hashes, e.hash)
		}
	}
	for name := range present {
		if _, ok := tree[name]; ok {
			continue
		}
		switch {
		case !matters(name):
			others = append(others, name)
		case strings.HasSuffix(name, ".go"):
			o.Files[r.abs(name)] = nil
		default:
			if _, err := regular.ReadFile(r.abs(name)); err == nil { // it may have been removed
				o.needs(name)
			}
		}
	}
	err = r.texts(ctx, hashes, func(i int, text []byte) error {
		name := names[i]
		noteEmbeds(name, text)
		now, err := regular.ReadFile(r.abs(name))
		if err == nil && bytes.Equal(bytes.ReplaceAll(now, []byte("\r\n"), []byte("\n")), text) {
			return nil // git may have changed the ends of lines
		}
		if importsC(text) || importsC(now) {
			o.needs(name)
		}
		o.Files[r.abs(name)] = text
		return nil
	})
	if err != nil {
		return nil, err
	}
	o.embeds(others, embedding)
	r.links(tree, o)
	if err := r.submodules(ctx, tree, o); err != nil {
		return nil, err
	}
	return o, nil
}

// importsC reports whether a Go file is one for cgo. Many files only mention the import.
func importsC(text []byte) bool {
	if !bytes.Contains(text, []byte(`"C"`)) {
		return false
	}
	f, err := parser.ParseFile(token.NewFileSet(), "", text, parser.ImportsOnly|parser.SkipObjectResolution)
	return err != nil || slices.ContainsFunc(f.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"C"` })
}

// needs notes a file for which a checkout is needed; the first in order is told.
func (o *Overlay) needs(name string) {
	if o.Checkout == "" || name < o.Checkout {
		o.Checkout = name
	}
}

// embeds looks for files that are on one side only, and that a directive may embed. What is
// in such a file is all the same to the compiler's verdicts.
func (o *Overlay) embeds(others []string, embedding map[string]bool) {
	for _, name := range others {
		for dir := path.Dir(name); ; dir = path.Dir(dir) {
			if embedding[dir] {
				o.needs(name)
			}
			if dir == "." || dir == "/" {
				break
			}
		}
	}
}

// links looks for links to directories in which a file differs: packages may be named by
// the way through the link, where no overlay has them.
func (r *Repo) links(tree map[string]entry, o *Overlay) {
	for name, e := range tree {
		if e.mode != modeLink {
			continue
		}
		target, err := filepath.EvalSymlinks(r.abs(name))
		if err != nil {
			continue
		}
		for file := range o.Files {
			if strings.HasPrefix(file, target+string(filepath.Separator)) {
				o.needs(name)
			}
		}
	}
}

// submodules compares the commits of submodules with those that the index has.
func (r *Repo) submodules(ctx context.Context, tree map[string]entry, o *Overlay) error {
	var names []string
	for name, e := range tree {
		if e.mode == modeSubmodule {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	out, err := r.git(ctx, nil, "ls-files", "-z", "--stage")
	if err != nil {
		return err
	}
	now := make(map[string]string)
	for item := range strings.SplitSeq(string(out), "\x00") {
		about, name, _ := strings.Cut(item, "\t")
		if fields := strings.Fields(about); len(fields) == 3 && fields[0] == modeSubmodule {
			now[name] = fields[1]
		}
	}
	for _, name := range names {
		if now[name] != tree[name].hash {
			o.needs(name)
		}
	}
	return nil
}

// The files beside Go's that the go command or the compiler reads.
var (
	special    = []string{"go.mod", "go.sum", "go.work", "go.work.sum", "modules.txt", "default.pgo"}
	extensions = []string{".s", ".S", ".sx", ".c", ".cc", ".cpp", ".cxx", ".m", ".h", ".hh", ".hpp", ".hxx", ".f", ".F", ".for", ".f90", ".swig", ".swigcxx", ".syso"}
)

// reader returns a function that reports whether the go command may read a file when it
// works in a directory. The files of modules below have no part, unless a workspace or a
// replacement brings them in.
func (r *Repo) reader(dir string, tree map[string]entry, present map[string]bool) func(name string) bool {
	withGo := make(map[string]bool)
	var modules []string // directories
	for _, files := range []iter.Seq[string]{maps.Keys(tree), maps.Keys(present)} {
		for name := range files {
			switch {
			case strings.HasSuffix(name, ".go"):
				withGo[path.Dir(name)] = true
			case path.Base(name) == "go.mod":
				modules = append(modules, path.Dir(name))
			}
		}
	}
	here := "."
	if rel, err := filepath.Rel(r.Root, dir); err == nil {
		here = filepath.ToSlash(rel)
	}
	above := func(dir string) bool { return dir == "." || dir == here || strings.HasPrefix(here, dir+"/") }
	several := false
	for _, m := range modules {
		if text, err := regular.ReadFile(filepath.Join(r.abs(m), "go.mod")); err == nil && above(m) {
			several = several || bytes.Contains(text, []byte("=> ."))
		}
	}
	for name := range withGoWork(tree, present) {
		several = several || above(path.Dir(name))
	}
	return func(name string) bool {
		base, in := path.Base(name), path.Dir(name)
		if slices.Contains(special, base) {
			return several || above(in) || base == "default.pgo" && withGo[in] || base == "modules.txt"
		}
		return path.Ext(name) == ".go" || withGo[in] && slices.Contains(extensions, path.Ext(name))
	}
}

// withGoWork returns the go.work files of both sides.
func withGoWork(tree map[string]entry, present map[string]bool) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, files := range []iter.Seq[string]{maps.Keys(tree), maps.Keys(present)} {
			for name := range files {
				if path.Base(name) == "go.work" && !yield(name) {
					return
				}
			}
		}
	}
}

// differs reports whether the working tree has another text of a file than a commit, and
// returns the one it has.
func (r *Repo) differs(name string, e entry, present map[string]bool) (bool, []byte) {
	if !present[name] {
		return true, nil
	}
	if e.mode == modeLink { // where it leads is compared as a file of its own
		target, err := os.Readlink(r.abs(name))
		return err != nil || blobHash([]byte(filepath.ToSlash(target)), len(e.hash)) != e.hash, nil
	}
	text, err := regular.ReadFile(r.abs(name))
	if err != nil {
		return true, nil
	}
	return blobHash(text, len(e.hash)) != e.hash, text
}

// blobHash is the name that git gives a text.
func blobHash(text []byte, length int) string {
	h := sha1.New()
	if length == 2*sha256.Size {
		h = sha256.New()
	}
	fmt.Fprintf(h, "blob %d\x00", len(text))
	h.Write(text)
	return hex.EncodeToString(h.Sum(nil))
}

func (r *Repo) abs(name string) string { return filepath.Join(r.Root, filepath.FromSlash(name)) }
