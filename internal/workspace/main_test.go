package workspace

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if e, err := oracle(); err == nil {
			e.Close()
		}
		if dir, err := cacheOnce(); err == nil {
			os.RemoveAll(dir)
		}
		os.Exit(code)
	}))
}
