package editors

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEmacs shows that hints, lenses and hovers come through in Emacs, with lsp-mode
// and gopls beside.
func TestEmacs(t *testing.T) {
	t.Parallel()
	s := newEmacs(t, `
		(require 'lsp-lens) (require 'lsp-modeline) ; where lsp-mode is installed, they load themselves
		(require 'inlinelens)
		(setq lsp-inlay-hint-enable t lsp-enable-suggest-server-download nil lsp-auto-guess-root t
			lsp-headerline-breadcrumb-enable nil lsp-enable-snippet nil lsp-warn-no-matched-clients nil
			lsp-client-packages (list (quote lsp-go)) ; the others, some hundred, are not compiled here
			lsp-go-gopls-server-args nil ; a daemon would go on for a minute
			lsp-session-file (expand-file-name "session" user-emacs-directory))
		(add-hook 'go-mode-hook #'lsp-deferred)`)
	s.await("o.Check ✗ 95/80()", "func (o Order) Check() error { not inlinable: 95/80 (15 over)")
	s.shot("hints")
	s.keys("C-s", "o.Che", "Enter", "M-x", "lsp-describe-thing-at-point", "Enter")
	s.await("not-inlined Order.Check: cost 95 exceeds budget 80")
	s.shot("hover")
	explainCost(s, "lsp-execute-code-action", "Select code action:")
	s.leavesNothing("C-x", "C-c")
}

// TestEglot does with Eglot, which talks to one server for each buffer.
func TestEglot(t *testing.T) {
	t.Parallel()
	s := newEmacs(t, `
		(require 'eglot)
		(add-to-list 'eglot-server-programs '((go-mode go-ts-mode) . ("inlinelens" "serve")))
		(add-hook 'go-mode-hook #'eglot-ensure)`)
	s.await("o.Check ✗ 95/80()")
	s.shot("hints")
	s.keys("C-s", "o.Che", "Enter", "M-x", "eldoc", "Enter")
	s.await("not-inlined Order.Check: cost 95 exceeds budget 80")
	s.shot("hover")
	explainCost(s, "eglot-code-actions", "Pick an action",
		"M-x", "eglot-inlay-hints-mode", "Enter", "M-x", "eglot-inlay-hints-mode", "Enter")
	s.leavesNothing("C-x", "C-c")
}

// explainCost picks the code action that shows the cost of each line of a function;
// refresh are keys that make the editor ask for hints again.
func explainCost(s *screen, command, prompt string, refresh ...string) {
	s.t.Helper()
	s.keys("M-<", "C-s", "o.Amount <= 0", "Enter", "M-x", command, "Enter")
	s.await(prompt)
	s.keys("Inlinelens: explain cost", "Tab")
	s.await("Inlinelens: explain cost of Order.Check line by line")
	s.keys("Enter")
	s.gone("Inlinelens: explain cost")
	s.keys(refresh...)
	s.await("o.ID) +88 = 93/80 · over")
	s.shot("cost")
}

// newEmacs starts Emacs on the sample.
func newEmacs(t *testing.T, configuration string) *screen {
	t.Helper()
	emacs := install(t, "forky", "emacs-nox", "emacs-nox", "elpa-lsp-mode", "elpa-go-mode")
	dir, file := sample(t)
	// It was built for another place than it is in.
	share := filepath.Join(filepath.Dir(emacs), "../share/emacs")
	var load []string
	for _, pattern := range []string{"[0-9]*/lisp", "site-lisp/elpa-src/*"} {
		tops, err := filepath.Glob(filepath.Join(share, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, top := range tops {
			if err := filepath.WalkDir(top, func(name string, d fs.DirEntry, err error) error {
				if err == nil && d.IsDir() {
					load = append(load, name)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
	dumps, err := filepath.Glob(filepath.Join(filepath.Dir(emacs), "../libexec/emacs/*/*/*.pdmp"))
	if err != nil || len(dumps) != 1 || len(load) < 10 {
		t.Fatalf("%s has the dumps %q and %d directories of Lisp (%v)", emacs, dumps, len(load), err)
	}
	data, err := filepath.Glob(filepath.Join(share, "[0-9]*/etc"))
	if err != nil || len(data) != 1 {
		t.Fatalf("%s has the data %q (%v)", emacs, data, err)
	}
	ours, err := filepath.Abs("emacs")
	if err != nil {
		t.Fatal(err)
	}
	init := filepath.Join(t.TempDir(), "init.el")
	text := `(setq user-emacs-directory "` + filepath.Dir(init) + `/" inhibit-startup-screen t make-backup-files nil auto-save-default nil)
(require 'go-mode)` + configuration
	if err := os.WriteFile(init, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	env := []string{"EMACSLOADPATH=" + strings.Join(append(load, ours), ":"), "EMACSDATA=" + data[0]}
	return newScreen(t, dir, env, emacs, "--dump-file="+dumps[0], "-nw", "-Q",
		"--eval", "(setq native-comp-jit-compilation nil native-comp-enable-subr-trampolines nil)", // there is no compiler for it
		"-l", init, "+40", file)
}
