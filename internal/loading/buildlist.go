package loading

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/store"
)

// kindOf names loads that are alike: of the same patterns, in the same
// directory, with the same flags and environment of the go command.
func kindOf(cfg load.Config, patterns []string) store.Key {
	env := cfg.Env
	if env == nil {
		env = os.Environ()
	}
	var vars []string
	for _, v := range env {
		if strings.HasPrefix(v, "GO") || strings.HasPrefix(v, "CGO_") {
			vars = append(vars, v)
		}
	}
	slices.Sort(vars)
	// Replaced text seldom changes what is built, and its file has often a new name.
	flags := slices.DeleteFunc(slices.Clone(cfg.BuildFlags), func(f string) bool {
		return strings.HasPrefix(strings.TrimLeft(f, "-"), "overlay=")
	})
	dir, _ := filepath.Abs(cfg.Dir)
	return sha256.Sum256(fmt.Appendf(nil, "build list 4 %q %q %q %q %v %s %s", dir, patterns, flags, vars, cfg.Tests, cfg.Only, cfg.OverlayDigest()))
}

// lastBuilt returns what the last load of the kind built, nil if none is kept.
func lastBuilt(c *store.Cache, k store.Key) *load.BuildList {
	data, ok := c.Get(k)
	if !ok {
		return nil
	}
	f := new(load.BuildList)
	if json.Unmarshal(data, f) != nil || !plausibleBuildList(f) {
		return nil
	}
	return f
}

// keepBuilt keeps what a load built, if that is not what the last one did.
func keepBuilt(c *store.Cache, k store.Key, last, built *load.BuildList) {
	if built == nil || last != nil && reflect.DeepEqual(*last, *built) {
		return
	}
	if data, err := json.Marshal(built); err == nil {
		c.Put(k, data)
	}
}
