package engine

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// Callees are said to be where their sources declare them: with the column where
// their package has been compiled, by line where only export data tells.
func TestCalleePos(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module p\n\ngo 1.22\n",
		// Long, so that places of other packages would fall into it.
		"a.go": "package p\n" + strings.Repeat("\n// A comment.\n", 100_000) + `
import (
	"fmt"
	"io"
	"os"
	"strings"
)

func F(w io.Writer, b *strings.Builder, m interface{ Own() }) {
	w.Write(nil)         // want "Write(p []byte)"
	b.Len()              // want "func (b *Builder) Len"
	fmt.Fprintln(w)      // want "func Fprintln"
	defer os.Exit(1)     // want "func Exit"
	m.Own()              // want "m interface{ Own() }"
	own()                // want "func own"
	error.Error(nil)     // want ""
}

func own() { own() } // want "func own"
`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	e, err := New(Options{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	var p *inline.Package
	if err := e.Run(context.Background(), load.Config{Dir: dir}, []string{"."}, func(q *inline.Package) error { p = q; return nil }); err != nil {
		t.Fatal(err)
	}
	if len(p.Calls) != 8 {
		t.Errorf("there are %d calls, want 8: %v", len(p.Calls), p.Errors)
	}
	for _, c := range p.Calls {
		_, want, _ := strings.Cut(lineAt(t, c.Pos), `want "`)
		want = strings.TrimSuffix(want, `"`)
		if (want == "") != !c.CalleePos.IsValid() {
			t.Errorf("%s is declared at %v", c.Callee, c.CalleePos)
		}
		if got := lineAt(t, c.CalleePos); !strings.Contains(got, want) {
			t.Errorf("%s is declared at %v, where there is %q; want %q", c.Callee, c.CalleePos, got, want)
		}
	}
}

func lineAt(t *testing.T, pos inline.Position) string {
	if !pos.IsValid() {
		return ""
	}
	text, err := os.ReadFile(pos.File)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(text), "\n")[pos.Line-1]
}
