package load

import (
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func BenchmarkLoad(b *testing.B) {
	for _, pattern := range []string{"net/http", "std"} {
		b.Run(pattern, func(b *testing.B) {
			cfg := Config{Dir: b.TempDir()}
			if _, err := Load(b.Context(), cfg, pattern); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := Load(b.Context(), cfg, pattern); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
