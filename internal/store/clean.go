package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// A Usage is how much a store keeps.
type Usage struct {
	Files int
	Bytes int64
}

// UsageOf says how much the store in dir keeps: nothing, where there is none.
func UsageOf(dir string) (Usage, error) {
	return eachFile(dir, func(*os.Root, string) error { return nil })
}

// Clean removes the store in dir, and says how much it kept. What a store does not
// write stays, with the directories around it. Processes that use the store go on.
func Clean(dir string) (Usage, error) {
	used, err := eachFile(dir, (*os.Root).Remove)
	if err != nil {
		return used, err
	}
	if info, err := os.Lstat(dir); err == nil && info.IsDir() {
		_ = os.Remove(dir) // unless something is in it
	}
	return used, nil
}

// eachFile calls do with each file of the store in dir, and then with each directory.
// It goes on after errors of do, and returns what do could be done with.
func eachFile(dir string, do func(root *os.Root, name string) error) (Usage, error) {
	var used Usage
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return used, nil
	}
	if err != nil {
		return used, err
	}
	defer root.Close()
	var failures []error
	visit := func(name string, info fs.FileInfo) {
		switch err := do(root, name); {
		case err == nil:
			used.Files++
			used.Bytes += info.Size()
		case !errors.Is(err, fs.ErrNotExist): // another process may have removed it
			failures = append(failures, err)
		}
	}
	for i := range 256 {
		sub := fmt.Sprintf("%02x", i)
		if info, err := root.Lstat(sub); err != nil || !info.IsDir() {
			continue
		}
		files, err := fs.ReadDir(root.FS(), sub)
		if err != nil {
			failures = append(failures, err)
			continue
		}
		for _, f := range files {
			info, err := f.Info()
			if err == nil && !f.IsDir() && (strings.HasPrefix(f.Name(), tempPrefix) || entryName.MatchString(f.Name())) {
				visit(sub+"/"+f.Name(), info)
			}
		}
		_ = do(root, sub) // it stays if something else is in it
	}
	if info, err := root.Lstat(stampFile); err == nil && !info.IsDir() {
		visit(stampFile, info)
	}
	if len(failures) > 0 {
		return used, failures[0] // the others are like it
	}
	return used, nil
}
