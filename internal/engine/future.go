package engine

import "context"

// A future is a value that is computed once and waited for by many.
type future[T any] struct {
	done  chan struct{}
	value T
	err   error
}

func newFuture[T any]() *future[T] { return &future[T]{done: make(chan struct{})} }

func (f *future[T]) set(v T, err error) {
	f.value, f.err = v, err
	close(f.done)
}

// over reports whether the value, or an error in its place, is there.
func (f *future[T]) over() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}

// ready reports whether the value is there, and not an error in its place.
func (f *future[T]) ready() bool {
	return f.over() && f.err == nil
}

func (f *future[T]) get(ctx context.Context) (T, error) {
	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
		var zero T
		return zero, ctx.Err()
	}
}
