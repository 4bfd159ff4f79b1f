package gc

import (
	"context"
	"testing"
)

func TestSmoke(t *testing.T) {
	tc := findToolchain(t, "")

	c := testCompiler(t, tc)
	for _, p := range []string{"runtime", "net/http", "go/types", "os", "sync/atomic"} {
		out, err := c.Compile(context.Background(), stdJob(t, tc, p))
		if err != nil {
			t.Fatal(err)
		}
		t.Log(p, len(out.Remarks), out.Errors, out.NumProblems, out.Problems, out.Stopped, out.Elapsed)
	}
}
