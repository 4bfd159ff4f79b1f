package gc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"github.com/inlinelens/inlinelens/internal/remark"
)

// processes returns the processes whose command line has text in it.
func processes(t testing.TB, text string) (pids []int) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil || len(files) == 0 {
		t.Fatalf("no processes: %v", err)
	}
	for _, file := range files {
		line, err := os.ReadFile(file)
		if err != nil || !bytes.Contains(line, []byte(text)) {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	return pids
}

// A notifier closes itself at the first write.
type notifier chan struct{}

func (n notifier) Write(b []byte) (int, error) {
	select {
	case <-n:
	default:
		close(n)
	}
	return len(b), nil
}

var fakeJob = Job{ImportPath: "p", Files: []string{"a.go"}}

// TestCancel shows that a cancelled compile returns at once, with the
// context's error, and that its processes and files are gone by then.
func TestCancel(t *testing.T) {
	real := findToolchain(t, "")
	realJob := stdJob(t, real, "go/types")
	for _, test := range []struct {
		name string
		tc   *Toolchain
		job  Job
	}{
		{"the compiler", real, realJob},
		{"hang", fakeToolchain("hang"), fakeJob},
		{"hang-with-child", fakeToolchain("hang-with-child"), fakeJob},
		{"hang-with-closed-output", fakeToolchain("hang-with-closed-output"), fakeJob},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := testCompiler(t, test.tc)
			started := make(notifier)
			c.tee = started
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var running int
			go func() {
				<-started
				running = len(processes(t, c.Temp.Dir))
				cancel()
			}()
			out, err := c.Compile(ctx, test.job)
			if !errors.Is(err, context.Canceled) || out != nil {
				t.Errorf("got %v, %v", out, err)
			}
			if running == 0 {
				t.Error("no process was there to be cancelled")
			}
			if pids := processes(t, c.Temp.Dir); len(pids) > 0 {
				t.Errorf("processes are left: %v", pids)
			}
		})
	}
}

func TestCancelledBefore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := testCompiler(t, fakeToolchain("hang")).Compile(ctx, fakeJob); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestDeadline(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := testCompiler(t, fakeToolchain("hang")).Compile(ctx, fakeJob); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

func TestTimeout(t *testing.T) {
	for _, role := range []string{"hang", "hang-silently", "hang-with-child", "hang-with-closed-output"} {
		c := testCompiler(t, fakeToolchain(role))
		job := fakeJob
		job.Timeout = 300 * time.Millisecond
		_, err := c.Compile(t.Context(), job)
		var timeout *TimeoutError
		if !errors.As(err, &timeout) || timeout.After != job.Timeout || !strings.Contains(err.Error(), "stopped after 300ms") {
			t.Errorf("%s: %v", role, err)
		}
		if pids := processes(t, c.Temp.Dir); len(pids) > 0 {
			t.Errorf("%s: processes are left: %v", role, pids)
		}
	}
}

// TestStop shows that the compiler is killed at the first escape remark.
func TestStop(t *testing.T) {
	c := testCompiler(t, fakeToolchain("escape-then-hang"))
	out, err := c.Compile(t.Context(), fakeJob)
	if err != nil {
		t.Fatal(err)
	}
	if !out.Stopped || len(out.Remarks) != 1 || out.NumProblems > 0 || out.Elapsed <= 0 {
		t.Errorf("got %+v", out)
	}
	c.Temp.ending.Wait()
	if pids := processes(t, c.Temp.Dir); len(pids) > 0 {
		t.Errorf("processes are left: %v", pids)
	}
}

// TestStarted shows that Started is called once the compiler runs, and not when it
// cannot.
func TestStarted(t *testing.T) {
	started := 0
	job := fakeJob
	job.Started = func() { started++ }
	if _, err := testCompiler(t, fakeToolchain("escape-then-hang")).Compile(t.Context(), job); err != nil || started != 1 {
		t.Errorf("started %d times, %v", started, err)
	}
	gone := fakeToolchain("escape-then-hang")
	gone.Compile = filepath.Join(t.TempDir(), "compile")
	started = 0
	if _, err := testCompiler(t, gone).Compile(t.Context(), job); err == nil || started != 0 {
		t.Errorf("without a compiler: started %d times, %v", started, err)
	}
}

// TestHalt shows that a compiler whose kill is delayed does nothing more after the first escape
// remark, and is gone a moment later.
func TestHalt(t *testing.T) {
	c := testCompiler(t, fakeToolchain("escape-then-hang"))
	job := fakeJob
	job.DelayKill = true
	out, err := c.Compile(t.Context(), job)
	if err != nil {
		t.Fatal(err)
	}
	if !out.Stopped || len(out.Remarks) != 1 {
		t.Errorf("got %+v", out)
	}
	// A signal takes its time, on a busy machine more. A test that is held up itself
	// can miss the moment.
	halted, longest := false, time.Duration(0)
	for looked := time.Now(); !halted; {
		pids := processes(t, c.Temp.Dir)
		for _, pid := range pids {
			stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
			_, state, _ := strings.Cut(string(stat), ") ")
			halted = halted || strings.HasPrefix(state, "T")
		}
		longest = max(longest, time.Since(looked))
		looked = time.Now()
		if len(pids) == 0 {
			break
		}
		time.Sleep(2 * time.Millisecond)
	}
	if !halted && longest < haltTime/4 {
		t.Errorf("the compiler was not halted before it was killed; longest time between two looks: %v", longest)
	}
	c.Temp.ending.Wait()
	if pids := processes(t, c.Temp.Dir); len(pids) > 0 {
		t.Errorf("processes are left: %v", pids)
	}
}

// TestLeftGroup shows that a child which has left the compiler's group cannot
// hold us up by keeping the output open.
func TestLeftGroup(t *testing.T) {
	c := testCompiler(t, fakeToolchain("leave-group"))
	job := fakeJob
	job.Timeout = 200 * time.Millisecond
	begin := time.Now()
	_, err := c.Compile(t.Context(), job)
	var timeout *TimeoutError
	if !errors.As(err, &timeout) {
		t.Error(err)
	}
	if took := time.Since(begin); took > job.Timeout+grace+2*time.Second {
		t.Errorf("it took %v", took)
	}
	for len(processes(t, c.Temp.Dir)) > 0 {
		time.Sleep(50 * time.Millisecond)
	}
}

// TestBreakdown shows what is said of compilers that break down.
func TestBreakdown(t *testing.T) {
	for _, test := range []struct {
		role    string
		reason  string
		crashed bool
		output  string
	}{
		{"panic", "exit status 2: panic: boom", true, "goroutine 1"},
		{"killed", "signal: killed, which was not ours: is the machine out of memory?", true, ""},
		{"ice", "internal compiler error: 'f': boom", true, "a.go:3:4: internal compiler error: 'f': boom"},
		{"garbage-and-fail", "exit status 3", false, "g"},
		{"fail-silently", "exit status 3", false, ""},
	} {
		c := testCompiler(t, fakeToolchain(test.role))
		out, err := c.Compile(t.Context(), fakeJob)
		var failed *CompilerError
		if !errors.As(err, &failed) {
			t.Errorf("%s: got %+v, %v", test.role, out, err)
			continue
		}
		if failed.Reason != test.reason || failed.Crashed != test.crashed || !strings.Contains(failed.Output, test.output) {
			t.Errorf("%s: got %+v", test.role, failed)
		}
		if len(failed.Output) > 3*maxTail {
			t.Errorf("%s: %d bytes of output are kept", test.role, len(failed.Output))
		}
		var report map[string]any
		if err := json.Unmarshal(failed.JSON(), &report); err != nil || report["reason"] != failed.Reason || report["version"] != "go1.99" || report["args"].([]any)[0] != c.Toolchain.Compile {
			t.Errorf("%s: to report: %v, %s", test.role, err, failed.JSON())
		}
		for _, want := range []string{"tried to compile p with go1.99", failed.Reason, "go build"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q does not say %q", test.role, err, want)
			}
		}
	}
}

// TestGarbage shows that lines which are not understood are problems, and that
// what comes behind them is read.
func TestGarbage(t *testing.T) {
	for role, want := range map[string]int{"garbage": 1000, "flood": 1} {
		out, err := testCompiler(t, fakeToolchain(role)).Compile(t.Context(), fakeJob)
		if err != nil {
			t.Fatal(err)
		}
		if out.NumProblems < want || len(out.Problems) > 100 || len(out.Errors) > 0 || out.Stopped {
			t.Errorf("%s: %d problems, %d kept, errors %v", role, out.NumProblems, len(out.Problems), out.Errors)
		}
		if diff := cmp.Diff([]remark.Remark{{Kind: remark.InliningCall, File: "a.go", Line: 1, Col: 2, Name: "f"}}, out.Remarks); diff != "" {
			t.Errorf("%s: %s", role, diff)
		}
	}
}

func TestNoCompiler(t *testing.T) {
	tc := fakeToolchain("hang")
	tc.Compile = filepath.Join(t.TempDir(), "compile")
	_, err := testCompiler(t, tc).Compile(t.Context(), fakeJob)
	var failed *CompilerError
	if !errors.As(err, &failed) || !errors.Is(err, os.ErrNotExist) || failed.Crashed {
		t.Error(err)
	}
}

// TestKilled shows what is left when this process is killed: no compiler, and
// a directory, which the next process removes.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	parent := exec.Command(self)
	parent.Env = append(os.Environ(), roleVar+"=parent", argVar+"="+dir)
	stdout, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	// The compiler has started when the first line of its output comes through.
	if _, err := io.ReadAtLeast(stdout, make([]byte, 64), 1); err != nil {
		t.Error(err)
	}
	if n := len(processes(t, dir)); n != 1 {
		t.Errorf("%d compilers run", n)
	}
	other, err := NewTemp(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := leftOf(t, dir); len(got) != 4 {
		t.Errorf("got %v, want the directories and the lock files of the parent and of us", got)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = parent.Wait()
	for begin := time.Now(); len(processes(t, dir)) > 0; time.Sleep(10 * time.Millisecond) {
		if time.Since(begin) > 10*time.Second {
			t.Fatalf("the compiler outlives its parent: %v", processes(t, dir))
		}
	}
	again, err := NewTemp(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := leftOf(t, dir); len(got) != 4 {
		t.Errorf("got %v, want our two directories and their lock files", got)
	}
	for _, temp := range []*Temp{other, again} {
		if err := temp.Close(); err != nil {
			t.Error(err)
		}
	}
	if left := leftOf(t, dir); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// leftOf returns what temporary directories leave in their parent.
func leftOf(t testing.TB, parent string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(parent, ".inlinelens-*"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}
