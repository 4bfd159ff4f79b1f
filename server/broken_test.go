package server

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/fakeeditor"
)

// TestBrokenPackage holds that all files of a package that does not compile, its tests
// included, say the same, and that it is what the status says.
func TestBrokenPackage(t *testing.T) {
	sound := map[string]string{
		"go.mod":    "module example.com/m\n\ngo 1.26\n",
		"a.go":      "package m\n\nfunc F() int { return G() }\n\nfunc G() int { return 1 }\n",
		"b.go":      "package m\n\nfunc b() int { return F() }\n",
		"a_test.go": "package m\n\nfunc ta() int { return F() }\n",
		"x_test.go": "package m_test\n\nimport \"example.com/m\"\n\nfunc tx() int { return m.F() }\n",
	}
	all := []string{"a.go", "a_test.go", "b.go", "x_test.go"}
	const brokenTest = "package m\n\nfunc ta() int { return missing }\n"
	for _, test := range []struct {
		name   string
		broken map[string]string
		says   string
		files  []string // that have no verdicts
	}{
		{"types", map[string]string{"b.go": "package m\n\nfunc b() int { return absent }\n", "a_test.go": brokenTest}, "undefined: absent (b.go:3:23), and 1 more error", all},
		{"syntax", map[string]string{"b.go": "package m\n\nfunc b() int { return\n"}, "syntax error: unexpected EOF, expected } (b.go:4:1)", all},
		{"header", map[string]string{"b.go": "pckage m\n"}, "expected 'package', found pckage (b.go:1:1)", all},
		{"tests only", map[string]string{"a_test.go": brokenTest}, "undefined: missing (a_test.go:3:24)", []string{"a_test.go", "x_test.go"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := maps.Clone(sound)
			maps.Copy(files, test.broken)
			dir := write(t, files)
			e, _ := edit(t, fakeeditor.Options{Capabilities: strings.Replace(fakeeditor.Capable, `"status": true`, `"status": true, "diagnostics": true`, 1)})
			for _, f := range all {
				e.Open(filepath.Join(dir, f))
			}
			var status handlers.StatusParams
			e.Await("the package has failed", func() (bool, string) {
				return e.Status(&status) && len(status.Packages) == 1 && status.Packages[0].State == "failed", fmt.Sprintf("%+v", status)
			})
			if message, _, _ := strings.Cut(test.says, " ("); status.Packages[0].Error.Message != message {
				t.Errorf("the status says %+v, want %q", status.Packages[0].Error, message)
			}
			for _, f := range all {
				want := ""
				if slices.Contains(test.files, f) {
					want = "No verdicts on inlining: the package does not compile: " + test.says
				}
				e.Await(f+" says why it has no verdicts", func() (bool, string) {
					got := ""
					if p := e.Diagnostics(filepath.Join(dir, f)); p != nil && len(p.Diagnostics) > 0 {
						got = fmt.Sprint(p.Diagnostics[0].Message)
					}
					return got == want, fmt.Sprintf("%q, want %q", got, want)
				})
			}
		})
	}
}
