// Package revision reads commits of a git repository: which files differ from the working
// tree, and their texts.
//
// It writes nothing into the repository, not even into its index, and runs nothing that the
// repository's configuration names: no hooks, no filters, no programs that show differences.
// So it asks git for objects only, and compares files itself.
package revision

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// A Repo is the working tree of a repository.
type Repo struct {
	Root string // absolute
}

// A Commit is a commit, by the name that a user gave it.
type Commit struct {
	Name string // "HEAD~1"
	Hash string
}

// ErrNoGit means that there is no git command.
var ErrNoGit = errors.New("there is no git command in PATH; install git, or compare two JSON reports")

// Open finds the repository around a directory, which must be named without links: its
// files are named so.
func Open(ctx context.Context, dir string) (*Repo, error) {
	r := &Repo{Root: dir}
	out, err := r.git(ctx, nil, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	root := filepath.FromSlash(strings.TrimRight(string(out), "\r\n"))
	if root == "" {
		return nil, fmt.Errorf("%s is in no working tree of git", dir)
	}
	return &Repo{Root: root}, nil
}

// Resolve finds the commit that a user means.
func (r *Repo) Resolve(ctx context.Context, name string) (Commit, error) {
	if name == "" || strings.HasPrefix(name, "-") {
		return Commit{}, fmt.Errorf("%q is no name of a commit", name)
	}
	out, err := r.git(ctx, nil, "rev-parse", "--verify", "--quiet", "--end-of-options", name+"^{commit}")
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) && ctx.Err() == nil {
			if shallow, err := r.git(ctx, nil, "rev-parse", "--is-shallow-repository"); err == nil && strings.TrimSpace(string(shallow)) == "true" {
				return Commit{}, fmt.Errorf("there is no commit %q in %s, which has not the whole history; run \"git fetch --unshallow\", or have it cloned in full", name, r.Root)
			}
			return Commit{}, fmt.Errorf("there is no commit %q in %s; \"git log --oneline\" lists commits", name, r.Root)
		}
		return Commit{}, err
	}
	hash := strings.TrimSpace(string(out))
	// Older releases print the option too.
	return Commit{name, hash[strings.LastIndexByte(hash, '\n')+1:]}, nil
}

// config keeps a repository's configuration from running programs.
var config = []string{
	"--no-pager", "--no-optional-locks", "--literal-pathspecs",
	"-c", "core.fsmonitor=false",
	"-c", "core.hooksPath=" + os.DevNull,
	"-c", "core.untrackedCache=false",
	"-c", "protocol.allow=never",
}

// environ is the environment of git. A partial clone gets no more objects: that would
// change the repository, and ask somebody else's machine.
func environ() []string {
	return append(os.Environ(), "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_NO_LAZY_FETCH=1", "GIT_ASKPASS=", "LC_ALL=C")
}

// git runs git in the repository and returns what it prints.
func (r *Repo) git(ctx context.Context, stdin io.Reader, args ...string) ([]byte, error) {
	cmd := r.command(ctx, args...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, &out, &errs
	err := failed(ctx, args[0], cmd.Run(), &errs)
	return out.Bytes(), err
}

func (r *Repo) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", append(config[:len(config):len(config)], args...)...)
	cmd.Dir = r.Root
	cmd.Env = environ()
	return cmd
}

// failed words the error of a git command.
func failed(ctx context.Context, what string, err error, errs *bytes.Buffer) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, exec.ErrNotFound):
		return ErrNoGit
	}
	first, _, _ := strings.Cut(strings.TrimSpace(errs.String()), "\n")
	if first == "" {
		return fmt.Errorf("git %s: %w", what, err)
	}
	return fmt.Errorf("git %s: %s: %w", what, first, err)
}

// An entry is a file of a commit.
type entry struct {
	mode string // "100644", "120000" for a link, "160000" for a submodule
	hash string
}

const (
	modeLink      = "120000"
	modeSubmodule = "160000"
)

// tree lists the files of a commit, by name from the root.
func (r *Repo) tree(ctx context.Context, c Commit) (map[string]entry, error) {
	out, err := r.git(ctx, nil, "ls-tree", "-r", "-z", "--full-tree", c.Hash)
	if err != nil {
		return nil, err
	}
	files := make(map[string]entry)
	for item := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		about, name, ok := strings.Cut(item, "\t")
		fields := strings.Fields(about) // mode, type, hash
		if ok && len(fields) == 3 && filepath.IsLocal(filepath.FromSlash(name)) {
			files[name] = entry{fields[0], fields[2]}
		}
	}
	return files, nil
}

// present lists the files of the working tree: those that git knows, and new ones that it
// does not ignore.
func (r *Repo) present(ctx context.Context) (map[string]bool, error) {
	out, err := r.git(ctx, nil, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	if err != nil {
		return nil, err
	}
	files := make(map[string]bool)
	for name := range strings.SplitSeq(string(out), "\x00") {
		if name != "" {
			files[name] = true
		}
	}
	return files, nil
}

// maxBlob is how large a file of a commit may be, in bytes.
const maxBlob = 256 << 20

// texts calls each with the texts of objects, in their order.
func (r *Repo) texts(ctx context.Context, hashes []string, each func(i int, text []byte) error) error {
	if len(hashes) == 0 {
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := r.command(ctx, "cat-file", "--batch")
	var errs bytes.Buffer
	cmd.Stdin, cmd.Stderr = strings.NewReader(strings.Join(hashes, "\n")+"\n"), &errs
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return failed(ctx, "cat-file", err, &errs)
	}
	read := func() error {
		in := bufio.NewReader(pipe)
		for i, hash := range hashes {
			line, err := in.ReadString('\n')
			if err != nil {
				return fmt.Errorf("git cat-file ended early: %w", err)
			}
			fields := strings.Fields(line) // hash, type, size
			if len(fields) != 3 {
				return fmt.Errorf("the object %s is not in the repository; fetch it first", hash)
			}
			size, err := strconv.ParseInt(fields[2], 10, 64)
			if err != nil || size > maxBlob {
				return fmt.Errorf("the object %s has %s bytes, which is too much", hash, fields[2])
			}
			text := make([]byte, size+1) // and the end of a line
			if _, err := io.ReadFull(in, text); err != nil {
				return fmt.Errorf("git cat-file ended early: %w", err)
			}
			if err := each(i, text[:size]); err != nil {
				return err
			}
		}
		return nil
	}
	if err := read(); err != nil {
		cancel()
		_ = cmd.Wait() // it was ended
		return err
	}
	return failed(ctx, "cat-file", cmd.Wait(), &errs)
}

// MergeBase finds the commit at which two histories part.
func (r *Repo) MergeBase(ctx context.Context, one, other string) (string, error) {
	a, err := r.Resolve(ctx, one)
	if err != nil {
		return "", err
	}
	b, err := r.Resolve(ctx, other)
	if err != nil {
		return "", err
	}
	out, err := r.git(ctx, nil, "merge-base", a.Hash, b.Hash)
	if err != nil {
		return "", fmt.Errorf("%s and %s have no common commit in this repository: %w", one, other, err)
	}
	hash, _, _ := strings.Cut(string(out), "\n")
	return hash, nil
}
