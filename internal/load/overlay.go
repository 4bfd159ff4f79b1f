package load

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/inlinelens/inlinelens/internal/regular"
	"github.com/inlinelens/inlinelens/internal/tempdir"
)

// An overlayFile is what the go command's -overlay flag names: the files to
// read in place of others, "" for a file that is to be taken as absent.
type overlayFile struct {
	Replace map[string]string
}

// asGoReads reads JSON as the go command does, which is lenient.
var asGoReads = json.JoinOptions(json.MatchCaseInsensitiveNames(true), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// replacedBy returns what a Result says is Replaced, from the flags alone.
func replacedBy(cfg Config) (map[string]string, error) {
	name := newFlagSet(cfg.BuildFlags, "").vals["overlay"]
	if name == "" {
		return nil, nil
	}
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, err
	}
	user, err := ReadOverlay(dir, name)
	return present(user), err
}

// ReadOverlay reads an -overlay file. Relative names in it, and its own, are in
// dir; "" stays what it is.
func ReadOverlay(dir, name string) (map[string]string, error) {
	abs := func(name string) string {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		return filepath.Clean(name)
	}
	text, err := regular.ReadFile(abs(name))
	if err != nil {
		return nil, err
	}
	var user overlayFile
	if err := json.Unmarshal(text, &user, asGoReads); err != nil {
		return nil, fmt.Errorf("%s is not JSON: %w", name, err)
	}
	all := make(map[string]string)
	for from, to := range user.Replace {
		if to != "" {
			to = abs(to)
		}
		all[abs(from)] = to
	}
	return all, nil
}

// present leaves out the files that an overlay takes away.
func present(overlay map[string]string) map[string]string {
	all := make(map[string]string)
	for from, to := range overlay {
		if to != "" {
			all[from] = to
		}
	}
	return all
}

// replace prepares the one -overlay file that all go commands of a load are
// given: the user's own, over it the unsaved text, over that the locks of files
// that must not be written. Without any of them there is no flag. Unsaved text of
// a file in the module cache is left out: the go command would refuse to begin.
func (l *loader) replace() error {
	all := overlayFile{Replace: map[string]string{}}
	if name := l.flags.vals["overlay"]; name != "" {
		user, err := ReadOverlay(l.dir, name)
		if err != nil {
			return &Failure{
				Kind: ErrGoCommand, Tried: l.tried, Why: "-overlay: " + err.Error(),
				Do: "name a JSON file of the form that \"go help build\" describes",
			}
		}
		maps.Copy(all.Replace, user)
		l.user = present(user)
	}
	for name, text := range l.cfg.Overlay {
		if l.env.InModCache(l.abs(name)) {
			continue
		}
		if text == nil {
			all.Replace[l.abs(name)] = ""
			continue
		}
		file, err := l.temp(strconv.Itoa(len(all.Replace))+"-"+filepath.Base(name), text)
		if err != nil {
			return err
		}
		all.Replace[l.abs(name)] = file
	}
	l.replaced, l.overlaid = maps.Clone(all.Replace), all.Replace
	locks, err := l.lockWorkspace()
	if err != nil {
		return err
	}
	for from, to := range locks {
		if _, ok := all.Replace[from]; !ok {
			all.Replace[from] = to
		}
	}
	if len(all.Replace) == 0 {
		return nil
	}
	text, err := json.Marshal(all, json.Deterministic(true))
	if err != nil {
		return err
	}
	file, err := l.temp("overlay.json", text)
	if err != nil {
		return err
	}
	l.buildFlags = append(l.buildFlags, "-overlay="+file)
	return nil
}

// InModCache reports whether a file is in the module cache, where the toolchains
// that the go command fetches are too. Since Go 1.25 no overlay may replace such a
// file: the go command ends before it lists anything. So unsaved text of it counts
// for its own package alone, not for those that import it.
func (e *GoEnv) InModCache(file string) bool {
	return e.modCache != "" && strings.HasPrefix(file, filepath.Clean(e.modCache)+string(filepath.Separator))
}

// lockWorkspace returns an overlay that keeps the go command from writing
// go.work.sum, which it does in a workspace whatever -mod says: a file of an
// overlay is never written.
func (l *loader) lockWorkspace() (map[string]string, error) {
	if l.env.Work == "" {
		return nil, nil
	}
	sum := l.env.Work + ".sum"
	text, err := regular.ReadFile(sum)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil // the go command will complain of it, and cannot write it
	}
	file, err := l.temp("go.work.sum", text)
	return map[string]string{sum: file}, err
}

// modCopy keeps the promise that go.mod and go.sum are never written when the
// user sets -mod=mod, which lets the go command update them: it then works on
// copies.
func (l *loader) modCopy() error {
	if l.flags.vals["mod"] != "mod" || l.env.Work != "" || l.env.Mod == "" || l.env.Mod == os.DevNull {
		return nil
	}
	mod := l.env.Mod
	if file := l.flags.vals["modfile"]; file != "" {
		mod = l.abs(file)
	}
	text, err := regular.ReadFile(mod)
	if err != nil {
		return nil // for the go command to say
	}
	file, err := l.temp("go.mod", text)
	if err != nil {
		return err
	}
	if sum, err := regular.ReadFile(mod[:len(mod)-len(filepath.Ext(mod))] + ".sum"); err == nil {
		if _, err := l.temp("go.sum", sum); err != nil {
			return err
		}
	}
	l.buildFlags = append(l.buildFlags, "-modfile="+file)
	return nil
}

// newTempDir makes the load's temporary directory. It lies where the go command has
// its own.
func (l *loader) newTempDir() (*tempdir.Dir, error) {
	dir, err := tempdir.New(cmp.Or(l.env.tmp, lookup(l.environ, "TMPDIR")))
	if err != nil {
		return nil, &Failure{
			Kind: ErrGoCommand, Tried: l.tried, Why: "no temporary directory: " + err.Error(),
			Do: "set TMPDIR or GOTMPDIR to a directory that can be written",
		}
	}
	return dir, nil
}

// temp writes a file into the load's temporary directory.
func (l *loader) temp(name string, text []byte) (string, error) {
	file := filepath.Join(l.tmp.Path, name)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return "", fmt.Errorf("%s: temporary file: %w", l.tried, err)
	}
	return file, nil
}

// abs makes a file name absolute as the go command does, which runs in the
// directory of the load.
func (l *loader) abs(name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(l.dir, name)
}

// overlaid returns a text of Config.Overlay.
func overlaid(name string, text []byte) ([]byte, error) {
	if text == nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return text, nil
}

// OverlayDigest tells one Config.Overlay from another, where it is kept; "" otherwise.
func (c *Config) OverlayDigest() string {
	if !c.OverlayKept || len(c.Overlay) == 0 {
		return ""
	}
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(c.Overlay)) {
		fmt.Fprintf(h, "%q %t %x\n", name, c.Overlay[name] == nil, sha256.Sum256(c.Overlay[name]))
	}
	return hex.EncodeToString(h.Sum(nil))
}
