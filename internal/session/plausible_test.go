package session

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
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
	core, logs := observer.New(zap.DebugLevel)
	with := func(do func(*Host)) {
		t.Helper()
		e, err := NewHost(HostOptions{CacheDir: kept, Log: zap.New(core)})
		if err != nil {
			t.Fatal(err)
		}
		do(e)
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
	ask := func() (packages []*inline.Package) {
		t.Helper()
		with(func(e *Host) {
			l, err := Begin(context.Background(), e, cfg, patterns)
			if err != nil {
				t.Fatal(err)
			}
			defer l.End()
			if err := l.With(func(s *Session) error {
				for _, u := range s.Roots {
					p, err := s.Verdicts(context.Background(), u)
					if err != nil {
						return err
					}
					packages = append(packages, p)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		})
		return packages
	}
	recalled := func() bool { return logs.FilterMessage("nothing to load").Len() > 0 }
	want := ask()
	kind := forecastKey(cfg, patterns)
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
		with(func(e *Host) {
			var f found
			var r remembered
			decode(t, e, foundKey(kind), &f)
			decode(t, e, rememberKey(kind), &r)
			for i := range f.Units {
				if f.Units[i].Unit.Path == "p" {
					test.change(&f.Units[i].Unit, &r)
				}
			}
			r.Found = sha256.Sum256(encode(t, e, foundKey(kind), &f))
			encode(t, e, rememberKey(kind), &r)
		})
		logs.TakeAll()
		got := ask()
		if recalled() != test.recalled {
			t.Errorf("%s: recalled is %v, want %v", test.name, recalled(), test.recalled)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func decode(t *testing.T, e *Host, k Key, v any) {
	t.Helper()
	data, ok := e.Store.Get(k)
	if !ok {
		t.Fatal("nothing is kept")
	}
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(v); err != nil {
		t.Fatal(err)
	}
}

func encode(t *testing.T, e *Host, k Key, v any) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(v); err != nil {
		t.Fatal(err)
	}
	if !e.Store.Put(k, buf.Bytes()) {
		t.Fatal("it is not kept")
	}
	return buf.Bytes()
}

// TestForeignForecast holds that what is kept about what to build names packages, not
// flags of the go command.
func TestForeignForecast(t *testing.T) {
	e, err := NewHost(HostOptions{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for pattern, ok := range map[string]bool{
		"fmt": true, "example.com/m/a": true,
		"-toolexec=/bin/false": false, "./...": false, "example.com/...": false, "../a": false, "/tmp/a": false, "a.go b.go": false,
	} {
		data, err := json.Marshal(load.Forecast{Patterns: []string{"io", pattern}})
		if err != nil {
			t.Fatal(err)
		}
		e.Store.Put(Key{1}, data)
		if got := e.Store.lastBuilt(Key{1}) != nil; got != ok {
			t.Errorf("%s: used is %v, want %v", pattern, got, ok)
		}
	}
}
