package session

import (
	"fmt"
	"runtime/debug"

	"go.uber.org/zap"
)

// A panicError stands for a panic: a bug of this program.
type panicError struct {
	what  string // what was worked on
	value any
}

func (e *panicError) Error() string {
	return fmt.Sprintf("inlinelens failed on %s: %v; this is a bug in inlinelens, and its log has the details", e.what, e.value)
}

// Guarded calls do, and makes an error of a panic. Work that goes on in a goroutine of
// its own needs it there: a panic would end the program.
func Guarded(log *zap.Logger, what string, do func() error) error {
	_, err := GuardedValue(log, what, func() (struct{}, error) { return struct{}{}, do() })
	return err
}

// GuardedValue is guarded for what returns a value.
func GuardedValue[T any](log *zap.Logger, what string, do func() (T, error)) (v T, err error) {
	defer func() {
		if p := recover(); p != nil {
			log.Error("panic", zap.String("on", what), zap.Any("value", p), zap.ByteString("stack", debug.Stack()))
			err = &panicError{what, p}
		}
	}()
	return do()
}
