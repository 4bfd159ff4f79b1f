// Package future has values that are computed once and waited for by many.
package future

import "context"

// A Future is a value that is computed once and waited for by many.
type Future[T any] struct {
	Done  chan struct{}
	Value T
	Err   error
}

// New returns a future without a value.
func New[T any]() *Future[T] { return &Future[T]{Done: make(chan struct{})} }

// Set gives the future its value, or an error in its place. It is called once.
func (f *Future[T]) Set(v T, err error) {
	f.Value, f.Err = v, err
	close(f.Done)
}

// Over reports whether the value, or an error in its place, is there.
func (f *Future[T]) Over() bool {
	select {
	case <-f.Done:
		return true
	default:
		return false
	}
}

// Ready reports whether the value is there, and not an error in its place.
func (f *Future[T]) Ready() bool {
	return f.Over() && f.Err == nil
}

// Get waits for the value. The error is the one in its place, or ctx's.
func (f *Future[T]) Get(ctx context.Context) (T, error) {
	select {
	case <-f.Done:
		return f.Value, f.Err
	case <-ctx.Done():
		var zero T
		return zero, ctx.Err()
	}
}
