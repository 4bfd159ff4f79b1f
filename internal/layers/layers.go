// Package layers holds the project's architecture: its test walks every
// package of the module and fails when an import runs upwards, when a package
// starts processes or speaks the protocol that should not, or when a package
// says nothing of itself.
//
// The table below is the one of docs/architecture.md; change both together.
// The package has no code that a program would use.
package layers

// A layer is one package of the program, with the packages in folders below its own.
type layer struct {
	path string // below the module
	// level orders the layers: a layer imports those of lower levels only, never
	// its neighbours.
	level int
	// runs says that the layer may start processes.
	runs bool
	// pure says that nothing below the layer starts processes either.
	pure bool
	// protocol says that the layer may import the protocol's libraries.
	protocol bool
}

// layers lists the packages that make up the program.
var layers = []layer{
	{path: "internal/inline", level: 0},
	{path: "internal/linkname", level: 0, pure: true},
	{path: "internal/gorelease", level: 0, pure: true},
	{path: "internal/tempdir", level: 0},
	{path: "internal/syntax", level: 0},
	{path: "internal/future", level: 0},
	{path: "internal/reaper", level: 1, runs: true},
	{path: "internal/regular", level: 0},
	{path: "internal/store", level: 1},
	{path: "internal/remark", level: 1, pure: true},
	{path: "internal/load", level: 1, runs: true},
	{path: "internal/revision", level: 1, runs: true},
	{path: "internal/assertion", level: 1, pure: true},
	{path: "internal/position", level: 1},
	{path: "internal/words", level: 1},
	{path: "internal/similar", level: 1, pure: true},
	{path: "internal/pager", level: 1, runs: true},
	{path: "internal/gc", level: 2, runs: true},
	{path: "internal/nearmiss", level: 2, pure: true},
	{path: "internal/settings", level: 2},
	{path: "internal/resolve", level: 2, pure: true},
	{path: "internal/cost", level: 2, pure: true},
	{path: "internal/compare", level: 3, pure: true},
	{path: "internal/rewrite", level: 3, pure: true},
	{path: "internal/typecheck", level: 3},
	{path: "internal/loading", level: 3},
	{path: "internal/session", level: 4},
	{path: "internal/breakdown", level: 5},
	{path: "internal/trial", level: 6},
	{path: "internal/explain", level: 6},
	{path: "internal/workspace", level: 7},
	{path: "internal/report", level: 7},
	{path: "internal/engine", level: 8},
	{path: "handlers", level: 9, protocol: true},
	{path: "server", level: 10, protocol: true},
	{path: "cmd/inlinelens", level: 11, protocol: true},
}

// support lists packages that only tests and the Makefile use: they may import
// any layer and start processes, and no layer may import them.
var support = []string{
	"editors",
	"internal/layers",
	"internal/testlog",
	"internal/testprogram",
	"internal/bench",
	"internal/docs",
	"internal/fakeeditor",
	"internal/gopls",
	"internal/gopls/install",
	"internal/crosscheck",
	"internal/ci",
	"internal/prove",
}
