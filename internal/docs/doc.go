// Package docs writes the pages of docs/ that list the program's terms, settings and
// flags. Its tests fail when a page is stale; "go test ./internal/docs -update" writes
// it again. Every example on a page is compiled and must get the verdict that the page
// gives it.
//
// The tests also read all that users read, for sentences that are too long and words
// that are not to be used.
//
// Nothing of the program imports it.
package docs
