package revision

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// A repo is a repository that a test makes with the real git.
type repo struct {
	t   *testing.T
	dir string
}

func newRepo(t *testing.T, args ...string) *repo {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r := &repo{t, dir}
	r.git(append([]string{"init", "-q"}, args...)...)
	return r
}

func (r *repo) git(args ...string) string {
	r.t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=n", "-c", "user.email=n@example.com", "-c", "protocol.file.allow=always"}, args...)...)
	cmd.Dir = r.dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// write writes the files of an archive; those without text are removed.
func (r *repo) write(archive string) {
	r.t.Helper()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(r.dir, f.Name)
		if len(f.Data) == 0 {
			if err := os.Remove(name); err != nil {
				r.t.Fatal(err)
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			r.t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			r.t.Fatal(err)
		}
	}
}

func (r *repo) commit() {
	r.t.Helper()
	r.git("add", "-A")
	r.git("commit", "-q", "-m", "c")
}

// state is a hash of all files of the repository with their times, those of git included.
func (r *repo) state() string {
	r.t.Helper()
	h := sha256.New()
	err := filepath.WalkDir(r.dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		fmt.Fprintln(h, name, info.Size(), info.ModTime().UnixNano(), info.Mode())
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

func (r *repo) overlay(rev string) (*Repo, Commit, *Overlay) {
	r.t.Helper()
	o, err := Open(r.t.Context(), r.dir)
	if err != nil {
		r.t.Fatal(err)
	}
	c, err := o.Resolve(r.t.Context(), rev)
	if err != nil {
		r.t.Fatal(err)
	}
	over, err := o.Overlay(r.t.Context(), c, r.dir)
	if err != nil {
		r.t.Fatal(err)
	}
	return o, c, over
}

const firstCommit = `
-- go.mod --
module m
-- .gitignore --
gen.go
-- same.go --
package m
-- edited.go --
package m // before
-- removed.go --
package m // removed
-- sub/moved.go --
package sub
-- README --
text
-- js/x.c --
no Go here
`

func TestOverlay(t *testing.T) {
	for _, format := range []string{"sha1", "sha256"} {
		t.Run(format, func(t *testing.T) {
			r := newRepo(t, "--object-format="+format)
			r.write(firstCommit)
			r.commit()
			r.write("-- edited.go --\npackage m // committed\n-- README --\nother\n-- js/x.c --\nother\n")
			r.commit()
			// What is not committed is part of the working tree, and what git ignores of both.
			r.write("-- edited.go --\npackage m // unsaved\n-- new.go --\npackage m\n-- removed.go --\n-- sub/moved.go --\n-- other/moved.go --\npackage other\n-- gen.go --\npackage m\n")
			before := r.state()
			_, _, o := r.overlay("HEAD~1")
			got := make(map[string]string)
			for name, text := range o.Files {
				rel, _ := filepath.Rel(r.dir, name)
				if got[filepath.ToSlash(rel)] = strings.TrimSpace(string(text)); text == nil {
					got[filepath.ToSlash(rel)] = "absent"
				}
			}
			want := map[string]string{
				"edited.go": "package m // before", "removed.go": "package m // removed", "sub/moved.go": "package sub",
				"new.go": "absent", "other/moved.go": "absent",
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("got %v\nwant %v", got, want)
			}
			if o.Checkout != "" {
				t.Errorf("a checkout is needed for %s", o.Checkout)
			}
			if r.state() != before {
				t.Error("the repository has changed")
			}
		})
	}
}

// TestCheckout changes one file after another that an overlay does not do for.
func TestCheckout(t *testing.T) {
	for _, test := range []struct{ name, edit, want string }{
		{"go.mod", "-- go.mod --\nmodule m // other\n", "go.mod"},
		{"go.sum", "-- go.sum --\nx\n", "go.sum"},
		{"nested module", "-- nested/go.mod --\nmodule n // other\n", ""},
		{"assembly", "-- asm.s --\n// text\n", "asm.s"},
		{"C without Go", "-- js/x.c --\nother\n", ""},
		{"profile", "-- default.pgo --\nx\n", "default.pgo"},
		{"cgo", "-- cgo.go --\npackage m\n\nimport \"C\" // other\n", "cgo.go"},
		{"vendoring", "-- vendor/modules.txt --\nx\n", "vendor/modules.txt"},
		{"embedded file", "-- data/new.txt --\nx\n", "data/new.txt"},
		{"text of an embedded file", "-- data/old.txt --\nother\n", ""},
		{"other file", "-- README --\nother\n-- docs/new --\nx\n", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRepo(t)
			r.write(firstCommit)
			r.write("-- nested/go.mod --\nmodule n\n-- cgo.go --\npackage m\n\nimport \"C\"\n-- data/data.go --\npackage data\n\n//go:embed *.txt\nvar x string\n-- data/old.txt --\nx\n")
			r.commit()
			r.write(test.edit)
			repo, c, o := r.overlay("HEAD")
			if o.Checkout != test.want {
				t.Fatalf("a checkout is needed for %q, want %q", o.Checkout, test.want)
			}
			r.write("-- gen.go --\npackage m // generated\n")
			before, into := r.state(), t.TempDir()
			if err := repo.Checkout(t.Context(), c, into); err != nil {
				t.Fatal(err)
			}
			if r.state() != before {
				t.Error("the repository has changed")
			}
			for name, want := range map[string]string{"edited.go": "package m // before", "gen.go": "package m // generated", "data/old.txt": "x", "go.mod": "module m"} {
				if text, err := os.ReadFile(filepath.Join(into, name)); err != nil || strings.TrimSpace(string(text)) != want {
					t.Errorf("%s: %q, %v", name, text, err)
				}
			}
		})
	}
}

// TestHostile has a repository whose configuration names programs: none of them may run.
func TestHostile(t *testing.T) {
	r := newRepo(t)
	r.write(firstCommit)
	r.write("-- .gitattributes --\n*.go filter=bad diff=bad\n*.s filter=bad\n")
	r.commit()
	r.write("-- edited.go --\npackage m // other\n-- link.txt --\nx\n")
	r.commit()
	ran := filepath.Join(t.TempDir(), "ran")
	script := filepath.Join(t.TempDir(), "bad.sh")
	if err := os.WriteFile(script, []byte("#!/bin/sh\necho \"$0 $@\" >> "+ran+"\ncat\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{
		"core.fsmonitor", "filter.bad.clean", "filter.bad.smudge", "filter.bad.process", "diff.external", "diff.bad.command", "diff.bad.textconv",
		"core.pager", "core.editor", "core.sshCommand", "core.askPass", "uploadpack.packObjectsHook", "credential.helper",
	} {
		r.git("config", key, script)
	}
	r.git("config", "filter.bad.required", "true")
	for _, hook := range []string{"post-checkout", "post-index-change", "reference-transaction", "pre-auto-gc"} {
		if err := os.Link(script, filepath.Join(r.dir, ".git", "hooks", hook)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(r.dir, "edited.go"), []byte("package m // dirty\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	before := r.state()
	repo, c, o := r.overlay("HEAD~1")
	if len(o.Files) == 0 {
		t.Error("no difference was seen")
	}
	if err := repo.Checkout(t.Context(), c, t.TempDir()); err != nil {
		t.Error(err)
	}
	if text, err := os.ReadFile(ran); err == nil {
		t.Errorf("programs of the configuration ran:\n%s", text)
	}
	if r.state() != before {
		t.Error("the repository has changed")
	}
}

// TestLinks has links that lead out of a commit.
func TestLinks(t *testing.T) {
	r := newRepo(t)
	r.write(firstCommit)
	for name, target := range map[string]string{"up.go": "../../etc/passwd", "abs.go": "/etc/passwd", "in.go": "same.go", "sub/dir": ".."} {
		if err := os.Symlink(target, filepath.Join(r.dir, name)); err != nil {
			t.Skip(err)
		}
	}
	r.commit()
	repo, c, o := r.overlay("HEAD")
	if len(o.Files) != 0 || o.Checkout != "" {
		t.Errorf("nothing has changed, and there are %v, %q", o.Files, o.Checkout)
	}
	into := t.TempDir()
	if err := repo.Checkout(t.Context(), c, into); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"up.go": false, "abs.go": false, "in.go": true} {
		if _, err := os.Lstat(filepath.Join(into, name)); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestLinkedDirectory has a link to a directory whose files differ. A module may be replaced
// by the way through it.
func TestLinkedDirectory(t *testing.T) {
	r := newRepo(t)
	r.write(firstCommit)
	if err := os.Symlink("sub", filepath.Join(r.dir, "linked")); err != nil {
		t.Fatal(err)
	}
	r.commit()
	if _, _, o := r.overlay("HEAD"); o.Checkout != "" {
		t.Errorf("nothing differs: %q", o.Checkout)
	}
	r.write("-- sub/moved.go --\npackage sub // other\n")
	if _, _, o := r.overlay("HEAD"); o.Checkout != "linked" {
		t.Errorf("a file behind a link differs: %q", o.Checkout)
	}
}

func TestShallow(t *testing.T) {
	r := newRepo(t)
	r.write(firstCommit)
	r.commit()
	r.write("-- edited.go --\npackage m // other\n")
	r.commit()
	shallow := newRepo(t)
	shallow.git("fetch", "-q", "--depth=1", "file://"+r.dir, "HEAD")
	shallow.git("checkout", "-q", "FETCH_HEAD")
	repo, err := Open(t.Context(), shallow.dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := repo.Resolve(t.Context(), "HEAD~1"); err == nil || !strings.Contains(err.Error(), "git fetch --unshallow") {
		t.Error(err)
	}
}

func TestResolve(t *testing.T) {
	r := newRepo(t)
	r.write(firstCommit)
	r.commit()
	repo, _, _ := r.overlay("HEAD")
	for _, rev := range []string{"nope", "HEAD~7", "-x", "--all", "", "HEAD:go.mod"} {
		if c, err := repo.Resolve(t.Context(), rev); err == nil {
			t.Errorf("%q is %v", rev, c)
		}
	}
	if _, err := Open(t.Context(), t.TempDir()); err == nil || !strings.Contains(err.Error(), "not a git repository") {
		t.Errorf("outside of a repository: %v", err)
	}
}

func TestSubmodule(t *testing.T) {
	inner := newRepo(t)
	inner.write("-- go.mod --\nmodule s\n-- s.go --\npackage s // old\n")
	inner.commit()
	r := newRepo(t)
	r.write(firstCommit)
	r.git("submodule", "--quiet", "add", inner.dir, "sub2")
	r.commit()
	_, _, o := r.overlay("HEAD")
	if o.Checkout != "" || len(o.Files) != 0 {
		t.Errorf("unchanged: %q, %v", o.Checkout, o.Files)
	}
	inner.write("-- s.go --\npackage s // new\n")
	inner.commit()
	sub := &repo{t, filepath.Join(r.dir, "sub2")}
	sub.git("pull", "--quiet")
	r.commit()
	repo, c, o := r.overlay("HEAD~1")
	if o.Checkout != "sub2" {
		t.Errorf("another commit of the submodule: %q", o.Checkout)
	}
	into := t.TempDir()
	if err := repo.Checkout(t.Context(), c, into); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(into, "sub2", "s.go")); err != nil || string(text) != "package s // old\n" {
		t.Errorf("%q, %v", text, err)
	}
}

// TestImportsC holds that a file which only mentions the import of cgo is none for cgo: a
// checkout for it would have everything compiled again each time.
func TestImportsC(t *testing.T) {
	for text, want := range map[string]bool{
		"package p\n\nimport \"C\"\n":                         true,
		"package p\n\n// #include <a.h>\nimport(\n\t\"C\"\n)": true,
		"package p\n\n// A file with import \"C\" has cgo.\n": false,
		"package p\n\nconst c = `import \"C\"`\n":             false,
		"package p\n\nimport \"C":                             false,
	} {
		if got := importsC([]byte(text)); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
