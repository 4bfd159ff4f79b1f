package engine

import (
	"context"
	"testing"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/load"
)

// A run that is stopped between its first result and its last leaves questions
// about intrinsics that end with the run's context. The next run asks them again.
func TestStoppedRunLeavesNoErrors(t *testing.T) {
	l := &loaded{}
	w := &warm{loaded: l}
	session := func() *session {
		return newSession(&Engine{options: Options{Jobs: 1}}, load.Config{}, &gc.Toolchain{GOARCH: "amd64"}, &load.Result{})
	}
	first := session()
	w.heat(first, l)
	answered, stopped := newFuture[map[string]bool](), newFuture[map[string]bool]()
	answered.set(map[string]bool{"Sqrt": true}, nil)
	stopped.set(nil, context.Canceled)
	first.intrinsics["math"], first.intrinsics["math/bits"] = answered, stopped
	first.intrinsics["sync/atomic"] = newFuture[map[string]bool]()

	next := session()
	w.heat(next, l)
	if len(next.intrinsics) != 1 || next.intrinsics["math"] != answered {
		t.Errorf("the next run has %v of the first, want what was answered for math", next.intrinsics)
	}
}
