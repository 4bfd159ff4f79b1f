package workspace

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/position"
)

// With -update, the expectations are rewritten.
var update = flag.Bool("update", false, "rewrite the expectations")

// What is put to the places of a file is what stands there. The archives have
// what is expected behind the files; -update rewrites that.
func TestOutline(t *testing.T) {
	archives, err := filepath.Glob("testdata/outline/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			last := len(archive.Files) - 1
			want := archive.Files[last]
			archive.Files = archive.Files[:last]
			r := newRig(t, string(txtar.Format(archive)))
			var names []string
			for _, f := range archive.Files {
				if load.IsGo(f.Name) {
					names = append(names, f.Name)
				}
			}
			r.open(names...)
			r.wait()
			var got bytes.Buffer
			for _, name := range names {
				describeFile(&got, name, r.file(name))
			}
			if *update {
				archive.Files = append(archive.Files, txtar.File{Name: want.Name, Data: got.Bytes()})
				if err := os.WriteFile(name, txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(want.Data), got.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func describeFile(b *bytes.Buffer, name string, f *File) {
	text := func(s position.Span) string {
		line, _, _ := strings.Cut(string(f.Text[s.Start:s.End]), "\n")
		return line
	}
	fmt.Fprintf(b, "%s", name)
	if f.Package.State != StateFresh || f.Note != "" {
		fmt.Fprintf(b, " %s %v %s", f.Package.State, f.Package.Errors, f.Note)
	}
	fmt.Fprintln(b)
	for _, block := range f.Blocks {
		fmt.Fprintf(b, "block %s\n", text(block))
	}
	for _, fn := range f.Funcs {
		fmt.Fprintf(b, "func %s: %s: %s", fn.Function.Name, text(fn.Name), text(fn.Decl))
		if fn.Declared {
			fmt.Fprint(b, ", declared")
		}
		for _, c := range fn.CalledFrom {
			fmt.Fprintf(b, ", from %s", c.Caller)
		}
		fmt.Fprintln(b)
	}
	for _, c := range f.Calls {
		fmt.Fprintf(b, "call %s", text(c.Callee))
		if c.Name != c.Callee {
			fmt.Fprintf(b, " named %s", text(c.Name))
		}
		fmt.Fprintf(b, " %s: %s %s", text(position.Span{Start: c.Paren, End: c.End}), c.Call.Callee, c.Status)
		if c.Func >= 0 {
			fmt.Fprintf(b, " in %s", f.Funcs[c.Func].Function.Name)
		}
		fmt.Fprintln(b)
	}
}
