package main

import (
	"context"
	"errors"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/similar"
)

// withNearPaths adds to the error about a pattern that is misspelt what could be meant:
// another directory or file beside it, or another import path.
func withNearPaths(ctx context.Context, dir string, patterns []string, err error) error {
	var failure *load.Failure
	if !errors.As(err, &failure) || !strings.HasPrefix(failure.Do, "check the spelling") || ctx.Err() != nil {
		return err
	}
	for _, pattern := range patterns {
		before, rest, wild := strings.Cut(pattern, "/...")
		if wild {
			rest = "/..." + rest
		}
		if at, local := localPath(dir, before); local {
			if _, gone := os.Stat(at); gone == nil {
				continue
			}
		}
		if names := nearPaths(ctx, dir, before); len(names) > 0 {
			for i := range names {
				names[i] += rest
			}
			failure.Do = strings.TrimPrefix(similar.DidYouMean(names), "; ")
			return err
		}
	}
	return err
}

// localPath returns the name of the file or directory that a pattern is; local is false
// for an import path.
func localPath(dir, pattern string) (name string, local bool) {
	local = strings.HasPrefix(pattern, ".") || strings.HasSuffix(pattern, ".go") || filepath.IsAbs(pattern)
	if local && !filepath.IsAbs(pattern) {
		pattern = filepath.Join(dir, pattern)
	}
	return pattern, local
}

// nearPaths returns the paths that differ from one in few letters of the last element.
func nearPaths(ctx context.Context, dir, pattern string) []string {
	parent, last := path.Split(pattern)
	near := similar.New(last)
	if at, local := localPath(dir, pattern); local {
		isFile := strings.HasSuffix(last, ".go")
		entries, _ := os.ReadDir(filepath.Dir(at))
		for _, e := range entries {
			if name := e.Name(); e.IsDir() != isFile && strings.HasSuffix(name, ".go") == isFile {
				near.Add(name)
			}
		}
	} else {
		paths, _ := load.ImportPaths(ctx, dir, parent)
		for _, p := range paths {
			if rest := strings.TrimPrefix(p, parent); !strings.Contains(rest, "/") {
				near.Add(rest)
			}
		}
	}
	var names []string
	for _, name := range near.Names() {
		names = append(names, parent+name)
	}
	return names
}
