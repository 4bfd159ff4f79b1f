package docs

import (
	"os/exec"
	"regexp"
	"testing"

	"github.com/inlinelens/inlinelens/internal/load"
)

func TestFlagsPage(t *testing.T) {
	const name = "../../docs/flags.md"
	want := flagsPage()
	upToDate(t, name, want)
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
