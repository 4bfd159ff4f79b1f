package session

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/load"
)

// Job makes the compiler's job of a unit. cleanup removes the files that hold
// unsaved text.
func (s *Session) Job(u *load.Unit) (job gc.Job, cleanup func(), err error) {
	var temps []string
	cleanup = func() {
		for _, name := range temps {
			os.Remove(name)
		}
	}
	embed, err := u.EmbedCfg()
	if err != nil {
		return job, cleanup, err
	}
	job = gc.Job{
		Dir: u.Dir, ImportPath: u.LinkPath,
		Lang: u.Lang, Std: u.Std, Complete: u.Complete(),
		EmbedCfg:    embed,
		PGOProfile:  u.PGO,
		Flags:       u.Flags,
		LowPriority: s.LowPriority,
		DelayKill:   s.Share != nil && u.Root && !s.LowPriority,
		Timeout:     s.Timeout,
	}
	job.Files, job.Replace = u.Sources()
	job.PackageFile, job.ImportMap = u.PackageFiles()
	// The directory may be a commit's, and not there now. All files are named absolutely.
	for _, err := os.Stat(job.Dir); err != nil && len(s.Config.Overlay) > 0 && filepath.Dir(job.Dir) != job.Dir; _, err = os.Stat(job.Dir) {
		job.Dir = filepath.Dir(job.Dir)
	}
	for _, name := range u.Files {
		text, ok := s.Config.Overlay[name]
		if !ok {
			continue
		}
		f, err := s.Host.Temp.Create("unsaved_*_" + filepath.Base(name))
		if err != nil {
			return job, cleanup, err
		}
		temps = append(temps, f.Name())
		_, err = f.Write(text)
		if err := errors.Join(err, f.Close()); err != nil {
			return job, cleanup, err
		}
		if job.Replace == nil {
			job.Replace = make(map[string]string)
		}
		job.Replace[name] = f.Name()
	}
	return job, cleanup, nil
}
