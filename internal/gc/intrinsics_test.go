package gc

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func query(job Job) IntrinsicsQuery {
	return IntrinsicsQuery{ImportPath: job.ImportPath, Files: job.Files}
}

func TestIntrTmp(t *testing.T) {
	for _, r := range releases {
		tc := findToolchain(t, r)
		c := testCompiler(t, tc)
		for _, p := range strings.Fields("math math/bits sync/atomic internal/runtime/atomic runtime/internal/atomic internal/runtime/sys runtime/internal/sys internal/runtime/math internal/runtime/maps runtime math/big sync crypto/internal/constanttime internal/abi net/http") {
			if r == "" || slices.Contains([]string{"math", "runtime", "sync"}, p) {
				if p == "runtime/internal/sys" || p == "runtime/internal/atomic" {
					continue
				}
				job := stdJob(t, tc, p)
				begin := time.Now()
				m, err := c.Intrinsics(t.Context(), query(job))
				el := time.Since(begin)
				if err != nil {
					t.Error(p, err)
				}
				var yes []string
				for k, v := range m {
					if v {
						yes = append(yes, k)
					}
				}
				slices.Sort(yes)
				t.Log(r, p, len(m), len(yes), el, yes)
			}
		}
	}
}
