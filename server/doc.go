// Package server is the language server: everything that has to do with a
// connection. It reads messages and answers them, keeps the text of the open
// documents, the settings and what the client can do, tells the engine what to
// keep current, and sends what the client did not ask for: refreshes,
// diagnostics, progress and status.
//
// Notifications change what is known, one after the other, on the goroutine that
// reads; they never wait. A request takes what is known at its place in the
// order of messages, and computes its answer beside the others: no request waits
// for another one, and none for a compile but those whose answer takes one, as that
// to what a function costs. What goes out on its own has
// goroutines of its own, so that a client that does not read delays nobody else.
//
// It does not know how verdicts are made (internal/engine does) nor what they
// look like in an editor (handlers does), starts no process and reads no source:
// the text of a document is what the client says it is. Nothing is sent to the
// engine before the client's "initialized": a client that does not trust a
// workspace does not come that far.
package server
