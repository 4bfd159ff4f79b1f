package docs

import (
	"os"
	"os/exec"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inlinelens/inlinelens/internal/load"
)

func TestFlagsPage(t *testing.T) {
	const name = "../../docs/flags.md"
	want := flagsPage()
	if *update {
		if err := os.WriteFile(name, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("%s is stale: go test ./internal/docs -update\n%s", name, diff)
	}
}

// TestBuildFlags holds the list against the one that the go command prints.
func TestBuildFlags(t *testing.T) {
	help, err := exec.Command("go", "help", "build").Output()
	if err != nil {
		t.Fatal(err)
	}
	known := make(map[string]bool)
	for _, f := range load.BuildFlags() {
		known[f.Name] = true
	}
	found := 0
	for _, m := range regexp.MustCompile(`(?m)^\t-(\w+)`).FindAllSubmatch(help, -1) {
		found++
		if name := string(m[1]); !known[name] {
			t.Errorf("go build has the flag -%s, which is not listed", name)
		}
	}
	if found < 25 {
		t.Errorf("\"go help build\" lists %d flags only", found)
	}
}
