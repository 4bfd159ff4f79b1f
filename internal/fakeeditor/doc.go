// Package fakeeditor is an editor for tests: it opens, edits and saves files
// over a real connection to a language server, asks what an editor asks, and
// keeps what the server sends on its own.
//
// It believes the server: what it is sent, it shows, and it tells the server of
// every change as the protocol wants it, in the encoding that was agreed on. It
// has no opinion on what the server should say; that is for the tests. It works
// with any server, so that ours can be held against another.
package fakeeditor
