// Package load finds packages as go build would, and what a compile of each
// needs: files, imports, export data, language version, embedded files, profile.
// It asks through golang.org/x/tools/go/packages, so that GOPACKAGESDRIVER, and
// with it other build systems, works.
//
// Two questions are asked. The first lists the packages that the patterns match
// and all that they import, and builds nothing. The second has the go command
// build the imports, for their export data. The matched packages themselves are
// about to be compiled by the caller, so having the go command compile them too
// would cost more than everything else together.
//
// The package does not parse or type-check packages, compile units, hash
// anything, or keep state between loads. It knows nothing of remarks or of the
// language server protocol. It never writes go.mod, go.sum or go.work.sum.
package load
