package ci

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if built != "" {
		_ = os.RemoveAll(filepath.Dir(built))
	}
	os.Exit(code)
}

// program returns where the program is. It is built once for all tests.
func program(t *testing.T) string {
	t.Helper()
	name, err := buildOnce()
	if err != nil {
		t.Fatal(err)
	}
	return name
}

var (
	built     string // "" until it is needed
	buildOnce = sync.OnceValues(func() (string, error) {
		dir, err := os.MkdirTemp("", "inlinelens-ci-")
		if err != nil {
			return "", err
		}
		built = filepath.Join(dir, "inlinelens")
		if out, err := exec.Command("go", "build", "-o", built, "../../cmd/inlinelens").CombinedOutput(); err != nil {
			return "", fmt.Errorf("%w\n%s", err, out)
		}
		return built, nil
	})
)
