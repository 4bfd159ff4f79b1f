package loading

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/store"
)

// TestForeignLoads rewrites what the cache keeps of a load, as somebody else might: it
// is used only if it names files where the go command has them, and the go command's
// own toolchain.
func TestForeignLoads(t *testing.T) {
	dir, kept, elsewhere := t.TempDir(), t.TempDir(), t.TempDir()
	for name, text := range map[string]string{
		filepath.Join(dir, "go.mod"):     "module p\n\ngo 1.22\n",
		filepath.Join(dir, "a.go"):       "package p\n\nfunc A() int { return B() }\n\nfunc B() int { return 1 }\n",
		filepath.Join(elsewhere, "a.go"): "package p\n\nfunc Foreign() {}\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(50 * time.Millisecond) // a file system's clock is coarse
	cfg, patterns := load.Config{Dir: dir}, []string{"."}
	cache := func(do func(*store.Cache)) {
		t.Helper()
		c, err := store.OpenCache(kept, "", zap.NewNop())
		if err != nil {
			t.Fatal(err)
		}
		do(c)
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	// ask loads, and returns what a load says that it has found, and what it guesses, encoded.
	ask := func() (recalled bool, found [][]byte) {
		t.Helper()
		cache(func(c *store.Cache) {
			temp, err := gc.NewTemp("")
			if err != nil {
				t.Fatal(err)
			}
			defer temp.Close()
			l, err := Begin(t.Context(), Options{Config: cfg, Patterns: patterns, Env: os.Environ(), Cache: c, Temp: temp, Log: zap.NewNop()})
			if err != nil {
				t.Fatal(err)
			}
			defer l.End()
			if guess := l.Guess(); guess != nil {
				found = append(found, encodeResult(guess))
			}
			result, err := l.Wait()
			if err != nil {
				t.Fatal(err)
			}
			l.Remember(nil)
			recalled, found = l.Recalled, append(found, encodeResult(result))
		})
		return recalled, found
	}
	_, first := ask()
	kind := kindOf(cfg, patterns)
	foreign := filepath.Join(elsewhere, "a.go")
	for _, test := range []struct {
		name     string
		change   func(*load.Unit, *remembered)
		recalled bool
	}{
		{"nothing", func(*load.Unit, *remembered) {}, true},
		{"a source", func(u *load.Unit, _ *remembered) { u.GoFiles, u.Files = []string{foreign}, []string{foreign} }, false},
		{"export data", func(u *load.Unit, _ *remembered) { u.Export = foreign }, false},
		{"a profile", func(u *load.Unit, _ *remembered) { u.PGO = foreign }, false},
		{"an embedded file", func(u *load.Unit, _ *remembered) { u.EmbedFiles = []string{foreign} }, false},
		{"another file", func(u *load.Unit, _ *remembered) { u.OtherFiles = []string{foreign} }, false},
		{"the directory", func(u *load.Unit, _ *remembered) { u.Dir = elsewhere }, false},
		{"a way out", func(u *load.Unit, _ *remembered) { u.OtherFiles = []string{dir + "/../" + filepath.Base(elsewhere)} }, false},
		{"a relative name", func(u *load.Unit, _ *remembered) { u.OtherFiles = []string{"a.go"} }, false},
		{"a toolchain", func(_ *load.Unit, r *remembered) { r.Toolchain.GOROOT = elsewhere }, false},
		{"a version", func(_ *load.Unit, r *remembered) { r.Toolchain.Version = "go1.21" }, false},
	} {
		ask() // so that there is a load that can be recalled
		cache(func(c *store.Cache) {
			var f savedResult
			var r remembered
			decode(t, c, resultKey(kind), &f)
			decode(t, c, rememberKey(kind), &r)
			for i := range f.Units {
				if f.Units[i].Unit.Path == "p" {
					test.change(&f.Units[i].Unit, &r)
				}
			}
			r.Found = sha256.Sum256(encode(t, c, resultKey(kind), &f))
			encode(t, c, rememberKey(kind), &r)
		})
		recalled, results := ask()
		if recalled != test.recalled {
			t.Errorf("%s: recalled is %v, want %v", test.name, recalled, test.recalled)
		}
		for _, got := range results {
			if !bytes.Equal(got, first[0]) {
				t.Errorf("%s: something else was found than at first", test.name)
			}
		}
	}
}

func decode(t *testing.T, c *store.Cache, k store.Key, v any) {
	t.Helper()
	data, ok := c.Get(k)
	if !ok {
		t.Fatal("nothing is kept")
	}
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(v); err != nil {
		t.Fatal(err)
	}
}

func encode(t *testing.T, c *store.Cache, k store.Key, v any) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(v); err != nil {
		t.Fatal(err)
	}
	if !c.Put(k, buf.Bytes()) {
		t.Fatal("it is not kept")
	}
	return buf.Bytes()
}

// TestForeignBuildList holds that what is kept about what to build names packages, not
// flags of the go command.
func TestForeignBuildList(t *testing.T) {
	c, err := store.OpenCache(t.TempDir(), "", zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for pattern, ok := range map[string]bool{
		"fmt": true, "example.com/m/a": true,
		"-toolexec=/bin/false": false, "./...": false, "example.com/...": false, "../a": false, "/tmp/a": false, "a.go b.go": false,
	} {
		data, err := json.Marshal(load.BuildList{Patterns: []string{"io", pattern}})
		if err != nil {
			t.Fatal(err)
		}
		c.Put(store.Key{1}, data)
		if got := lastBuilt(c, store.Key{1}) != nil; got != ok {
			t.Errorf("%s: used is %v, want %v", pattern, got, ok)
		}
	}
}
