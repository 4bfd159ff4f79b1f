package gc

import (
	"context"
	"os"
	"slices"
	"testing"

	"github.com/inlinelens/inlinelens/internal/prove"
)

func TestIntrinsicPackages(t *testing.T) {
	for _, version := range []string{prove.Oldest, "local", prove.Newest} {
		tc, err := FindToolchain(context.Background(), t.TempDir(), append(os.Environ(), "GOTOOLCHAIN="+version))
		if err != nil {
			t.Fatal(err)
		}
		list := tc.IntrinsicPackages()
		may := func(path string) bool { return slices.Contains(list, path) }
		for _, path := range []string{"math", "math/bits", "math/big", "sync", "sync/atomic", "runtime", "runtime/internal/sys", "internal/runtime/sys"} {
			if path == "internal/runtime/sys" && version == prove.Oldest || path == "runtime/internal/sys" && version != prove.Oldest {
				continue // it has moved
			}
			if path == "sync" && version == prove.Newest {
				continue // it has none any more
			}
			if !may(path) {
				t.Errorf("%s: %s is ruled out", tc.Version, path)
			}
		}
		for _, path := range []string{"net/http", "encoding/json", "os", "cmd/compile/internal/ssa"} {
			if may(path) {
				t.Errorf("%s: %s is not ruled out", tc.Version, path)
			}
		}
	}
	if list := (&Toolchain{GOROOT: t.TempDir()}).IntrinsicPackages(); list != nil {
		t.Errorf("without the compiler's source: %q", list)
	}
}
