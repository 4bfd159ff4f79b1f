package load

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/inlinelens/inlinelens/internal/regular"
)

// A Fingerprint is the state of all that a load depended on: directories,
// files, variables of the environment. While it holds, the load would find again
// what it found, without a go command that has to be asked.
//
// Of the text of the roots' own files a load depends on no more than the header
// (see [Header]): an edit below it, in a package that no other imports, leaves a
// fingerprint as it is.
//
// It is made of stat calls, as the go command's own index of the standard
// library and the module cache is. What a load depended on beyond files (an
// external driver, -toolexec, -modfile, cgo outside of the standard library) it
// cannot describe: such a load has none.
type Fingerprint struct {
	Env    string // digest of the variables that the go command reads
	Dirs   []DirPrint
	Files  []FilePrint
	Absent []string // files that must not appear
}

// A DirPrint is the state of a directory: what it lists.
type DirPrint struct {
	Name    string
	Changed int64  // nanoseconds; when entries were last added or removed
	Entries string // digest of their names
}

// A FilePrint is the state of a file.
type FilePrint struct {
	Name    string
	Size    int64
	Changed int64 // nanoseconds; of the text or of the inode, whichever is later; 0 for a file named by its content, and where it is not known
	// Header is the digest of a root's file down to the end of its header, "" for
	// a file of which every byte counts.
	Header string
}

// errNoFingerprint means that the load depends on what no fingerprint holds.
var errNoFingerprint = errors.New("no fingerprint")

// Holds reports whether a load with cfg would find what the load found of which
// this is the fingerprint. Edited are the files whose text is not as it was, but
// for which that makes no difference to the load.
func (f *Fingerprint) Holds(cfg Config) (edited map[string]bool, ok bool) {
	env := cfg.Env
	if env == nil {
		env = os.Environ()
	}
	if f.Env != envDigest(env) {
		return nil, false
	}
	replaced, err := everyReplaced(cfg)
	if err != nil {
		return nil, false
	}
	withoutKept(replaced, cfg)
	for _, name := range f.Absent {
		if _, err := os.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
			return nil, false
		}
	}
	for _, d := range f.Dirs {
		if !d.holds() {
			return nil, false
		}
	}
	edited = make(map[string]bool)
	seen := 0
	for i := range f.Files {
		p := &f.Files[i]
		text, isReplaced := replaced[p.Name]
		if isReplaced {
			seen++
		}
		if !isReplaced && p.unchanged() {
			continue
		}
		if p.Header == "" || p.Header != headerDigest(text, p.Name) {
			return nil, false
		}
		edited[p.Name] = true
	}
	// Text that stands for another file may be anything.
	return edited, seen == len(replaced)
}

func (d *DirPrint) holds() bool {
	changed, err := dirChanged(d.Name)
	if err != nil {
		return false
	}
	if changed == d.Changed {
		return true
	}
	// An editor that saves by renaming has been here.
	entries, err := entriesDigest(d.Name)
	return err == nil && entries == d.Entries
}

func (p *FilePrint) unchanged() bool {
	info, err := os.Stat(p.Name)
	if err != nil || info.Size() != p.Size {
		return false
	}
	if p.Changed == 0 && p.Header == "" {
		return true // the go command sets its time when it is used
	}
	return lastChange(info) == p.Changed
}

// contentNamed matches the names of files in the go command's build cache, which
// are named by their content.
var contentNamed = regexp.MustCompile(`^[0-9a-f]{64}-d$`)

// everyReplaced maps each file that has another text to a function that reads
// it: unsaved text, and that of -overlay. One that an overlay takes away reads as
// an error.
func everyReplaced(cfg Config) (map[string]func() ([]byte, error), error) {
	all := make(map[string]func() ([]byte, error))
	if name := newFlagSet(cfg.BuildFlags, "").vals["overlay"]; name != "" {
		dir, err := filepath.Abs(cfg.Dir)
		if err != nil {
			return nil, err
		}
		user, err := ReadOverlay(dir, name)
		if err != nil {
			return nil, err
		}
		for from, to := range user {
			all[from] = func() ([]byte, error) { return regular.ReadFile(to) }
		}
	}
	for name, text := range cfg.Overlay {
		all[filepath.Clean(name)] = func() ([]byte, error) { return overlaid(name, text) }
	}
	return all, nil
}

// withoutKept leaves out texts that loads are told apart by: see OverlayDigest.
func withoutKept(replaced map[string]func() ([]byte, error), cfg Config) {
	if cfg.OverlayKept {
		for name := range cfg.Overlay {
			delete(replaced, filepath.Clean(name))
		}
	}
}

// headerDigest is that of the header of what read returns, or of the file if
// read is nil; "" if there is none.
func headerDigest(read func() ([]byte, error), name string) string {
	if read == nil {
		read = func() ([]byte, error) { return regular.ReadFile(name) }
	}
	text, err := read()
	if err != nil {
		return ""
	}
	header, ok := Header(text)
	if !ok {
		return ""
	}
	return digest(header)
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// envDigest is that of the variables that the go command, and the C compiler
// that it asks, read.
func envDigest(env []string) string {
	prefixes := []string{"GO", "CGO_", "PKG_CONFIG", "XDG_"}
	names := []string{"HOME", "CC", "CXX", "FC", "AR", "USERPROFILE", "APPDATA", "LOCALAPPDATA"}
	var vars []string
	for _, kv := range env {
		name, _, _ := strings.Cut(kv, "=")
		hasPrefix := slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, p) })
		// Temporary files are of no concern to what is found.
		if name != "GOTMPDIR" && (hasPrefix || slices.Contains(names, name)) {
			vars = append(vars, kv)
		}
	}
	slices.Sort(vars)
	// PATH differs from one terminal to the next; what it leads to counts.
	for _, name := range []string{"go", "gcc", "clang", "gopackagesdriver"} {
		file, _ := exec.LookPath(name)
		vars = append(vars, file)
	}
	return digest(strings.Join(vars, "\x00"))
}

// entriesDigest is that of the names that a directory lists. Backups that
// editors leave are of no concern.
func entriesDigest(dir string) (string, error) {
	list, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, e := range list {
		if strings.HasSuffix(e.Name(), "~") || strings.HasPrefix(e.Name(), ".#") {
			continue
		}
		b.WriteString(e.Name())
		b.WriteByte(0)
		b.WriteString(e.Type().String())
		b.WriteByte(0)
	}
	return digest(b.String()), nil
}

func dirChanged(dir string) (int64, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return 0, err
	}
	if !info.IsDir() {
		return 0, fs.ErrNotExist
	}
	return info.ModTime().UnixNano(), nil
}

// settled reports whether a change at the time t, in nanoseconds, came surely
// before began: file systems have coarse clocks.
func settled(t int64, began time.Time) bool {
	tick := 20 * time.Millisecond
	if t%int64(time.Second) == 0 {
		tick = 2 * time.Second
	}
	return time.Unix(0, t).Before(began.Add(-tick))
}
