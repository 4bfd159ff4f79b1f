package loading

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"fmt"
	"maps"
	"reflect"

	"github.com/inlinelens/inlinelens/internal/future"
	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/store"
)

// remembered is what makes it needless to load again: while the fingerprint
// holds, the last load's result is true.
type remembered struct {
	Found       store.Key // hash of the result that the fingerprint is of
	Fingerprint load.Fingerprint
	Toolchain   rememberedToolchain
	Sums        map[string]string // hashes of files, as a hasher has them
}

// A rememberedToolchain tells one toolchain from another. It names no program: which
// one is run, the go command says each time.
type rememberedToolchain struct {
	Version, GOROOT, GOOS, GOARCH string
	Target                        []string
}

func rememberToolchain(tc *gc.Toolchain) rememberedToolchain {
	return rememberedToolchain{tc.Version, tc.GOROOT, tc.GOOS, tc.GOARCH, tc.Target()}
}

func rememberKey(kind store.Key) store.Key {
	return sha256.Sum256(fmt.Appendf(nil, "remembered %x", kind))
}

// recall takes over what the last load found, if its fingerprint still holds, and the
// go command has the same toolchain, which is being found meanwhile.
func (l *Loading) recall(toolchain *future.Future[*gc.Toolchain]) bool {
	if l.last == nil {
		return false
	}
	data, ok := l.Cache.Get(rememberKey(l.kind))
	if !ok {
		return false
	}
	var r remembered
	if gob.NewDecoder(bytes.NewReader(data)).Decode(&r) != nil || r.Found != sha256.Sum256(l.last) {
		return false
	}
	edited, holds := r.Fingerprint.Holds(l.Config)
	if !holds {
		return false
	}
	result, err := decodeResult(l.last, l.Config)
	if err != nil {
		return false
	}
	tc, err := toolchain.Get(l.Ctx)
	if err != nil || !reflect.DeepEqual(rememberToolchain(tc), r.Toolchain) || !plausible(result, places(l.Config, l.Patterns, tc)) {
		return false
	}
	l.Result = result
	l.Toolchain = tc
	maps.DeleteFunc(r.Sums, func(name string, _ string) bool { return edited[name] })
	l.Sums = r.Sums
	l.Recalled = true
	close(l.Done)
	l.Log.Debug("nothing to load")
	return true
}

// Remember keeps what the load found for a recall.
func (l *Loading) Remember(sums map[string]string) {
	if l.Recalled || l.found == nil {
		return
	}
	print := <-l.fingerprint
	if print == nil {
		return
	}
	r := remembered{Found: sha256.Sum256(l.found), Fingerprint: *print, Toolchain: rememberToolchain(l.Toolchain), Sums: make(map[string]string)}
	for _, f := range print.Files {
		if sum, ok := sums[f.Name]; ok && f.Changed != 0 {
			r.Sums[f.Name] = sum
		}
	}
	var buf bytes.Buffer
	if gob.NewEncoder(&buf).Encode(&r) == nil {
		l.Cache.Put(rememberKey(l.kind), buf.Bytes())
	}
}
