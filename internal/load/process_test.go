package load

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// processes names the executables of the processes with a setting in their
// environment, other than this one's: Linux tells.
func processes(t *testing.T, setting string) []string {
	t.Helper()
	dirs, err := filepath.Glob("/proc/[0-9]*")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("/proc: %v", err)
	}
	var names []string
	for _, dir := range dirs {
		env, err := os.ReadFile(filepath.Join(dir, "environ"))
		if err != nil || !bytes.Contains(env, []byte(setting+"\x00")) {
			continue
		}
		if exe, err := os.Readlink(filepath.Join(dir, "exe")); err == nil {
			names = append(names, filepath.Base(exe))
		}
	}
	return names
}

func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
