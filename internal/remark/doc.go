// Package remark reads what the Go compiler prints: remarks about inlining and
// devirtualization (-m=2), compile errors, syntax trees (-W=2) and substituted
// intrinsics.
//
// The parsers know the forms of all releases that are understood (package
// gorelease), never fail, and count the lines that they do not know. They take lines
// of any length in constant memory. Output of the compiler is foreign text: nothing
// in it is trusted to be well formed.
//
// Positions are the compiler's own: lines and columns are 1-based, columns
// count bytes and are missing from column 255 on. Names are the compiler's
// too, without the path of the package that is compiled.
//
// The package starts no process, opens no file, and does not judge what a remark
// means for a call.
package remark
