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

// onScreen is what scripts/bench-vscode.sh prints last: how long it took until a hint
// could be seen in VS Code, in milliseconds.
type onScreen struct {
	Saved  seen `json:"saved"`  // from the key that saves
	Opened seen `json:"opened"` // from the key that opens a file in a new window
}

type seen struct {
	Ours  percentiles `json:"ours"`
	Gopls percentiles `json:"gopls"`
	Times int         `json:"times"` // how often it was measured
}

// percentiles are in milliseconds.
type percentiles struct {
	P50 int `json:"p50"`
	P95 int `json:"p95"`
}

// screen measures what a person waits for, beside gopls' own inlay hints in the same
// window. There is no goal: both wait for what the editor does, which asks for hints
// again when a server tells it to.
func (r *rig) screen() ([]row, error) {
	root, err := output(r.ctx, "", "go", "list", "-m", "-f", "{{.Dir}}", "github.com/inlinelens/inlinelens")
	if err != nil {
		return nil, err
	}
	const saves, windows = 40, 5
	cmd := exec.CommandContext(r.ctx, filepath.Join(root, "scripts", "bench-vscode.sh"), fmt.Sprint(saves), fmt.Sprint(windows))
	cmd.Stderr = os.Stderr // it says what it installs
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", cmd.Path, err)
	}
	on, err := parseScreen(out)
	if err != nil {
		return nil, err
	}
	compare := func(work string, ours, gopls int) row {
		return row{
			work: work, ours: fmt.Sprintf("%d ms", ours), rival: fmt.Sprintf("gopls' own inlay hints: %d ms", gopls),
			ratio: fmt.Sprintf("%.2f×", float64(ours)/float64(gopls)),
		}
	}
	save := fmt.Sprintf("save → hint on the screen of VS Code, net/http, %d saves", on.Saved.Times)
	open := fmt.Sprintf("open → first hints on the screen of VS Code, net/http, %d new windows", on.Opened.Times)
	return []row{
		compare(open+", p50", on.Opened.Ours.P50, on.Opened.Gopls.P50),
		compare(save+", p50", on.Saved.Ours.P50, on.Saved.Gopls.P50),
		compare(save+", p95", on.Saved.Ours.P95, on.Saved.Gopls.P95),
	}, nil
}

// parseScreen reads the last line of the script's output.
func parseScreen(out []byte) (on onScreen, err error) {
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	last := lines[len(lines)-1]
	if err := json.Unmarshal(last, &on); err != nil {
		return on, fmt.Errorf("the last line of what the editor's measurement printed: %w: %q", err, last)
	}
	for _, s := range []seen{on.Saved, on.Opened} {
		if s.Times == 0 || s.Ours.P50 == 0 || s.Gopls.P50 == 0 {
			return on, fmt.Errorf("the editor's measurement has nothing to say: %q", last)
		}
	}
	return on, nil
}
