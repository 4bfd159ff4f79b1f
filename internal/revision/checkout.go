package revision

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/regular"
)

// Checkout writes the files of a commit into an empty directory. No filter runs: files
// that git stores elsewhere are the pointers that the commit has. Go files that git ignores
// are copied from the working tree.
func (r *Repo) Checkout(ctx context.Context, c Commit, into string) error {
	root, err := os.OpenRoot(into)
	if err != nil {
		return err
	}
	defer root.Close()
	return errors.Join(r.write(ctx, c, root, "."), r.ignored(ctx, root))
}

// write writes the files of a commit below a directory in root.
func (r *Repo) write(ctx context.Context, c Commit, root *os.Root, below string) error {
	tree, err := r.tree(ctx, c)
	if err != nil {
		return err
	}
	var names, hashes []string
	for name, e := range tree {
		if e.mode != modeSubmodule {
			names, hashes = append(names, name), append(hashes, e.hash)
			continue
		}
		sub := &Repo{Root: r.abs(name)}
		if _, err := os.Stat(filepath.Join(sub.Root, ".git")); err != nil {
			continue // it is not there now either
		}
		if err := sub.write(ctx, Commit{c.Name, e.hash}, root, path.Join(below, name)); err != nil {
			return fmt.Errorf("submodule %s: %w; run \"git submodule update\" for that commit, and try again", name, err)
		}
	}
	return r.texts(ctx, hashes, func(i int, text []byte) error {
		name := filepath.FromSlash(path.Join(below, names[i]))
		if err := root.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		if tree[names[i]].mode == modeLink {
			// The go command does not follow links to directories. One that leads out of
			// the commit has no text there.
			if target := filepath.Join(filepath.Dir(name), filepath.FromSlash(string(text))); filepath.IsAbs(string(text)) || !filepath.IsLocal(target) {
				return nil
			}
			return root.Symlink(string(text), name)
		}
		return root.WriteFile(name, text, 0o666)
	})
}

// ignored copies Go files that git ignores, such as generated ones, and go.mod files.
func (r *Repo) ignored(ctx context.Context, root *os.Root) error {
	out, err := r.git(ctx, nil, "ls-files", "-z", "--others", "--ignored", "--exclude-standard")
	if err != nil {
		return err
	}
	for name := range strings.SplitSeq(string(out), "\x00") {
		if path.Ext(name) != ".go" && !slices.Contains(special, path.Base(name)) || !filepath.IsLocal(filepath.FromSlash(name)) {
			continue
		}
		text, err := regular.ReadFile(r.abs(name))
		if err != nil {
			continue // it was removed meanwhile, or is no file
		}
		name = filepath.FromSlash(name)
		if err := root.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		if err := root.WriteFile(name, text, 0o666); err != nil {
			return err
		}
	}
	return nil
}
