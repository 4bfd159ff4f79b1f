package ci

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// blocks returns the code blocks of docs/ci.md in a language.
func blocks(t *testing.T, language string) (list []string) {
	t.Helper()
	page, err := os.ReadFile("../../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	rest := string(page)
	for {
		_, behind, ok := strings.Cut(rest, "\n```"+language+"\n")
		if !ok {
			return list
		}
		block, after, ok := strings.Cut(behind, "\n```\n")
		if !ok {
			t.Fatal("a code block has no end")
		}
		list = append(list, block+"\n")
		rest = after
	}
}

// TestWorkflows reads the workflows of docs/ci.md with actionlint, which also holds the
// inputs and outputs against action.yml. The steps of the action become a workflow of
// their own, so that their expressions are read too: of an action, actionlint reads only
// what it offers.
func TestWorkflows(t *testing.T) {
	root := t.TempDir()
	a, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"action.yml": string(a), ".github/workflows/action.yml": workflowOf(t)}
	workflows := 0
	for i, block := range blocks(t, "yaml") {
		if strings.Contains(block, "runs-on:") {
			workflows++
			files[fmt.Sprintf(".github/workflows/%d.yml", i)] = strings.ReplaceAll(block, "inlinelens/inlinelens@v1", "./")
		}
	}
	if workflows < 2 {
		t.Errorf("%d workflows are in docs/ci.md", workflows)
	}
	write(t, root, files)
	if err := os.Mkdir(filepath.Join(root, ".git"), 0o777); err != nil {
		t.Fatal(err)
	}
	lint := func() (string, error) {
		modfile, err := filepath.Abs("../../tools/go.mod")
		if err != nil {
			t.Fatal(err)
		}
		paths, err := filepath.Glob(filepath.Join(root, ".github/workflows/*.yml"))
		if err != nil || len(paths) != workflows+1 {
			t.Fatal(paths, err)
		}
		out, err := exec.Command("go", append([]string{"tool", "-modfile=" + modfile, "actionlint", "-no-color", "-oneline"}, paths...)...).CombinedOutput()
		return string(out), err
	}
	if out, err := lint(); err != nil || out != "" {
		t.Errorf("%v\n%s", err, out)
	}
	// It would see a mistake.
	for name, text := range files {
		files[name] = strings.NewReplacer("steps.inlinelens.outputs.sarif-file", "steps.inlinelens.outputs.sarif", "steps.check.outputs", "steps.chekc.outputs").Replace(text)
	}
	write(t, root, files)
	out, err := lint()
	if err == nil || !strings.Contains(out, `property "sarif" is not defined`) || !strings.Contains(out, "chekc") {
		t.Errorf("mistakes are not seen: %v\n%s", err, out)
	}
}

// workflowOf returns a workflow with the steps and inputs of the action.
func workflowOf(t *testing.T) string {
	t.Helper()
	a := readAction(t)
	inputs := map[string]any{}
	for name, in := range a.Inputs {
		inputs[name] = map[string]any{"type": "string", "default": in.Default}
	}
	var steps []map[string]any
	for _, s := range a.Runs.Steps {
		step := map[string]any{"name": s.Name, "shell": s.Shell, "run": s.Run}
		for key, value := range map[string]string{"id": s.ID, "if": s.If, "working-directory": s.WorkingDirectory} {
			if value != "" {
				step[key] = value
			}
		}
		if len(s.Env) > 0 {
			step["env"] = s.Env
		}
		steps = append(steps, step)
	}
	text, err := yaml.Marshal(map[string]any{
		"on":   map[string]any{"workflow_call": map[string]any{"inputs": inputs}, "pull_request": nil},
		"jobs": map[string]any{"steps": map[string]any{"runs-on": "ubuntu-latest", "steps": steps}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestOutputsOfAction holds that docs/ci.md has the inputs and outputs of the action.
func TestOutputsOfAction(t *testing.T) {
	page, err := os.ReadFile("../../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	a := readAction(t)
	for name, in := range a.Inputs {
		if !strings.Contains(string(page), fmt.Sprintf("| `%s` | `%s` |", name, in.Default)) {
			t.Errorf("docs/ci.md has no row for the input %s, %s by default", name, in.Default)
		}
	}
	for name := range a.Outputs {
		if !strings.Contains(string(page), "`"+name+"`") {
			t.Errorf("docs/ci.md has no row for the output %s", name)
		}
	}
}

// TestOtherYAML holds that the other YAML of docs/ci.md, and .pre-commit-hooks.yaml, can be
// read, and names commands and hooks that there are.
func TestOtherYAML(t *testing.T) {
	text, err := os.ReadFile("../../.pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var hooks []struct{ ID, Name, Entry, Language, Files string }
	if err := yaml.Unmarshal(text, &hooks); err != nil || len(hooks) != 1 || hooks[0].Entry != "inlinelens check" || hooks[0].Language != "golang" {
		t.Fatalf("%v: %+v", err, hooks)
	}
	all := ""
	for _, block := range blocks(t, "yaml") {
		var any map[string]any
		if err := yaml.Unmarshal([]byte(block), &any); err != nil {
			t.Errorf("%v:\n%s", err, block)
		}
		all += block
	}
	for _, want := range []string{"- id: " + hooks[0].ID + "\n", "reports:\n      junit: inlinelens.xml\n"} {
		if !strings.Contains(all, want) {
			t.Errorf("docs/ci.md has no %q", want)
		}
	}
}
