package breakdown

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"fmt"

	"github.com/inlinelens/inlinelens/internal/future"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/remark"
	"github.com/inlinelens/inlinelens/internal/session"
)

// basisOf returns the basis that a compile of the unit has left, if it has, or makes
// one, out of remarks that are kept or by another compile. It is nil if the unit
// does not compile.
func basisOf(ctx context.Context, s *session.Session, u *load.Unit, left *future.Future[*session.Compiled]) (*session.Compiled, error) {
	whole, err := session.KeyOf(s, Layer, u)
	if err != nil {
		return nil, err
	}
	of := session.Key(sha256.Sum256(fmt.Appendf(nil, "remarks %x", whole)))
	if left == nil || !left.Ready() {
		if b, err := keptBasis(s, u, of); b != nil || err != nil {
			return b, err
		}
		left = s.Watch(u)
		if _, err := s.Compile(ctx, u); err != nil {
			if _, wrong := session.WrongWith(err); wrong {
				return nil, nil
			}
			return nil, err
		}
		if !left.Ready() {
			return nil, nil
		}
	}
	b := left.Value
	var buf bytes.Buffer
	if !s.Edited(u) && !s.IsUnsaved(u) && gob.NewEncoder(&buf).Encode(costRemarks(b.Remarks)) == nil {
		s.Host.Store.Put(of, buf.Bytes())
	}
	return b, nil
}

// keptBasis makes a basis out of remarks that are kept; nil if they are not.
func keptBasis(s *session.Session, u *load.Unit, of session.Key) (*session.Compiled, error) {
	data, ok := s.Host.Store.Get(of)
	if !ok {
		return nil, nil
	}
	b := &session.Compiled{}
	if gob.NewDecoder(bytes.NewReader(data)).Decode(&b.Remarks) != nil {
		return nil, nil
	}
	src, err := s.Read(u)
	if err != nil {
		return nil, err
	}
	shared := s.SharesTypes(u)
	src.Packages = s.Checker.Imports.Acquire(shared)
	b.Src, b.Release = src, func() { s.Checker.Imports.Release(src.Packages, shared) }
	src.Parse()
	s.Checker.Types(u, src)
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
