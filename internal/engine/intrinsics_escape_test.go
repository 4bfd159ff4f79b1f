package engine

import (
	"os"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// Escape analysis implements a function by itself, and no call of it remains.
func TestEscapeIntrinsic(t *testing.T) {
	n := 0
	for _, c := range run(t, load.Config{Dir: t.TempDir(), Env: os.Environ()}, "internal/abi")[0].Calls {
		if c.Status == inline.StatusUnknown {
			t.Errorf("%v: %s: %v", c.Pos, c.Callee, c.Reason)
		}
		if strings.Contains(c.Callee, "EscapeNonString") && c.Status == inline.StatusIntrinsic {
			n++
		}
	}
	if n == 0 {
		t.Error("no call of EscapeNonString is intrinsic")
	}
}
