package workspace

import (
	"errors"
	"io/fs"
	"os"
	"sync"

	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/regular"
	"github.com/inlinelens/inlinelens/internal/session"
)

// maxBaseline is how large a baseline may be, in bytes, that is read while somebody works.
const maxBaseline = 64 << 20

// A baselines keeps what was read of baselines: each is read once while it is unchanged.
type baselines struct {
	mu   sync.Mutex
	read map[string]readBaseline // by file
}

type readBaseline struct {
	stamp    session.Stamp
	baseline *compare.Baseline // nil for one that cannot be read
}

// get returns the baseline in a file; nil if there is none that can be read: check says
// what is wrong with it.
func (b *baselines) get(file string, log *zap.Logger) *compare.Baseline {
	stamp, err := session.StampOf(file)
	if err != nil || stamp.Size > maxBaseline {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if known, ok := b.read[file]; ok && known.stamp == stamp {
		return known.baseline
	}
	text, err := regular.ReadFile(file)
	var baseline *compare.Baseline
	if err == nil {
		baseline, err = compare.ParseBaseline(text)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !os.IsPermission(err) {
		log.Debug("no baseline", zap.Error(err))
	}
	if b.read == nil {
		b.read = make(map[string]readBaseline)
	}
	b.read[file] = readBaseline{stamp, baseline}
	return baseline
}

// worse returns what is worse than the baseline of the directory's module: calls that are
// not inlined any more, and functions that are not inlinable any more.
func (d *directory) worse() []compare.Finding {
	var judge *compare.BaselineJudge
	for _, v := range d.inOrder() {
		r := v.result
		if r == nil || r.unit == nil || r.promises.baseline == nil {
			continue
		}
		if judge == nil {
			judge = &compare.BaselineJudge{Baseline: r.promises.baseline, File: r.promises.baselineFile}
		}
		judge.Package(r.unit)
	}
	if judge == nil {
		return nil
	}
	var worse []compare.Finding
	for _, f := range judge.Judgment().Findings {
		if f.Level == compare.LevelFailed {
			f.Cause = 0
			worse = append(worse, f)
		}
	}
	return worse
}
