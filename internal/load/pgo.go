package load

import (
	"cmp"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/inlinelens/inlinelens/internal/gorelease"
	"github.com/inlinelens/inlinelens/internal/regular"
)

// withProfiles does what -pgo=auto does: a command whose directory has a default.pgo
// is compiled with it, and so is everything that it imports. Those imports
// become units of their own, beside the same packages without a profile.
//
// The packages were listed without profiles, which change neither files nor
// imports. The go command would write the same, only much more of it.
func (l *loader) withProfiles(g graph) graph {
	if l.flags.pgo(l.dir) != "auto" {
		return g
	}
	for _, u := range g.roots {
		if u.Name != "main" || u.Variant != "" || u.PGO != "" {
			continue
		}
		profile := filepath.Join(u.Dir, "default.pgo")
		if info, err := os.Stat(profile); err != nil || info.IsDir() {
			continue
		}
		if err := regular.Check(profile); err != nil {
			addUnique(u, Error{Kind: ListError, File: profile, Message: err.Error() + "; remove it, or build with -pgo=off"})
			continue
		}
		done := map[*Unit]*Unit{}
		for _, r := range g.roots {
			if r == u || r.ForTest == u.Path && u.Path != "" {
				profiled(g, r, u.ID, profile, done)
			}
		}
	}
	return g
}

// profiled returns the unit that stands for u where u is compiled with the
// profile of a command: a root, or a unit that exists for the command's test
// only, is changed in place, any other is copied.
func profiled(g graph, u *Unit, command, profile string, done map[*Unit]*Unit) *Unit {
	if p := done[u]; p != nil {
		return p
	}
	if u.Path == "unsafe" {
		return u
	}
	p := u
	if u.ID != command && u.ForTest != command {
		c := *u
		p = &c
		p.ID = u.listID + " [" + command + "]"
		p.Root = false
		g.units[p.ID] = p
	} else {
		delete(g.plain, unitKey{u.listID, ""})
	}
	g.plain[unitKey{u.listID, command}] = p
	done[u] = p
	p.PGO = profile
	imports := make(map[string]*Unit, len(u.Imports))
	for path, dep := range u.Imports {
		imports[path] = profiled(g, dep, command, profile, done)
	}
	p.Imports = imports
	return p
}

// preprocess has the go command prepare the profiles of the builds for the
// compiler, as its builds do. "go list -export" only looks for the result in the
// build cache: where it is missing, the go command compiles what it lists without
// a profile, and says nothing. To build package unsafe prepares the profile and
// compiles nothing.
//
// It returns the builds whose profile can be used. The roots of the others get
// the error that "go build" ends with.
func (l *loader) preprocess(g graph, builds []*build) ([]*build, error) {
	if !gorelease.Of(l.env.Version).PreprocessesProfiles() {
		return builds, nil
	}
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	refusals := make([]string, len(builds))
	for i, b := range builds {
		if b.pgo == "" {
			continue
		}
		group.Go(func() error {
			// The output, of which there is none, overrides a -o in GOFLAGS.
			args := slices.Concat([]string{"build"}, l.buildFlags, []string{"-o", filepath.Join(l.tmp.Path, "unsafe"), "-pgo=" + b.pgo, "unsafe"})
			_, stderr, err := runGo(l.ctx, l.dir, append(slices.Clip(l.environ), tempVars(l.tmp.Path)...), args...)
			if err != nil {
				refusals[i] = cmp.Or(strings.TrimSpace(stderr), err.Error())
			}
			return l.ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var usable []*build
	for i, b := range builds {
		if refusals[i] == "" {
			usable = append(usable, b)
		} else {
			refuseProfile(g, b, refusals[i])
		}
	}
	return usable, nil
}

// refuseProfile tells the roots of a build what is wrong with their profile, in
// the go command's words.
func refuseProfile(g graph, b *build, words string) {
	if header, text, ok := strings.Cut(words, "\n"); ok && strings.HasPrefix(header, "# ") {
		words = text
	}
	words = tidyWords(strings.TrimPrefix(words, "preprofile: "))
	for key, u := range g.plain {
		if u.Root && key.group == b.group {
			u.refused = true
			addUnique(u, Error{
				Kind: ListError, File: b.pgo,
				Message: "the profile cannot be used: " + words + "; name a CPU profile in pprof format, or build with -pgo=off",
			})
		}
	}
}
