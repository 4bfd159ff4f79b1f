package load

import (
	"os"
	"testing"
)

// TestClosureOfTests holds that a test is built of one package of each path: of
// internal/strconv, on which nearly everything rests, the go command lists two.
func TestClosureOfTests(t *testing.T) {
	r := mustLoad(t, Config{Dir: t.TempDir(), Env: os.Environ(), Tests: true}, "internal/strconv")
	const path = "internal/strconv"
	x := unit(t, r, path+"_test ["+path+".test]")
	seen := map[string]string{}
	for _, u := range x.Closure() {
		if other := seen[u.Path]; other != "" {
			t.Errorf("the test is built of %s and %s", other, u.ID)
		}
		seen[u.Path] = u.ID
	}
	if want := path + " [" + path + ".test]"; seen[path] != want {
		t.Errorf("the package under test is %q, want %q", seen[path], want)
	}
	if files, _ := x.PackageFiles(); files[path] != x.Imports[path].Export {
		t.Errorf("the compiler is given %s, and not %s", files[path], x.Imports[path].Export)
	}
}
