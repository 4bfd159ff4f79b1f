// Package docs writes the pages of docs/ that can be wrong: those that list the
// program's words. Its tests fail when a page is stale, "go test
// ./internal/docs -update" writes it again, and every example on a page is
// compiled and must get the verdict that the page gives it.
//
// Nothing of the program imports it.
package docs
