package fakeeditor

import (
	"context"
	"time"

	"go.lsp.dev/protocol"
)

// Interrupt sends a request and cancels it after a while, as editors do when the
// cursor has moved on. Whether there was an answer before is left open.
func (e *Editor) Interrupt(method string, params any, after time.Duration) {
	e.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), after)
	defer cancel()
	// It tells the server when ctx is done. The error is that of ctx or the server's.
	_ = protocol.Call(ctx, e.conn, method, e.encode(params), nil)
}
