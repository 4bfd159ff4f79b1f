package server

import (
	"io"
	"net"
	"sync"
	"time"
)

const (
	// maxOutbox is how many bytes wait for a client that does not read before
	// those wait who have more to say to it.
	maxOutbox = 64 << 20
	// flushTimeout is how long the end of a connection waits for a client to read.
	flushTimeout = time.Second
)

// An outbox writes what is put into it, in that order, on a goroutine of its own.
type outbox struct {
	to   io.Writer
	done chan struct{} // closed when nothing will be written any more

	mu       sync.Mutex
	moved    sync.Cond // of mu: any of what follows changed
	waiting  [][]byte
	size     int // of waiting, in bytes
	finished bool
	err      error // of the write that failed
}

func (o *outbox) start(to io.Writer) {
	o.to, o.done = to, make(chan struct{})
	o.moved.L = &o.mu
	go o.run()
}

// put has b written, which belongs to the outbox from now on. The error is that
// of an earlier write.
func (o *outbox) put(b []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.size > maxOutbox && o.err == nil && !o.finished {
		o.moved.Wait()
	}
	switch {
	case o.err != nil:
		return o.err
	case o.finished:
		return net.ErrClosed
	}
	o.waiting = append(o.waiting, b)
	o.size += len(b)
	o.moved.Broadcast()
	return nil
}

// run writes until the outbox is finished and empty, or a write fails.
func (o *outbox) run() {
	defer close(o.done)
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.err == nil {
		if len(o.waiting) == 0 {
			if o.finished {
				return
			}
			o.moved.Wait()
			continue
		}
		b := o.waiting[0]
		o.waiting[0], o.waiting = nil, o.waiting[1:]
		o.mu.Unlock()
		_, err := o.to.Write(b)
		o.mu.Lock()
		o.size -= len(b)
		o.err = err
		o.moved.Broadcast()
	}
}

// finish takes nothing more, and waits a little until all is written.
func (o *outbox) finish() {
	o.mu.Lock()
	o.finished = true
	o.moved.Broadcast()
	o.mu.Unlock()
	select {
	case <-o.done:
	case <-time.After(flushTimeout):
	}
}
