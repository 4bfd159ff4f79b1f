package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

type panicWriter struct{}

func (panicWriter) Write([]byte) (int, error) { panic("a mistake") }

// TestPanic holds that a mistake of ours asks for a report and is no crash.
func TestPanic(t *testing.T) {
	var stderr bytes.Buffer
	if code := run(context.Background(), []string{"version"}, panicWriter{}, &stderr); code != exitFailed {
		t.Errorf("exit code %d, want %d", code, exitFailed)
	}
	for _, want := range []string{"internal error: a mistake", "main_test.go", "inlinelens/issues"} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("no %q in:\n%s", want, stderr.String())
		}
	}
}

// TestInterrupted holds that a cancelled run says so and leaves no goroutine.
func TestInterrupted(t *testing.T) {
	defer goleak.VerifyNone(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var stderr bytes.Buffer
	if code := run(ctx, []string{"report", "errors"}, io.Discard, &stderr); code != exitFailed {
		t.Errorf("exit code %d, want %d", code, exitFailed)
	}
	if got := stderr.String(); got != "inlinelens: interrupted\n" {
		t.Errorf("standard error %q", got)
	}
}

// TestRunLeavesNoGoroutine holds it for a run that does its work.
func TestRunLeavesNoGoroutine(t *testing.T) {
	defer goleak.VerifyNone(t)
	t.Setenv("INLINELENS_CACHE", t.TempDir())
	var stdout, stderr bytes.Buffer
	if code := run(context.Background(), []string{"report", "errors"}, &stdout, &stderr); code != exitFine {
		t.Fatalf("exit code %d: %s", code, stderr.String())
	}
	if !strings.Contains(stdout.String(), "Summary: 1 package") {
		t.Errorf("no summary in:\n%s", stdout.String())
	}
}
