package docs

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestExtensionSettings holds that the VS Code extension has the server's settings.
func TestExtensionSettings(t *testing.T) {
	const name = "../../vscode-extension/package.json"
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	want, err := extensionManifest(got)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(name, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("%s is stale: go test ./internal/docs -update\n%s", name, diff)
	}
}
