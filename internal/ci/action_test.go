package ci

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/testprogram"
)

const shop = `package shop

//inlinelens:inlinable
func Round(x int) int {
	if x%10 >= 5 {
		x += 10
	}
	return x / 10 * 10
}

func Total(prices []int) int {
	sum := 0
	for _, p := range prices {
		//inlinelens:inlined
		sum += Round(p)
	}
	return sum
}
`

// expensive is shop after somebody made Round too expensive.
var expensive = strings.Replace(shop, "\treturn x / 10", "\tcheck(x)\n\tcheck(x + 1)\n\treturn x / 10", 1) + `
//go:noinline
func check(x int) {}
`

// repository makes a repository of a module in services/shop, as large ones have them.
func repository(t *testing.T, files map[string]string) (root string) {
	t.Helper()
	root = t.TempDir()
	write(t, root, map[string]string{"services/shop/go.mod": "module example.com/shop\n\ngo 1.22\n"})
	write(t, root, files)
	return root
}

func write(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		name = filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	args = append([]string{"-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false", "-c", "protocol.file.allow=always"}, args...)
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// TestAction runs the action on modules of each outcome.
func TestAction(t *testing.T) {
	t.Setenv("INLINELENS_CACHE", t.TempDir())
	a := readAction(t)
	inputs := map[string]string{"working-directory": "services/shop"}
	for i, test := range []struct {
		name        string
		files       map[string]string
		status      string
		annotations []string // what each kind has, in its order
		comment     string
	}{
		{
			name: "holds", files: map[string]string{"services/shop/shop.go": shop}, status: "0",
			comment: "`inlinelens check`: ok: no findings",
		},
		{
			name: "does not hold", files: map[string]string{"services/shop/shop.go": expensive}, status: "1",
			annotations: []string{"error services/shop/shop.go:4: ", "error services/shop/shop.go:17: ", "notice :: FAIL: 2 findings"},
			comment:     "[`services/shop/shop.go:17`](https://github.example/o/r/blob/0123456789/services/shop/shop.go#L17)",
		},
		{
			name: "matches nothing", status: "3",
			files:       map[string]string{"services/shop/shop.go": shop, "services/shop/.inlinelens": "inlinable example.com/shop.Runde\n"},
			annotations: []string{"warning services/shop/.inlinelens:1: ", "notice :: NOT JUDGED: 1 not judged"},
			comment:     "assertion matches nothing",
		},
		{
			name: "does not compile", files: map[string]string{"services/shop/shop.go": shop + "\nvar x int = \"\"\n"}, status: "3",
			annotations: []string{"warning services/shop/shop.go:20: ", "notice :: NOT JUDGED: "},
			comment:     "package does not compile",
		},
		{
			name: "hostile", status: "3",
			files: map[string]string{
				"services/shop/shop.go":     shop,
				"services/shop/.inlinelens": "##[error]injected\n::error file=x::injected\n`</details>@everyone\n\x1b]0;x\x07 inlined\n",
			},
			annotations: []string{"warning services/shop/.inlinelens:1: ", "warning services/shop/.inlinelens:2: ", "warning services/shop/.inlinelens:3: ", "warning services/shop/.inlinelens:4: ", "notice :: NOT JUDGED: "},
			comment:     "assertions cannot be read",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRunner(t, repository(t, test.files))
			if i > 0 { // the first one builds it
				r.program = testprogram.Path(t)
			}
			out := r.run(a, inputs)
			if out["exit-status"] != test.status || r.failed != (test.status != "0") {
				t.Errorf("exit status %s, failed %t, want %s\n%s", out["exit-status"], r.failed, test.status, r.log)
			}
			var got []string
			for _, kind := range []string{"error", "warning", "notice"} {
				for _, text := range r.annotated(kind) {
					got = append(got, kind+" "+text)
				}
			}
			if len(got) != len(test.annotations) {
				t.Errorf("annotations: %q", got)
			}
			for i, want := range test.annotations {
				if i < len(got) && !strings.HasPrefix(got[i], want) {
					t.Errorf("annotation %q, want %q", got[i], want)
				}
			}
			if !strings.Contains(out["comment"], test.comment) || strings.TrimSpace(r.summary) != strings.TrimSpace(out["comment"]) {
				t.Errorf("comment without %q:\n%s\nsummary:\n%s", test.comment, out["comment"], r.summary)
			}
			for _, name := range []string{"comment-file", "sarif-file", "junit-file"} {
				if text, err := os.ReadFile(out[name]); err != nil || len(text) == 0 {
					t.Errorf("%s: %v, %d bytes", name, err, len(text))
				}
			}
			if strings.ContainsAny(r.log, "\x1b\x07") {
				t.Errorf("the log has control characters: %q", r.log)
			}
		})
	}
}

// TestActionComparesPullRequest runs the action as for a pull request: in a shallow clone
// of the commit that merges it. The base went on meanwhile, and has edits that the pull
// request has not made.
func TestActionComparesPullRequest(t *testing.T) {
	t.Setenv("INLINELENS_CACHE", t.TempDir())
	a := readAction(t)
	// No assertion and no baseline names Sum: check alone says nothing of it.
	const other = "package shop\n\nfunc Sum(a, b int) int { return twice(a) + b }\n\nfunc twice(a int) int { return a + a }\n"
	origin := repository(t, map[string]string{"services/shop/shop.go": shop, "services/shop/other.go": other})
	git(t, origin, "init", "-q")
	git(t, origin, "config", "uploadpack.allowAnySHA1InWant", "true") // as GitHub has it
	commit := func(message string) string {
		git(t, origin, "add", "-A")
		git(t, origin, "commit", "-q", "-m", message)
		return git(t, origin, "rev-parse", "HEAD")
	}
	begun := commit("begun")
	git(t, origin, "checkout", "-q", "-b", "feature")
	write(t, origin, map[string]string{"services/shop/shop.go": expensive})
	commit("feature")
	git(t, origin, "checkout", "-q", "main")
	write(t, origin, map[string]string{"services/shop/other.go": strings.Replace(other, "func twice", "//go:noinline\nfunc twice", 1)})
	commit("main went on")
	git(t, origin, "checkout", "-q", "-b", "merge")
	git(t, origin, "merge", "-q", "--no-ff", "-m", "merge", "feature")

	clone := filepath.Join(t.TempDir(), "clone")
	git(t, filepath.Dir(clone), "clone", "-q", "--depth=1", "--branch=merge", "file://"+filepath.ToSlash(origin), clone)
	before := git(t, clone, "status", "--porcelain")
	r := newRunner(t, clone)
	r.program = testprogram.Path(t)
	r.values["github.event.pull_request.base.sha"] = begun // of when the pull request was opened
	out := r.run(a, map[string]string{"working-directory": "services/shop"})
	if out["exit-status"] != "1" {
		t.Errorf("exit status %s\n%s", out["exit-status"], r.log)
	}
	for _, want := range []string{
		"### `inlinelens check`: FAIL: 2 findings", "`: FAIL: 2 findings",
		"**shop.Round costs 137 instead of 15: ", "blob/0123456789/services/shop/shop.go#L9",
		"`shop.Total -> shop.Round`",
	} {
		if !strings.Contains(out["comment"], want) {
			t.Errorf("the comment is without %q:\n%s", want, out["comment"])
		}
	}
	if strings.Contains(out["comment"], "twice") {
		t.Errorf("what the base did is told, too:\n%s", out["comment"])
	}
	// The annotation stands at the edit.
	found := false
	for _, text := range r.annotated("error") {
		found = found || strings.HasPrefix(text, "services/shop/shop.go:9: shop.Round costs 137 instead of 15")
	}
	if !found {
		t.Errorf("annotations: %q", r.annotated("error"))
	}
	if after := git(t, clone, "status", "--porcelain"); after != before {
		t.Errorf("the repository is changed: %s", after)
	}

	// Without what check knows, the comparison fails the job only if it is to.
	write(t, clone, map[string]string{"services/shop/shop.go": strings.NewReplacer("//inlinelens:inlinable\n", "//inlinelens:cost<=200\n", "\t\t//inlinelens:inlined\n", "").Replace(expensive)})
	for fails, status := range map[string]string{"false": "0", "true": "1"} {
		r := newRunner(t, clone)
		r.program = testprogram.Path(t)
		r.values["github.event.pull_request.base.sha"] = begun
		out := r.run(a, map[string]string{"working-directory": "services/shop", "compare-fails": fails})
		if out["exit-status"] != status || !strings.Contains(out["comment"], "shop.Round costs 137 instead of 15") {
			t.Errorf("compare-fails %s: exit status %s, want %s\n%s\n%s", fails, out["exit-status"], status, out["comment"], r.log)
		}
		if fails == "false" && len(r.annotated("error")) > 0 {
			t.Errorf("nothing fails, and there are annotations: %q", r.annotated("error"))
		}
	}
}
