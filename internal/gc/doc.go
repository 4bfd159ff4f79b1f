// Package gc is the Go compiler seen from outside: which one a directory's go
// command selects, how it is run on one unit, when it can be stopped, and what
// its remarks about inlining and devirtualization say.
//
// A compile is stopped at the first remark of escape analysis: by then all
// inlining of the package is done, and what follows (most of the output and
// most of the work) says nothing about it.
//
// Positions are the compiler's own: lines and columns are 1-based, columns
// count bytes and are missing from column 255 on. Names are the compiler's
// too, without the path of the package that is compiled.
//
// The package knows no syntax trees of the user's code, does not judge what a
// remark means for a call, keeps no cache, and never writes outside of its
// temporary directory.
package gc
