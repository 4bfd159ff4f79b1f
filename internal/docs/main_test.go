package docs

import (
	"os"
	"testing"

	"github.com/inlinelens/inlinelens/internal/testprogram"
)

func TestMain(m *testing.M) {
	code := m.Run()
	testprogram.Remove()
	os.Exit(code)
}
