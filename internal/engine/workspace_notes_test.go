package engine

import "testing"

// Of a file that is forgotten nothing remains, also if it had a note instead of
// verdicts.
func TestWorkspaceForgetNoted(t *testing.T) {
	r := newRig(t, small, func(o *WorkspaceOptions) { o.Tests = false })
	r.open("a/a.go", "a/in_test.go", "b/b.go")
	r.wait()
	if f := r.file("a/in_test.go"); f.Note == "" {
		t.Errorf("a test has no note, though tests are switched off: %+v", f)
	}
	r.w.Forget(r.path("a/in_test.go"))
	if f := r.wait().Files[r.path("a/in_test.go")]; f != nil {
		t.Errorf("of a file that was forgotten is known: %+v", f)
	}
}
