package session

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/load"
)

// Intrinsics is the layer of the functions of a package of the standard library that
// the toolchain replaces by instructions.
var Intrinsics intrinsicsLayer

type intrinsicsLayer struct{}

func (intrinsicsLayer) Name() string    { return "intrinsics" }
func (intrinsicsLayer) Version() string { return "1" }
func (intrinsicsLayer) Encode(table map[string]bool) ([]byte, error) {
	return json.Marshal(table, json.Deterministic(true))
}
func (intrinsicsLayer) Shared() bool             { return true }
func (intrinsicsLayer) Size(map[string]bool) int { return 0 }

func (intrinsicsLayer) Decode(data []byte) (table map[string]bool, err error) {
	return table, json.Unmarshal(data, &table)
}

func (intrinsicsLayer) Compile(ctx context.Context, s *Session, u *load.Unit) (map[string]bool, error) {
	if err := s.CPU.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer s.CPU.Release(1)
	table, err := s.Compiler.Intrinsics(ctx, gc.IntrinsicsQuery{
		ImportPath: u.Path, Files: u.Files, Flags: intrinsicFlags(u),
	})
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		s.Host.Log.Warn("the toolchain does not tell the intrinsics of a package", zap.String("package", u.Path), zap.Error(err))
		return nil, err
	}
	if u.Path == "runtime" {
		// The front end makes an operation of this one before there is a call
		// that the back end could substitute [typecheck/func.go].
		table["getg"] = true
	}
	return table, nil
}

// MayHaveIntrinsics reports whether a package may have functions that are intrinsics.
func (s *Session) MayHaveIntrinsics(u *load.Unit) bool {
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

// Key hashes the toolchain, and the files that declare the functions.
func (intrinsicsLayer) Key(s *Session, u *load.Unit) (Key, error) {
	h := sha256.New()
	fmt.Fprintln(h, u.Path, intrinsicFlags(u))
	if err := s.hashToolchain(h); err != nil {
		return Key{}, err
	}
	if err := s.hashFiles(h, u); err != nil {
		return Key{}, err
	}
	var k Key
	h.Sum(k[:0])
	return k, nil
}

// askIntrinsicPackages returns the packages outside which no function is an
// intrinsic, nil if the toolchain does not tell.
func (s *Session) askIntrinsicPackages() []string {
	h := sha256.New()
	fmt.Fprintln(h, "intrinsic packages")
	if err := s.hashToolchain(h); err != nil {
		return nil
	}
	var k Key
	h.Sum(k[:0])
	var list []string
	if data, ok := s.Host.Store.Get(k); ok && json.Unmarshal(data, &list) == nil {
		return list
	}
	list = s.Compiler.IntrinsicPackages()
	if data, err := json.Marshal(list); err == nil {
		s.Host.Store.Put(k, data)
	}
	return list
}

// EscapeIntrinsic reports whether a call is one that escape analysis implements,
// and of which nothing remains in the code. No table of the toolchain has it
// [inline/inl.go, canInlineCallExpr; walk/expr.go]. Go 1.25 and newer declare it.
func EscapeIntrinsic(path, name string) bool {
	return path == "internal/abi" && name == "EscapeNonString"
}
