package session

import (
	"errors"
	"os"
	"runtime"
	"sync"

	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/gorelease"
	"github.com/inlinelens/inlinelens/internal/store"
)

// A Host is what all sessions of a program have in common.
type Host struct {
	Log   *zap.Logger
	Temp  *gc.Temp
	Store *store.Cache
	Jobs  int    // units that are worked on at once
	huge  func() // see Options; nil for none
	shown knownSources

	unknown sync.Map // versions of toolchains of which the log says that they are not known
}

// HostOptions are a host's settings, as engine.Options has them. The zero value is
// useful.
type HostOptions struct {
	CacheDir string      // "" for the user's, "off" for one that ends with the host
	Jobs     int         // units that are worked on at once; 0 means GOMAXPROCS
	Log      *zap.Logger // nil for none
	Huge     func()      // called before work on a unit that takes hundreds of megabytes; nil for nothing
}

// NewHost makes a host. A cache that cannot be used is logged and done without;
// the error is about temporary files, or about a name that cannot be meant.
func NewHost(o HostOptions) (*Host, error) {
	h := &Host{Log: o.Log, Jobs: o.Jobs, huge: o.Huge}
	if h.Jobs <= 0 {
		h.Jobs = runtime.GOMAXPROCS(0)
	}
	if h.Log == nil {
		h.Log = zap.NewNop()
	}
	temp, err := gc.NewTemp("")
	if err != nil {
		return nil, err
	}
	h.Temp = temp
	if h.Store, err = store.OpenCache(o.CacheDir, temp.Dir, h.Log); err != nil {
		return nil, errors.Join(err, temp.Close())
	}
	return h, nil
}

// Close removes the temporary files, and tidies the store.
func (h *Host) Close() error { return errors.Join(h.Store.Close(), h.Temp.Close()) }

// warnOf says in the log, once, that a toolchain is not known.
func (h *Host) warnOf(toolchain string) {
	if text := gorelease.Unknown(toolchain); text != "" {
		if _, said := h.unknown.LoadOrStore(toolchain, true); !said {
			h.Log.Warn(text)
		}
	}
}

// Environ returns the environment in which the go command runs: env, the process's own
// if it is nil. A go command that is stopped leaves its temporary directory behind, and
// a C compiler that it asks leaves files: in ours they go with ours.
func (h *Host) Environ(env []string) []string {
	if env == nil {
		env = os.Environ()
	}
	return append(env[:len(env):len(env)], "GOTMPDIR="+h.Temp.Dir, "TMPDIR="+h.Temp.Dir)
}
