package docs

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/inlinelens/inlinelens/handlers"
)

// TestTypeScript holds that the VS Code extension has the server's words.
func TestTypeScript(t *testing.T) {
	const name = "../../vscode-extension/src/generated.ts"
	want := typeScript()
	upToDate(t, name, want)
}

// TestSharedNames holds that no other source of the editors' clients spells a method
// that the server does not have, and that in TypeScript only the generated module
// spells any.
func TestSharedNames(t *testing.T) {
	var known []string
	for _, m := range methods {
		known = append(known, m.method)
	}
	spelled := regexp.MustCompile(`["'](inlinelens/\w+)["']`)
	found := 0
	for dir, ext := range map[string]string{"../../editors/nvim": ".lua", "../../vscode-extension/src": ".ts"} {
		err := fs.WalkDir(os.DirFS(dir), ".", func(name string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(name, ext) || name == "generated.ts" {
				return err
			}
			text, err := os.ReadFile(dir + "/" + name)
			for _, m := range spelled.FindAllStringSubmatch(string(text), -1) {
				if m[1] == "inlinelens/inlinelens" {
					continue
				}
				if found++; !slices.Contains(known, m[1]) || ext == ".ts" {
					t.Errorf("%s/%s spells %s; the server's methods are %v", dir, name, m[1], known)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found < 3 {
		t.Errorf("found %d methods only", found)
	}
}

// TestManifestCommands holds that the extension's manifest has the server's commands,
// but for those that only code actions and hovers run.
func TestManifestCommands(t *testing.T) {
	text, err := os.ReadFile("../../vscode-extension/package.json")
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Contributes struct {
			Commands []struct {
				Command string `json:"command"`
			} `json:"commands"`
		} `json:"contributes"`
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	var commands []string
	for _, c := range manifest.Contributes.Commands {
		commands = append(commands, c.Command)
	}
	for _, c := range handlers.Commands() {
		listed := slices.Contains(commands, c)
		if listed != (c != handlers.CommandAddTags) {
			t.Errorf("the manifest lists %s: %t", c, listed)
		}
	}
}
