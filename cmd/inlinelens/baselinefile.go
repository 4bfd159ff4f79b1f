package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/regular"
)

// maxBaseline is how large the file of a baseline may be, in bytes.
const maxBaseline = 64 << 20

// baselineFile returns the name of the baseline of the module around a directory.
func baselineFile(dir string) string {
	for at := dir; ; {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return filepath.Join(at, compare.BaselineName)
		}
		parent := filepath.Dir(at)
		if parent == at {
			return filepath.Join(dir, compare.BaselineName)
		}
		at = parent
	}
}

// readBaseline reads a baseline. It returns fs.ErrNotExist if there is none, and a
// *compare.BaselineError for what is wrong with the text.
func readBaseline(file string) (*compare.Baseline, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if info.Mode().IsRegular() && info.Size() > maxBaseline {
		return nil, fmt.Errorf("%s is too large for a baseline: %d MB; run \"inlinelens baseline write\"", file, info.Size()/1e6)
	}
	text, err := regular.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return compare.ParseBaseline(text)
}

// existingBaseline is readBaseline for who cannot do without one.
func existingBaseline(file string) (*compare.Baseline, error) {
	b, err := readBaseline(file)
	var fault *compare.BaselineError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no baseline %s; write one with \"inlinelens baseline write\"", file)
	case errors.As(err, &fault):
		return nil, fmt.Errorf("%s:%d: %s", file, fault.Line, fault.What)
	}
	return b, err
}

// relative names a file below a directory from there.
func relative(dir, file string) string {
	if rel, err := filepath.Rel(dir, file); err == nil {
		return rel
	}
	return file
}

// rebased names relative patterns, which are so in one directory, from another one.
func rebased(patterns []string, from, to string) []string {
	var list []string
	for _, p := range patterns {
		if p == "." || p == ".." || strings.HasPrefix(p, "./") || strings.HasPrefix(p, "../") {
			if rel, err := filepath.Rel(to, filepath.Join(from, p)); err == nil {
				if p = filepath.ToSlash(rel); p != "." && p != ".." && !strings.HasPrefix(p, "../") {
					p = "./" + p
				}
			}
		}
		list = append(list, strings.TrimSuffix(p, "/"))
	}
	return list
}
