package load

import (
	"path/filepath"
	"testing"
)

// One variant alone is loaded with all that it needs, and nothing is built that
// only others need.
func TestOnly(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "go.mod"), "module m\n\ngo 1.26\n")
	put(t, filepath.Join(dir, "m.go"), "package m\n\nfunc M() int { return 1 }\n")
	put(t, filepath.Join(dir, "in_test.go"), "package m\n\nimport \"errors\"\n\nfunc N() error { return errors.New(\"\") }\n")
	put(t, filepath.Join(dir, "out_test.go"), "package m_test\n\nimport (\n\t\"sort\"\n\n\t\"m\"\n)\n\nvar _ = m.N\nvar _ = sort.Ints\n")
	cfg := Config{Dir: dir, Env: environ("GOFLAGS=-buildvcs=false"), Tests: true}
	for _, test := range []struct {
		only  string
		roots []string
	}{
		{"", []string{"m", "m [m.test]", "m_test [m.test]"}},
		{"test", []string{"m [m.test]"}},
		{"xtest", []string{"m_test [m.test]"}},
	} {
		cfg.Only = test.only
		r := mustLoad(t, cfg)
		wantStrings(t, "roots with Only "+test.only, rootIDs(r), test.roots...)
		mustCompile(t, cfg, r)
		if test.only == "test" && r.Units["sort"] != nil {
			t.Error("a test variant alone brings along what the external test imports")
		}
	}
	cfg.Only = "xtest"
	put(t, filepath.Join(dir, "out_test.go"), "package m\n")
	r := mustLoad(t, cfg)
	wantStrings(t, "roots where there is no external test", rootIDs(r), "m", "m [m.test]")
}
