package load

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What changes what a load finds breaks its fingerprint, and other changes do not.
func TestFingerprint(t *testing.T) {
	const (
		holds  = true
		broken = false
	)
	body := "package a\n\nimport \"example.com/m/b\"\n\nvar X = b.B(2)\n"
	for _, test := range []struct {
		name   string
		change func(t *testing.T, dir string, cfg *Config)
		want   bool
	}{
		{"nothing", func(*testing.T, string, *Config) {}, holds},
		{"a body of a root", func(t *testing.T, dir string, _ *Config) { put(t, dir+"/m/a/a.go", body) }, holds},
		{"a body of a dependency", func(t *testing.T, dir string, _ *Config) {
			put(t, dir+"/m/b/b.go", "package b\n\nfunc B(x int) int { return 3 }\n")
		}, broken},
		{"the same size and time", func(t *testing.T, dir string, _ *Config) {
			file := dir + "/m/b/b.go"
			info, err := os.Stat(file)
			if err != nil {
				t.Fatal(err)
			}
			put(t, file, "package b\n\nfunc B(x int) int { return y }\n")
			if err := os.Chtimes(file, info.ModTime(), info.ModTime()); err != nil {
				t.Fatal(err)
			}
		}, broken},
		{"an import of a root", func(t *testing.T, dir string, _ *Config) {
			put(t, dir+"/m/a/a.go", "package a\n\nimport _ \"fmt\"\n")
		}, broken},
		{"a build constraint of a root", func(t *testing.T, dir string, _ *Config) { put(t, dir+"/m/a/a.go", "//go:build ignore\n\n"+body) }, broken},
		{"a root that does not parse", func(t *testing.T, dir string, _ *Config) { put(t, dir+"/m/a/a.go", "nonsense") }, broken},
		{"an embedded file", func(t *testing.T, dir string, _ *Config) { put(t, dir+"/m/a/text/t.txt", "more") }, broken},
		{"another file to embed", func(t *testing.T, dir string, _ *Config) { put(t, dir+"/m/a/text/u.txt", "") }, broken},
		{"a new file", func(t *testing.T, dir string, _ *Config) { put(t, dir+"/m/b/c.go", "package b\n") }, broken},
		{"an editor's backup", func(t *testing.T, dir string, _ *Config) { put(t, dir+"/m/a/a.go~", "") }, holds},
		{"a file less", func(t *testing.T, dir string, _ *Config) {
			if err := os.Remove(dir + "/m/a/e.go"); err != nil {
				t.Fatal(err)
			}
		}, broken},
		{"a new package", func(t *testing.T, dir string, _ *Config) { put(t, dir+"/m/deep/new/n.go", "package n\n") }, broken},
		{"a new module inside", func(t *testing.T, dir string, _ *Config) { put(t, dir+"/m/b/go.mod", "module x\n") }, broken},
		{"go.mod", func(t *testing.T, dir string, _ *Config) {
			put(t, dir+"/m/go.mod", "module example.com/m\n\ngo 1.23\n")
		}, broken},
		{"the go.mod of a replacement", func(t *testing.T, dir string, _ *Config) {
			put(t, dir+"/r/go.mod", "module example.com/r\n\ngo 1.23\n")
		}, broken},
		{"a file of a replacement", func(t *testing.T, dir string, _ *Config) {
			put(t, dir+"/r/r.go", "package r\n\nfunc R() { R() }\n")
		}, broken},
		{"a workspace above", func(t *testing.T, dir string, _ *Config) { put(t, dir+"/go.work", "go 1.22\n\nuse ./m\n") }, broken},
		{"the settings of the go command", func(t *testing.T, dir string, _ *Config) { put(t, dir+"/goenv", "GOFLAGS=-race\n") }, broken},
		{"a variable of the go command", func(t *testing.T, dir string, cfg *Config) { cfg.Env = append(cfg.Env, "GOAMD64=v3") }, broken},
		{"a variable of nobody", func(t *testing.T, dir string, cfg *Config) { cfg.Env = append(cfg.Env, "TERM=x") }, holds},
		{"unsaved text of a root", func(t *testing.T, dir string, cfg *Config) {
			cfg.Overlay = map[string][]byte{dir + "/m/a/a.go": []byte(body)}
		}, holds},
		{"unsaved text of a dependency", func(t *testing.T, dir string, cfg *Config) {
			cfg.Overlay = map[string][]byte{dir + "/m/b/b.go": []byte("package b\n\nfunc B(x int) int { return 3 }\n")}
		}, broken},
		{"an unsaved file that is new", func(t *testing.T, dir string, cfg *Config) {
			cfg.Overlay = map[string][]byte{dir + "/m/a/new.go": []byte("package a\n")}
		}, broken},
		{"an overlay over a root", func(t *testing.T, dir string, cfg *Config) {
			put(t, dir+"/other.go", body)
			put(t, dir+"/overlay.json", `{"Replace": {"a/a.go": "../other.go"}}`)
			cfg.BuildFlags = []string{"-overlay=" + dir + "/overlay.json"}
		}, holds},
		{"an overlay that takes a root's file away", func(t *testing.T, dir string, cfg *Config) {
			put(t, dir+"/overlay.json", `{"Replace": {"a/a.go": ""}}`)
			cfg.BuildFlags = []string{"-overlay=" + dir + "/overlay.json"}
		}, broken},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := write(t, "fingerprint")
			cfg := Config{Dir: filepath.Join(dir, "m"), Env: environ("GOENV="+dir+"/goenv", "GOFLAGS=")}
			time.Sleep(50 * time.Millisecond) // a file system's clock is coarse
			print := mustLoad(t, cfg, "./...").Fingerprint()
			if print == nil {
				t.Fatal("there is no fingerprint")
			}
			if _, ok := print.Holds(cfg); !ok {
				t.Fatal("the fingerprint does not hold at first")
			}
			test.change(t, dir, &cfg)
			if _, ok := print.Holds(cfg); ok != test.want {
				t.Errorf("holds is %v, want %v", ok, test.want)
			}
		})
	}
}

// A file that was written while the load ran may be other than what it saw.
func TestFingerprintTooSoon(t *testing.T) {
	dir := write(t, "fingerprint")
	cfg := Config{Dir: filepath.Join(dir, "m"), Env: environ("GOFLAGS=")}
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(dir+"/m/b/b.go", later, later); err != nil {
		t.Fatal(err)
	}
	if mustLoad(t, cfg, "./...").Fingerprint() != nil {
		t.Error("there is a fingerprint of a file that was written while the load ran")
	}
}
