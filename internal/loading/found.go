package loading

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"fmt"
	"maps"
	"slices"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/store"
)

// savedResult is what a load found, in a form that can be kept: two loads found the
// same if and only if its encodings are equal.
type savedResult struct {
	Env   load.GoEnv
	Units []savedUnit // by ID
	Roots []string    // IDs
}

// A savedUnit is a unit whose imports are named, not pointed at.
type savedUnit struct {
	Unit    load.Unit // without Imports
	Written []string  // the paths that it imports, as written, sorted
	IDs     []string  // and the unit of each
}

func resultKey(kind store.Key) store.Key {
	return sha256.Sum256(fmt.Appendf(nil, "found %x", kind))
}

// encodeResult encodes the units of a load; nil if that fails.
func encodeResult(r *load.Result) []byte {
	f := savedResult{Env: r.Env}
	for _, u := range r.Roots {
		f.Roots = append(f.Roots, u.ID)
	}
	for _, id := range slices.Sorted(maps.Keys(r.Units)) {
		u := savedUnit{Unit: *r.Units[id]}
		u.Unit.Imports = nil
		for _, path := range slices.Sorted(maps.Keys(r.Units[id].Imports)) {
			u.Written = append(u.Written, path)
			u.IDs = append(u.IDs, r.Units[id].Imports[path].ID)
		}
		f.Units = append(f.Units, u)
	}
	var buf bytes.Buffer
	if gob.NewEncoder(&buf).Encode(&f) != nil {
		return nil
	}
	return buf.Bytes()
}

// decodeResult makes the result of a load with cfg out of what encodeResult kept.
// Its units lack what only internal/load itself needs.
func decodeResult(data []byte, cfg load.Config) (*load.Result, error) {
	var f savedResult
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&f); err != nil {
		return nil, err
	}
	r := &load.Result{Env: f.Env, Units: make(map[string]*load.Unit, len(f.Units))}
	for i := range f.Units {
		u := &f.Units[i].Unit
		r.Units[u.ID] = u
	}
	for i := range f.Units {
		u := &f.Units[i]
		if len(u.Written) != len(u.IDs) {
			return nil, fmt.Errorf("what is kept of unit %s does not hold together", u.Unit.ID)
		}
		u.Unit.Imports = make(map[string]*load.Unit, len(u.IDs))
		for j, id := range u.IDs {
			dep := r.Units[id]
			if dep == nil {
				return nil, fmt.Errorf("unit %s imports %s, which is not kept", u.Unit.ID, id)
			}
			u.Unit.Imports[u.Written[j]] = dep
		}
	}
	for _, id := range f.Roots {
		u := r.Units[id]
		if u == nil {
			return nil, fmt.Errorf("root %s is not kept", id)
		}
		r.Roots = append(r.Roots, u)
	}
	return r, r.Recall(cfg)
}
