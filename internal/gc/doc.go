// Package gc runs the Go compiler: which one a directory's go command selects, how
// it is run on one unit, and when it can be stopped. Package remark reads what it
// prints.
//
// A compile is stopped at the first remark of escape analysis: by then all
// inlining of the package is done, and what follows (most of the output and
// most of the work) says nothing about it.
//
// The package knows no syntax trees of the user's code, keeps no cache, and never
// writes outside of its temporary directory.
package gc
