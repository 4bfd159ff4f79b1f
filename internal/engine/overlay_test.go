package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// TestOverlayFlag holds that -overlay changes what is compiled, that each new
// text is answered again, and that unsaved text goes before it.
func TestOverlayFlag(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return file
	}
	write("go.mod", "module m\n\ngo 1.26\n")
	file := write("m.go", "package m\n\nfunc saved() {}\n")
	overlay := write("overlay.json", fmt.Sprintf(`{"Replace":{%q:"other.txt"}}`, file))
	cfg := load.Config{
		Dir: dir, Env: append(os.Environ(), "GOFLAGS=-buildvcs=false"),
		BuildFlags: []string{"-overlay=" + overlay},
	}
	names := func(packages []*inline.Package) (names []string) {
		for _, p := range packages {
			for _, f := range p.Functions {
				names = append(names, f.Name)
			}
		}
		return names
	}
	for _, name := range []string{"first", "second"} {
		write("other.txt", "package m\n\nfunc "+name+"() {}\n")
		if got := names(run(t, cfg, ".")); len(got) != 1 || got[0] != "m."+name {
			t.Errorf("with -overlay: functions %v, want m.%s", got, name)
		}
	}
	cfg.Overlay = map[string][]byte{file: []byte("package m\n\nfunc unsaved() {}\n")}
	if got := names(run(t, cfg, ".")); len(got) != 1 || got[0] != "m.unsaved" {
		t.Errorf("with -overlay and unsaved text: functions %v, want m.unsaved", got)
	}
}
