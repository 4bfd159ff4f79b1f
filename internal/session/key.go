package session

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/version"
	"io"
	"maps"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/regular"
	"github.com/inlinelens/inlinelens/internal/store"
)

// A Key names the result of one compile by all that it depends on.
type Key = store.Key

// Key hashes what a unit's own part depends on: the toolchain, its target and
// flags, the unit's files, and the export data of all that it imports.
func (s *Session) Key(u *load.Unit) (Key, error) {
	h := sha256.New()
	if err := s.hashToolchain(h); err != nil {
		return Key{}, err
	}
	fmt.Fprintf(h, "%q %q %q %q %q %q %v\n", u.ID, u.Path, u.Variant, u.LinkPath, u.Lang, u.Flags, u.Std)
	if u.PGO != "" {
		sum, err := s.Hashes.file(u.PGO)
		if err != nil {
			return Key{}, err
		}
		fmt.Fprintln(h, "pgo", sum)
	}
	if err := s.hashFiles(h, u); err != nil {
		return Key{}, err
	}
	fmt.Fprintf(h, "%q %d\n", u.EmbedPatterns, len(u.OtherFiles))
	if err := s.hashImports(h, u); err != nil {
		return Key{}, err
	}
	var k Key
	h.Sum(k[:0])
	return k, nil
}

func (s *Session) hashToolchain(h io.Writer) error {
	tc := s.Compiler.Toolchain
	// An older go/types than the toolchain's does not find out all of newer source.
	fmt.Fprintln(h, version.Lang(runtime.Version()), tc.Version, tc.GOOS, tc.GOARCH, tc.GOROOT)
	if !strings.HasPrefix(tc.Version, "go1.") {
		// A development version: its number does not tell one build from another.
		sum, err := s.Hashes.file(tc.Compile)
		if err != nil {
			return err
		}
		fmt.Fprintln(h, sum)
	}
	for _, v := range tc.Env {
		name, _, _ := strings.Cut(v, "=")
		if changesCode(name) {
			fmt.Fprintln(h, v)
		}
	}
	return nil
}

func (s *Session) hashFiles(h io.Writer, u *load.Unit) error {
	// What cgo makes of a file has not all of its spaces.
	for _, name := range slices.Concat(u.Files, slices.Sorted(maps.Values(u.Translated()))) {
		if text, ok := s.Config.Overlay[name]; ok {
			fmt.Fprintf(h, "%q %x\n", name, sha256.Sum256(text))
			continue
		}
		sum, err := s.Hashes.file(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(h, "%q %s\n", name, sum)
	}
	return nil
}

// hashImports hashes the export data of what the unit imports. A file of the go
// command's build cache stands for all that it was made of, dependencies
// included; of others, those of all dependencies count.
func (s *Session) hashImports(h io.Writer, u *load.Unit) error {
	direct := true
	for _, written := range slices.Sorted(maps.Keys(u.Imports)) {
		dep := u.Imports[written]
		base := filepath.Base(dep.Export)
		fmt.Fprintf(h, "%q %q %s\n", written, dep.Path, base)
		direct = direct && (dep.Export == "" || contentName.MatchString(base))
	}
	if direct {
		return nil
	}
	files, _ := u.PackageFiles()
	for _, path := range slices.Sorted(maps.Keys(files)) {
		sum, err := s.Hashes.file(files[path])
		if err != nil {
			return err
		}
		fmt.Fprintf(h, "%q %s\n", path, sum)
	}
	return nil
}

// changesCode reports whether an environment variable may change what the
// compiler does.
func changesCode(name string) bool {
	switch name {
	case "GO386", "GOAMD64", "GOARM", "GOARM64", "GOMIPS", "GOMIPS64", "GOPPC64", "GORISCV64", "GOWASM", "GOEXPERIMENT", "GODEBUG":
		return true
	}
	return false
}

// A hasher hashes files, each once in a session.
type hasher struct {
	mu   sync.Mutex
	Sums map[string]string
}

// newHasher returns a hasher that knows the sums of some files, and adds to them.
func newHasher(sums map[string]string) *hasher {
	if sums == nil {
		sums = make(map[string]string)
	}
	return &hasher{Sums: sums}
}

func (h *hasher) file(name string) (string, error) {
	h.mu.Lock()
	sum, ok := h.Sums[name]
	h.mu.Unlock()
	if ok {
		return sum, nil
	}
	f, err := regular.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	d := sha256.New()
	if _, err := io.Copy(d, f); err != nil {
		return "", err
	}
	sum = hex.EncodeToString(d.Sum(nil))
	h.mu.Lock()
	h.Sums[name] = sum
	h.mu.Unlock()
	return sum, nil
}

func (h *hasher) forget(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.Sums, name)
}

// contentName matches the names of files in the go command's build cache, which
// are named by their content.
var contentName = regexp.MustCompile(`^[0-9a-f]{64}-d$`)
