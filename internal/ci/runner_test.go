package ci

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// An action is action.yml.
type action struct {
	Inputs  map[string]struct{ Description, Default string }
	Outputs map[string]struct{ Description, Value string }
	Runs    struct {
		Using string
		Steps []step
	}
}

type step struct {
	Name             string            `yaml:"name"`
	ID               string            `yaml:"id"`
	If               string            `yaml:"if"`
	Shell            string            `yaml:"shell"`
	Run              string            `yaml:"run"`
	WorkingDirectory string            `yaml:"working-directory"`
	Env              map[string]string `yaml:"env"`
}

func readAction(t *testing.T) *action {
	t.Helper()
	text, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	a := &action{}
	if err := yaml.Unmarshal(text, a); err != nil {
		t.Fatal(err)
	}
	if a.Runs.Using != "composite" || len(a.Runs.Steps) < 3 {
		t.Fatalf("%+v", a.Runs)
	}
	return a
}

// A runner runs an action's steps, as far as this action asks for it.
type runner struct {
	t         *testing.T
	workspace string // the repository
	temp      string
	program   string            // that is there already; "" to build it as the action does
	values    map[string]string // of expressions: "inputs.check", "steps.check.outputs.status"
	failed    bool

	log         string
	summary     string
	annotations []annotation
}

// An annotation is what a workflow command made.
type annotation struct {
	kind, text string
	properties map[string]string
}

func newRunner(t *testing.T, workspace string) *runner {
	return &runner{t: t, workspace: workspace, temp: t.TempDir(), values: map[string]string{}}
}

// run runs all steps, and returns the outputs of the action.
func (r *runner) run(a *action, inputs map[string]string) (outputs map[string]string) {
	r.t.Helper()
	for name, in := range a.Inputs {
		r.values["inputs."+name] = in.Default
	}
	for name, value := range inputs {
		if _, ok := a.Inputs[name]; !ok {
			r.t.Fatalf("there is no input %s", name)
		}
		r.values["inputs."+name] = value
	}
	steps := a.Runs.Steps
	built := filepath.Join(r.temp, "inlinelens", "inlinelens")
	if r.program != "" {
		if steps[0].Name != "Build inlinelens" {
			r.t.Fatalf("the first step is %s", steps[0].Name)
		}
		steps = steps[1:]
		r.link(r.program, built)
	}
	for i := range steps {
		r.step(&steps[i])
	}
	outputs = map[string]string{}
	for name, out := range a.Outputs {
		outputs[name] = r.expand(out.Value)
	}
	return outputs
}

func (r *runner) link(from, to string) {
	r.t.Helper()
	err := os.MkdirAll(filepath.Dir(to), 0o777)
	if err == nil {
		err = os.Link(from, to)
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *runner) step(s *step) {
	r.t.Helper()
	if !r.wanted(s.If) {
		return
	}
	if s.Shell != "bash" {
		r.t.Fatalf("%s: the shell is %q", s.Name, s.Shell)
	}
	dir := r.workspace
	if s.WorkingDirectory != "" {
		dir = filepath.Join(dir, r.expand(s.WorkingDirectory))
	}
	script := filepath.Join(r.temp, "step.sh")
	output, summary := filepath.Join(r.temp, "output"), filepath.Join(r.temp, "summary")
	for name, text := range map[string]string{script: r.expand(s.Run), output: "", summary: ""} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			r.t.Fatal(err)
		}
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		r.t.Fatal(err)
	}
	cmd := exec.Command("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(),
		"CI=true", "GITHUB_ACTIONS=true", "GITHUB_ACTION_PATH="+root, "GITHUB_WORKSPACE="+r.workspace, "RUNNER_TEMP="+r.temp,
		"GITHUB_OUTPUT="+output, "GITHUB_STEP_SUMMARY="+summary,
		"GITHUB_SERVER_URL=https://github.example", "GITHUB_REPOSITORY=o/r", "GITHUB_SHA=0123456789")
	for name, value := range s.Env {
		cmd.Env = append(cmd.Env, name+"="+r.expand(value))
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		r.t.Fatal(err)
	}
	r.failed = r.failed || err != nil
	r.log += out.String()
	r.commands(out.String())
	for name, value := range r.fileCommands(output) {
		r.values["steps."+s.ID+".outputs."+name] = value
	}
	text, err := os.ReadFile(summary)
	if err != nil {
		r.t.Fatal(err)
	}
	r.summary += string(text)
}

var expression = regexp.MustCompile(`\$\{\{ *(.*?) *\}\}`)

// expand replaces the expressions in a text by their values.
func (r *runner) expand(s string) string {
	return expression.ReplaceAllStringFunc(s, func(e string) string {
		name, alternative, ok := strings.Cut(expression.FindStringSubmatch(e)[1], " || ")
		value := r.values[name]
		if ok && value == "" {
			value = strings.Trim(alternative, "'")
		}
		if !strings.HasPrefix(name, "inputs.") && !strings.HasPrefix(name, "steps.") && !strings.HasPrefix(name, "github.event.") {
			r.t.Fatalf("the expression %s is not known here", e)
		}
		return value
	})
}

// wanted evaluates the condition of a step.
func (r *runner) wanted(condition string) bool {
	switch condition {
	case "":
		return !r.failed
	case "inputs.compare != 'off'":
		return !r.failed && r.values["inputs.compare"] != "off"
	case "${{ !cancelled() && steps.check.outputs.status != '' }}":
		return r.values["steps.check.outputs.status"] != ""
	}
	r.t.Fatalf("the condition %s is not known here", condition)
	return false
}

var command = regexp.MustCompile(`^\s*::([a-z-]+|[0-9a-f]{32})(?: (.*?))?::(.*)$`)

// commands reads what a step printed. A command is at the beginning of a line, or, in the
// old form, anywhere: "##[error]".
func (r *runner) commands(out string) {
	stopped := ""
	for line := range strings.Lines(out) {
		line = strings.TrimRight(line, "\r\n")
		m := command.FindStringSubmatch(line)
		switch {
		case stopped != "":
			if m != nil && m[1] == stopped {
				stopped = ""
			}
			continue
		case m == nil:
			if strings.Contains(line, "##[") {
				r.t.Errorf("the runner takes this for a command: %q", line)
			}
			continue
		case m[1] == "stop-commands":
			stopped = m[3]
			continue
		case m[1] != "error" && m[1] != "warning" && m[1] != "notice":
			r.t.Errorf("a command %q", line)
			continue
		}
		data := strings.NewReplacer("%0D", "\r", "%0A", "\n", "%25", "%")
		property := strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
		a := annotation{kind: m[1], text: data.Replace(m[3]), properties: map[string]string{}}
		for p := range strings.SplitSeq(m[2], ",") {
			name, value, _ := strings.Cut(p, "=")
			a.properties[name] = property.Replace(value)
		}
		r.annotations = append(r.annotations, a)
	}
	if stopped != "" {
		r.t.Error("commands stay stopped after a step")
	}
}

// fileCommands reads the file GITHUB_OUTPUT.
func (r *runner) fileCommands(file string) map[string]string {
	r.t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		r.t.Fatal(err)
	}
	values := map[string]string{}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		name, end, several := strings.Cut(lines[i], "<<")
		if !several || strings.Contains(name, "=") {
			name, value, ok := strings.Cut(lines[i], "=")
			if !ok && lines[i] != "" {
				r.t.Errorf("GITHUB_OUTPUT has the line %q", lines[i])
			}
			values[name] = value
			continue
		}
		var value []string
		for i++; i < len(lines) && lines[i] != end; i++ {
			value = append(value, lines[i])
		}
		if i == len(lines) {
			r.t.Errorf("the value of %s has no end", name)
		}
		values[name] = strings.Join(value, "\n")
	}
	return values
}

// annotated returns the annotations of a kind as "file:line: text".
func (r *runner) annotated(kind string) (texts []string) {
	for _, a := range r.annotations {
		if a.kind == kind {
			texts = append(texts, fmt.Sprintf("%s:%s: %s", a.properties["file"], a.properties["line"], a.text))
		}
	}
	return texts
}
