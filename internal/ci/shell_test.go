package ci

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/testprogram"
)

// TestShell runs the commands of docs/ci.md for a shell: on a branch that changed nothing
// that matters, and on one that did.
func TestShell(t *testing.T) {
	t.Setenv("INLINELENS_CACHE", t.TempDir())
	commands := blocks(t, "sh")
	if len(commands) != 2 {
		t.Fatalf("docs/ci.md has %d blocks for a shell", len(commands))
	}
	root := repository(t, map[string]string{"services/shop/shop.go": shop})
	git(t, root, "init", "-q")
	git(t, root, "add", "-A")
	git(t, root, "commit", "-q", "-m", "begun")
	git(t, root, "update-ref", "refs/remotes/origin/main", "HEAD")
	bin := filepath.Dir(testprogram.Path(t))
	for _, test := range []struct {
		text string
		want int
	}{
		{strings.Replace(shop, "package shop", "// Package shop sells.\npackage shop", 1), 0},
		{expensive, 1},
	} {
		write(t, root, map[string]string{"services/shop/shop.go": test.text})
		for _, command := range commands {
			cmd := exec.Command("bash", "-eu", "-o", "pipefail", "-c", command)
			cmd.Dir = filepath.Join(root, "services", "shop")
			cmd.Env = append(os.Environ(), "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
			out, _ := cmd.CombinedOutput()
			if got := cmd.ProcessState.ExitCode(); got != test.want {
				t.Errorf("exit status %d, want %d: %s\n%s", got, test.want, command, out)
			}
		}
	}
	if text, err := os.ReadFile(filepath.Join(root, "services", "shop", "inlinelens.json")); err != nil || !strings.Contains(string(text), `"kind":"judgment"`) {
		t.Errorf("%v: %s", err, text)
	}
}
