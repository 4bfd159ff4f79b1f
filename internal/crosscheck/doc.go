// Package crosscheck reads what others recorded about inlining, so that our
// verdicts can be held against it: above all the linked binary, in which DWARF
// names every inlined body and the machine code has every call that is left.
//
// Its tests compare the verdicts of the engine with four witnesses that know
// nothing of this project:
//
//   - the expectations in the compiler's own tests, in GOROOT/test;
//   - the DWARF data and the CALL instructions of linked binaries;
//   - the compiler's full -m=2 output over the standard library;
//   - the table of functions that must stay inlinable, in the compiler's inl_test.go.
//
// The package holds no opinion of its own: it neither compiles nor resolves
// anything, and imports nothing of the project outside of its tests.
//
// Positions here are those of DWARF: a file as the linker recorded it and a
// 1-based line. There are no columns.
package crosscheck
