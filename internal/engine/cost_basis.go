package engine

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"fmt"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/remark"
)

// basisOf returns the basis that a compile of the unit has left, if it has, or makes
// one, out of remarks that are kept or by another compile. It is nil if the unit
// does not compile.
func basisOf(ctx context.Context, s *session, u *load.Unit, left *future[*compiled]) (*compiled, error) {
	whole, err := keyOf(s, breakdowns, u)
	if err != nil {
		return nil, err
	}
	of := key(sha256.Sum256(fmt.Appendf(nil, "remarks %x", whole)))
	if left == nil || !left.ready() {
		if b, err := keptBasis(s, u, of); b != nil || err != nil {
			return b, err
		}
		left = s.watch(u)
		if _, err := s.compile(ctx, u); err != nil {
			if _, wrong := wrongWith(err); wrong {
				return nil, nil
			}
			return nil, err
		}
		if !left.ready() {
			return nil, nil
		}
	}
	b := left.value
	var buf bytes.Buffer
	if !s.edited(u) && !s.isUnsaved(u) && gob.NewEncoder(&buf).Encode(costRemarks(b.remarks)) == nil {
		s.host.store.put(of, buf.Bytes())
	}
	return b, nil
}

// keptBasis makes a basis out of remarks that are kept; nil if they are not.
func keptBasis(s *session, u *load.Unit, of key) (*compiled, error) {
	data, ok := s.host.store.get(of)
	if !ok {
		return nil, nil
	}
	b := &compiled{}
	if gob.NewDecoder(bytes.NewReader(data)).Decode(&b.remarks) != nil {
		return nil, nil
	}
	src, err := s.read(u)
	if err != nil {
		return nil, err
	}
	shared := s.sharesTypes(u)
	src.world = s.checker.imports.acquire(shared)
	b.src, b.release = src, func() { s.checker.imports.release(src.world, shared) }
	src.parse()
	s.checker.types(u, src)
	return b, nil
}

// costRemarks picks what a cost.Collector needs of what the compiler said.
func costRemarks(all []remark.Remark) []remark.Remark {
	var list []remark.Remark
	for _, r := range all {
		switch r.Kind {
		case remark.CanInline, remark.CannotInline, remark.InliningCall, remark.BigCaller, remark.HotCall:
			list = append(list, r)
		case remark.Devirtualizing:
			if r.How == remark.HowPGOInterface || r.How == remark.HowPGOFunc {
				list = append(list, r)
			}
		}
	}
	return list
}
