package engine

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/load"
)

// intrinsics is the layer of the functions of a package of the standard library that
// the toolchain replaces by instructions.
type intrinsicsLayer struct{}

var intrinsics intrinsicsLayer

func (intrinsicsLayer) name() string                                 { return "intrinsics" }
func (intrinsicsLayer) version() string                              { return "1" }
func (intrinsicsLayer) encode(table map[string]bool) ([]byte, error) { return json.Marshal(table) }
func (intrinsicsLayer) shared() bool                                 { return true }
func (intrinsicsLayer) size(map[string]bool) int                     { return 0 }

func (intrinsicsLayer) decode(data []byte) (table map[string]bool, err error) {
	return table, json.Unmarshal(data, &table)
}

func (intrinsicsLayer) compile(ctx context.Context, s *session, u *load.Unit) (map[string]bool, error) {
	if err := s.cpu.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer s.cpu.Release(1)
	table, err := s.compiler.Intrinsics(ctx, gc.IntrinsicsQuery{
		ImportPath: u.Path, Files: u.Files, Flags: intrinsicFlags(u),
	})
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		s.host.log.Warn("the toolchain does not tell the intrinsics of a package", zap.String("package", u.Path), zap.Error(err))
		return nil, err
	}
	if u.Path == "runtime" {
		// The front end makes an operation of this one before there is a call
		// that the back end could substitute [typecheck/func.go].
		table["getg"] = true
	}
	return table, nil
}

// mayHaveIntrinsics reports whether a package may have functions that are intrinsics.
func (s *session) mayHaveIntrinsics(u *load.Unit) bool {
	list := s.intrinsicPackages()
	return list == nil || slices.Contains(list, u.Path)
}

// intrinsicFlags are the unit's compiler flags without -l, which would keep the
// compiler from telling what calls cost.
func intrinsicFlags(u *load.Unit) []string {
	return slices.DeleteFunc(slices.Clone(u.Flags), func(f string) bool {
		return f == "-l" || strings.HasPrefix(f, "-l=")
	})
}

// key hashes the toolchain, and the files that declare the functions.
func (intrinsicsLayer) key(s *session, u *load.Unit) (key, error) {
	h := sha256.New()
	fmt.Fprintln(h, u.Path, intrinsicFlags(u))
	if err := s.hashToolchain(h); err != nil {
		return key{}, err
	}
	if err := s.hashFiles(h, u); err != nil {
		return key{}, err
	}
	var k key
	h.Sum(k[:0])
	return k, nil
}

// askIntrinsicPackages returns the packages outside which no function is an
// intrinsic, nil if the toolchain does not tell.
func (s *session) askIntrinsicPackages() []string {
	h := sha256.New()
	fmt.Fprintln(h, "intrinsic packages")
	if err := s.hashToolchain(h); err != nil {
		return nil
	}
	var k key
	h.Sum(k[:0])
	var list []string
	if data, ok := s.host.store.get(k); ok && json.Unmarshal(data, &list) == nil {
		return list
	}
	list = s.compiler.IntrinsicPackages()
	if data, err := json.Marshal(list); err == nil {
		s.host.store.put(k, data)
	}
	return list
}

// escapeIntrinsic reports whether a call is one that escape analysis implements,
// and of which nothing remains in the code. No table of the toolchain has it
// [inline/inl.go, canInlineCallExpr; walk/expr.go]. Go 1.25 and newer declare it.
func escapeIntrinsic(path, name string) bool {
	return path == "internal/abi" && name == "EscapeNonString"
}
