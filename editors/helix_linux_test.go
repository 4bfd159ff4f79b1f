package editors

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestHelix shows that hints, hovers and code actions come through with the
// configuration as it is documented.
func TestHelix(t *testing.T) {
	t.Parallel()
	hx := install(t, "forky", "hx", "hx")
	dir, file := sample(t)
	config := t.TempDir()
	if err := os.CopyFS(filepath.Join(config, "helix"), os.DirFS("helix")); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := newScreen(t, dir, []string{"XDG_CONFIG_HOME=" + config}, hx, file+":43")
	s.await("o.Check ✗ 95/80()")
	s.shot("hints")
	s.keys("46G", "gs", "fC")
	// Two servers say something; which is first is nobody's business. Until gopls is
	// ready, ours is alone. (No Escape: Alt-Space it would be, if Space came too soon.)
	s.pressUntil("[1/2] ", "Space", "k")
	if !strings.Contains(s.text(), "[1/2] inlinelens") {
		s.keys("M-n")
	}
	s.await("cost 95 exceeds budget 80")
	s.shot("hover")
	s.keys("Escape")
	s.gone("cost 95 exceeds budget 80")
	s.keys("Space", "a")
	s.await("Inlinelens: hide hints", "Extract method") // the second is from gopls
	s.shot("actions")
	s.keys("Escape", "Escape")
	// A package that does not compile says so, where Helix lists what is wrong.
	s.pressUntil("undefinedName()", "46G", "oundefinedName()")
	s.keys("Escape")
	s.await(" NOR ")
	s.keys(":w", "Enter")
	for deadline := time.Now().Add(timeout); ; { // the list is not brought up to date while it is shown
		time.Sleep(time.Second)
		s.keys("Space", "d")
		s.await("severity")
		if strings.Contains(s.text(), "No verdicts on inlining") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("Helix does not list why there are no verdicts")
		}
		s.keys("Escape")
		s.gone("severity")
	}
	s.shot("broken")
	s.keys("Escape")
	s.gone("No verdicts on inlining")
	// Helix kills its servers and does not wait for them. What that leaves of files, the
	// next process of ours clears away.
	s.ends(":q!", "Enter")
	if err := os.WriteFile(file, text, 0o666); err != nil { // what follows compiles it
		t.Fatal(err)
	}
	for deadline := time.Now().Add(timeout); ; {
		report(t, dir, "TMPDIR="+filepath.Join(s.home, "tmp"))
		files := s.leftovers()
		if len(files) == 0 {
			break
		}
		// A process that was killed loses its environment, by which the test knows it,
		// before its locks.
		if time.Now().After(deadline) {
			t.Fatalf("the files %q are left", files)
		}
	}
}
