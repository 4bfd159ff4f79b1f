// Package handlers has what the language server answers: one file for one method
// of the protocol, a snapshot and a document in, a protocol value out.
//
// Its functions are pure. They hold no state, read no file, start nothing and
// decide no verdict; a text that they need is in the [Document], or behind a
// function in it. Places come as byte offsets in the text that was compiled; they
// leave as positions of the editor in the text that it shows, and what has no
// place there any more is left out.
//
// The connection, the order of requests, refreshes and what the commands do belong
// to package server.
package handlers
