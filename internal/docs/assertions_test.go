package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inlinelens/inlinelens/internal/assertion"
	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/testprogram"
)

// namedBlock is a code block below its name in code marks.
var namedBlock = regexp.MustCompile("(?s)\n`([^`\n]+)`:\n\n```[a-z]*\n(.*?)```\n")

// TestAssertionsPage holds that the examples of docs/assertions.md are what they are said
// to be: it checks them.
func TestAssertionsPage(t *testing.T) {
	page := read(t, "../../docs/assertions.md")
	dir := t.TempDir()
	want := ""
	files := map[string]string{"go.mod": "module example.com/m\n\ngo 1.24\n"}
	for _, m := range namedBlock.FindAllStringSubmatch(page, -1) {
		if m[1] == "inlinelens check" {
			want = m[2]
			continue
		}
		files[m[1]] = m[2]
	}
	if files["hot/hot.go"] == "" || files[assertion.FileName] == "" || want == "" {
		t.Fatalf("the page lacks an example: %q", files)
	}
	// A package that is only named must be imported.
	files["hot/strings.go"] = "package hot\n\nimport _ \"strings\"\n"
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(testprogram.Path(t), "check")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "INLINELENS_CACHE="+t.TempDir(), "GOFLAGS=")
	out, err := cmd.Output()
	if cmd.ProcessState.ExitCode() != compare.ExitFindings {
		t.Fatalf("%v\n%s", err, out)
	}
	if diff := cmp.Diff(string(out), want); diff != "" {
		t.Errorf("(-is +page)\n%s", diff)
	}
	// What the page shows as directives is what the parser reads.
	for _, m := range regexp.MustCompile("`(//inlinelens:[^`]+)`").FindAllStringSubmatch(page, -1) {
		l := assertion.InSource("a.go", []byte("package p\n\n"+strings.ReplaceAll(m[1], "…", "it is so")+"\nfunc F() {}\n"))
		if len(l.Assertions) != 1 {
			t.Errorf("%s: %v", m[1], l.Errors)
		}
	}
	for _, m := range regexp.MustCompile("(?m)^\\| `((?:inlin|cost|exempt)[^`]+)` \\|").FindAllStringSubmatch(page, -1) {
		line := regexp.MustCompile(`\b([FG])\b`).ReplaceAllString(m[1], "p.$1")
		l := assertion.ParseFile("f", []byte(strings.ReplaceAll(line, "…", "it is so")), "m")
		if len(l.Assertions) != 1 {
			t.Errorf("%s: %v", line, l.Errors)
		}
	}
}
