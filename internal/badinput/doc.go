// Package badinput runs the real program on input that is broken, missing or
// in the way, and holds three promises for each: a message that says what
// failed and what to do, the right exit code (0 fine, 1 a package that has no
// verdicts, 2 could not do it), and nothing left behind, no file in the
// temporary directory and no process.
//
// The cases are scripts in testdata/script, one folder of trouble each; what
// they can say beyond testscript's own commands stands in script_test.go. There
// is no code here that a program would use, and nothing of the project is
// imported: the tests know the program as its users do.
package badinput
