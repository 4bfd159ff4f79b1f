package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestOutputFiles(t *testing.T) {
	var files outputFiles
	for _, s := range []string{"json=a=b.json", "text=x"} {
		if err := files.Set(s); err != nil {
			t.Error(err)
		}
	}
	if got := files.String(); got != "json=a=b.json text=x" || files[0].name != "a=b.json" {
		t.Errorf("%s: %+v", got, files)
	}
	for s, want := range map[string]string{
		"json":    "want format=file, as in sarif=",
		"json=":   "want format=file",
		"jsn=x.y": "want one of text, json",
		"json=x":  "x is named twice",
	} {
		if err := files.Set(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", s, err, want)
		}
	}
}

// TestOutputCheck holds that what cannot be written is said before the work begins.
func TestOutputCheck(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		filepath.Join(dir, "new"):           "",
		file:                                "",
		filepath.Join(dir, "none", "x.txt"): "make the directory first",
		filepath.Join(file, "x.txt"):        "is not a directory",
		dir:                                 "is a directory",
	} {
		o := &outputFlags{files: outputFiles{{"text", name}}}
		err := o.check()
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}

func TestReplaceFile(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := os.WriteFile(file, []byte("old and longer"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("file", link); err != nil {
		t.Fatal(err)
	}
	if err := replaceFile(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(file)
	if err != nil || string(got) != "new" {
		t.Errorf("%q, %v", got, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link was replaced: %v, %v", info.Mode(), err)
	}
	if info, err := os.Stat(file); runtime.GOOS != "windows" && (err != nil || info.Mode().Perm() != 0o640) {
		t.Errorf("the file has the mode %v, %v", info.Mode(), err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Errorf("something was left: %v, %v", entries, err)
	}
	if err := replaceFile(filepath.Join(dir, "new"), nil); err != nil {
		t.Error(err)
	}
	if err := replaceFile(os.DevNull, []byte("x")); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Errorf("%s is %v, %v", os.DevNull, info.Mode(), err)
	}
}

func TestRepository(t *testing.T) {
	top := t.TempDir()
	repo := filepath.Join(top, "repo")
	module := filepath.Join(repo, "services", "shop")
	for _, dir := range []string{module, filepath.Join(repo, ".git"), filepath.Join(top, "repository")} {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	github := map[string]string{
		"GITHUB_WORKSPACE": top, "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "o/r", "GITHUB_SHA": "abc",
	}
	gitlab := map[string]string{"CI_PROJECT_DIR": repo, "CI_PROJECT_URL": "https://gitlab.com/o/r", "CI_COMMIT_SHA": "abc"}
	for _, test := range []struct {
		name, dir  string
		env        map[string]string
		root, link string
	}{
		{"by .git", module, nil, repo, ""},
		{"none", top, nil, top, ""},
		{"GitHub", module, github, top, "https://github.com/o/r/blob/abc/"},
		{"GitLab", module, gitlab, repo, "https://gitlab.com/o/r/-/blob/abc/"},
		{"outside of GitHub's", module, map[string]string{"GITHUB_WORKSPACE": filepath.Join(top, "rep")}, repo, ""},
		{"a commit is not known", module, map[string]string{"CI_PROJECT_DIR": repo}, repo, ""},
	} {
		root, link := repository(test.dir, func(name string) string { return test.env[name] })
		if root != test.root || link != test.link {
			t.Errorf("%s: %q and %q, want %q and %q", test.name, root, link, test.root, test.link)
		}
	}
}
