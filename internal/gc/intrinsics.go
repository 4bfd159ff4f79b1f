package gc

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/inlinelens/inlinelens/internal/remark"
)

// An IntrinsicsQuery asks which functions of one package the compiler replaces
// by instructions.
type IntrinsicsQuery struct {
	ImportPath string
	Files      []string // absolute paths of the Go files that the build has of the package
	// Funcs names the functions in question, as link names without the package:
	// "TrailingZeros64", "(*T).M", "T.M". nil stands for all.
	Funcs []string
	Flags []string // compiler flags that matter: -race, -msan, -asan
}

// stubRounds bounds how often declarations that do not compile are left out.
// Few packages need a second round: functions that the compiler treats in its
// own way do (internal/abi.FuncPCABI0), and types that the runtime restricts.
const stubRounds = 8

// Intrinsics reports for each function of q whether a call of it is replaced by
// instructions. Functions that it cannot ask about are missing in the map:
// generic ones, and those whose signature needs a type of another package. The
// compilers of go1.22 to go1.26 have no intrinsics among these.
//
// The compiler finds intrinsics by package path and function name alone. So it
// is made to compile a package of that path which has the declarations of the
// functions, without bodies, and a call of each; with -d=ssa/intrinsics/debug=1
// its back end names what it substitutes. Only packages of the standard library
// can have any, so the package is always compiled as one of them.
//
// The back end is slow on hundreds of functions and has nothing to do for most
// packages. So a first compile, stopped before it, finds the calls for which the
// inliner does not count the cost of a call.
func (c *Compiler) Intrinsics(ctx context.Context, q IntrinsicsQuery) (map[string]bool, error) {
	s, err := parseStubs(ctx, q)
	if err != nil {
		return nil, err
	}
	cheap, err := c.askStubs(ctx, q, s, remarkFlags, remark.ParseCheapCall)
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	for _, f := range s.funcs {
		found[f.name] = false
	}
	s.keep(cheap)
	substituted, err := c.askStubs(ctx, q, s, []string{"-d=ssa/intrinsics/debug=1", "-c=1"}, remark.ParseSubstitution)
	if err != nil {
		return nil, err
	}
	for f := range substituted {
		found[f.name] = true
	}
	return found, nil
}

// askStubs compiles stubs and returns the functions about whose calls there is
// a line that pick picks. Declarations that do not compile are dropped.
func (c *Compiler) askStubs(ctx context.Context, q IntrinsicsQuery, s *stubs, flags []string, pick func(remark.Line) (at remark.Place, ok, stop bool)) (map[*stub]bool, error) {
	found := map[*stub]bool{}
	for range stubRounds {
		if len(s.funcs) == 0 {
			return found, nil
		}
		bad, err := c.compileStubs(ctx, q, s, flags, pick, found)
		if err != nil {
			return nil, err
		}
		if len(bad) == 0 {
			return found, nil
		}
		s.drop(bad)
	}
	return nil, fmt.Errorf("tried to learn the intrinsics of %s from %s: declarations of it still did not compile after %d rounds", q.ImportPath, c.Version, stubRounds)
}

// compileStubs compiles stubs once and adds to found. bad has the errors, if
// there are any: what was found before them holds.
func (c *Compiler) compileStubs(ctx context.Context, q IntrinsicsQuery, s *stubs, flags []string, pick func(remark.Line) (at remark.Place, ok, stop bool), found map[*stub]bool) (bad []remark.Error, err error) {
	dir, err := c.Temp.mkdir()
	if err != nil {
		return nil, err
	}
	defer func() {
		if rmErr := os.RemoveAll(dir); err == nil {
			err = rmErr
		}
	}()
	job := Job{
		Dir:        dir,
		ImportPath: q.ImportPath,
		Files:      []string{filepath.Join(dir, declsFile), filepath.Join(dir, callsFile)},
		Std:        true,
		Flags:      append(q.Flags[:len(q.Flags):len(q.Flags)], "-e"), // all errors at once
	}
	decls, calls := s.source()
	for i, src := range [][]byte{decls, calls} {
		if err := os.WriteFile(job.Files[i], src, 0o600); err != nil {
			return nil, err
		}
	}
	col, tail := job.collector()
	r, err := c.run(ctx, &job, flags, func(line remark.Line) bool {
		at, ok, stop := pick(line)
		if ok && baseName(at.File) == callsFile {
			if f := s.at(callsFile, at.Line); f != nil {
				found[f] = true
			}
		}
		if !ok && !stop {
			col.Add(line)
		}
		return stop
	})
	if err != nil {
		return nil, err
	}
	if r.err == nil {
		return nil, nil
	}
	for _, e := range col.Errors() {
		if s.at(baseName(e.File), e.Line) != nil {
			bad = append(bad, e)
		}
	}
	if len(bad) == 0 {
		return nil, c.compilerError(&job, r, col, tail)
	}
	return bad, nil
}
