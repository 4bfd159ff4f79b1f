// Package gcassert runs gcassert beside "inlinelens check", each as a program, and
// compares what they say: every call of which gcassert says that it was not inlined must
// be a finding of ours, or one of the differences that docs/assertions.md lists.
//
// The package has no code that a program would use.
package gcassert
