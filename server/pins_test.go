package server

import (
	"os"
	"testing"

	"golang.org/x/mod/modfile"
)

// TestPins holds the versions of the protocol's libraries: "go get -u" moves one
// of them back to a version that does not go with the others.
func TestPins(t *testing.T) {
	text, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	f, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"go.lsp.dev/protocol": "v1.0.1", "go.lsp.dev/jsonrpc2": "v1.0.1", "go.lsp.dev/uri": "v1.0.1"}
	for _, r := range f.Require {
		if version, pinned := want[r.Mod.Path]; pinned && version == r.Mod.Version {
			delete(want, r.Mod.Path)
		}
	}
	for _, r := range f.Replace {
		if _, replaced := want[r.Old.Path]; replaced {
			t.Errorf("%s is replaced", r.Old.Path)
		}
	}
	for path, version := range want {
		t.Errorf("go.mod does not require %s %s", path, version)
	}
}
