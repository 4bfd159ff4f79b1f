package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/go-json-experiment/json"
)

// onScreen is what scripts/bench-vscode.sh prints last: how long it took from the
// key that saves until a hint could be seen in VS Code, in milliseconds.
type onScreen struct {
	Ours  percentiles `json:"ours"`
	Gopls percentiles `json:"gopls"`
	Saves int         `json:"saves"`
}

// percentiles are of saves, in milliseconds.
type percentiles struct {
	P50 int `json:"p50"`
	P95 int `json:"p95"`
}

// screen measures saves as a person sees them, beside gopls' own inlay hints in
// the same window after the same save. There is no goal: both wait for what the
// editor does, which asks for hints again when a server tells it to.
func (r *rig) screen() ([]row, error) {
	root, err := output(r.ctx, "", "go", "list", "-m", "-f", "{{.Dir}}", "github.com/inlinelens/inlinelens")
	if err != nil {
		return nil, err
	}
	const saves = 40
	cmd := exec.CommandContext(r.ctx, filepath.Join(root, "scripts", "bench-vscode.sh"), fmt.Sprint(saves))
	cmd.Stderr = os.Stderr // it says what it installs
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", cmd.Path, err)
	}
	seen, err := parseScreen(out)
	if err != nil {
		return nil, err
	}
	work := fmt.Sprintf("save → hint on the screen of VS Code, net/http, %d saves", seen.Saves)
	compare := func(name string, ours, gopls int) row {
		return row{
			work: work + ", " + name, ours: fmt.Sprintf("%d ms", ours), rival: fmt.Sprintf("gopls' own inlay hints: %d ms", gopls),
			ratio: fmt.Sprintf("%.2f×", float64(ours)/float64(gopls)),
		}
	}
	return []row{compare("p50", seen.Ours.P50, seen.Gopls.P50), compare("p95", seen.Ours.P95, seen.Gopls.P95)}, nil
}

// parseScreen reads the last line of the script's output.
func parseScreen(out []byte) (seen onScreen, err error) {
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	last := lines[len(lines)-1]
	if err := json.Unmarshal(last, &seen); err != nil {
		return seen, fmt.Errorf("the last line of what the editor's measurement printed: %w: %q", err, last)
	}
	if seen.Saves == 0 || seen.Ours.P50 == 0 || seen.Gopls.P50 == 0 {
		return seen, fmt.Errorf("the editor's measurement has nothing to say: %q", last)
	}
	return seen, nil
}
