package engine

import (
	"errors"
	"os"
	"runtime"
	"sync"

	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/gorelease"
)

// A host is what all sessions of a program have in common.
type host struct {
	log   *zap.Logger
	temp  *gc.Temp
	store *store
	jobs  int    // units that are worked on at once
	huge  func() // see Options; nil for none
	shown shown

	unknown sync.Map // versions of toolchains of which the log says that they are not known
}

// hostOptions are a host's settings, as engine.Options has them. The zero value is
// useful.
type hostOptions struct {
	CacheDir string      // "" for the user's, "off" for one that ends with the host
	Jobs     int         // units that are worked on at once; 0 means GOMAXPROCS
	Log      *zap.Logger // nil for none
	Huge     func()      // called before work on a unit that takes hundreds of megabytes; nil for nothing
}

// newHost makes a host. A cache that cannot be used is logged and done without;
// the error is about temporary files, or about a name that cannot be meant.
func newHost(o hostOptions) (*host, error) {
	h := &host{log: o.Log, jobs: o.Jobs, huge: o.Huge}
	if h.jobs <= 0 {
		h.jobs = runtime.GOMAXPROCS(0)
	}
	if h.log == nil {
		h.log = zap.NewNop()
	}
	temp, err := gc.NewTemp("")
	if err != nil {
		return nil, err
	}
	h.temp = temp
	if h.store, err = openStore(o.CacheDir, temp.Dir, h.log); err != nil {
		return nil, errors.Join(err, temp.Close())
	}
	return h, nil
}

// close removes the temporary files, and tidies the store.
func (h *host) close() error { return errors.Join(h.store.close(), h.temp.Close()) }

// warnOf says in the log, once, that a toolchain is not known.
func (h *host) warnOf(toolchain string) {
	if text := gorelease.Unknown(toolchain); text != "" {
		if _, said := h.unknown.LoadOrStore(toolchain, true); !said {
			h.log.Warn(text)
		}
	}
}

// environ returns the environment in which the go command runs: env, the process's own
// if it is nil. A go command that is stopped leaves its temporary directory behind, and
// a C compiler that it asks leaves files: in ours they go with ours.
func (h *host) environ(env []string) []string {
	if env == nil {
		env = os.Environ()
	}
	return append(env[:len(env):len(env)], "GOTMPDIR="+h.temp.Dir, "TMPDIR="+h.temp.Dir)
}
