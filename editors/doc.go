// Package editors has what editors other than VS Code need to use the server,
// nvim as a plugin and the others as configurations, and the tests of it in the
// real programs, on a terminal, with gopls beside.
//
// It has no code that a program would use. The editors come from Debian suites
// (scripts/editors/debian.sh), so its tests run on Linux.
package editors
