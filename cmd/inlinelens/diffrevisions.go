package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/engine"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/report"
	"github.com/inlinelens/inlinelens/internal/revision"
	"github.com/inlinelens/inlinelens/internal/tempdir"
)

// workingTree names the files as they are.
const workingTree = "the working tree"

// comparedRevisions are two sides of which one at least is a commit.
type comparedRevisions struct {
	before, after *engine.Side
	patterns      []string
	checkouts     []*tempdir.Dir
}

// close removes what was checked out.
func (c *comparedRevisions) close() error {
	var errs []error
	for _, d := range c.checkouts {
		errs = append(errs, d.Close())
	}
	return errors.Join(errs...)
}

// revisions reads the arguments: a commit or two of them, and packages.
func revisions(ctx context.Context, cfg load.Config, args []string) (*comparedRevisions, error) {
	c := &comparedRevisions{}
	if err := c.find(ctx, cfg, args); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

func (c *comparedRevisions) find(ctx context.Context, cfg load.Config, args []string) error {
	rev := "HEAD"
	if len(args) > 0 && !isPattern(args[0]) {
		rev, args = args[0], args[1:]
	}
	c.patterns = args
	repo, err := revision.Open(ctx, cfg.Dir)
	if err != nil {
		return err
	}
	one, other, two := strings.Cut(rev, "..")
	if rest, sinceBase := strings.CutPrefix(other, "."); two && sinceBase {
		base, err := repo.MergeBase(ctx, headOr(one), headOr(rest))
		if err != nil {
			return err
		}
		one, other = base, rest
	}
	if c.before, err = c.side(ctx, repo, cfg, headOr(one)); err != nil {
		return err
	}
	if !two {
		c.after = &engine.Side{Name: workingTree, Config: cfg}
		return nil
	}
	c.after, err = c.side(ctx, repo, cfg, headOr(other))
	return err
}

func headOr(rev string) string {
	if rev == "" {
		return "HEAD"
	}
	return rev
}

// isPattern reports whether an argument is one of packages, and no commit.
func isPattern(arg string) bool {
	switch arg {
	case "std", "cmd", "all", ".", "..":
		return true
	}
	if strings.HasPrefix(arg, "./") || strings.HasPrefix(arg, "../") || filepath.IsAbs(arg) {
		return true
	}
	return strings.Contains(arg, "/...") || strings.HasSuffix(arg, "...")
}

// side makes a side of a commit. Its files stand in the place of those of the working tree,
// or in a directory of their own where that does not do.
func (c *comparedRevisions) side(ctx context.Context, repo *revision.Repo, cfg load.Config, rev string) (*engine.Side, error) {
	commit, err := repo.Resolve(ctx, rev)
	if err != nil {
		return nil, err
	}
	o, err := repo.Overlay(ctx, commit, cfg.Dir)
	if err != nil {
		return nil, err
	}
	side := &engine.Side{Name: rev, Config: cfg}
	if o.Checkout == "" {
		side.Config.Overlay, side.Config.OverlayKept = o.Files, true
		return side, nil
	}
	dir, err := tempdir.New("")
	if err != nil {
		return nil, err
	}
	c.checkouts = append(c.checkouts, dir)
	into := filepath.Join(dir.Path, "checkout")
	if err := os.Mkdir(into, 0o700); err != nil {
		return nil, err
	}
	if err := repo.Checkout(ctx, commit, into); err != nil {
		return nil, err
	}
	rel, err := filepath.Rel(repo.Root, cfg.Dir)
	if err != nil {
		return nil, err
	}
	side.Config.Dir = filepath.Join(into, rel)
	if _, err := os.Stat(side.Config.Dir); err != nil {
		return nil, fmt.Errorf("the commit %s has no directory %s; run diff in a directory that both sides have", rev, rel)
	}
	side.Checkout, side.Root = into, repo.Root
	return side, nil
}

// isReport reports whether the arguments are two reports.
func isReport(args []string) bool {
	if len(args) != 2 {
		return false
	}
	for _, arg := range args {
		info, err := os.Stat(arg)
		if err != nil || info.IsDir() || strings.HasSuffix(arg, ".go") {
			return false
		}
	}
	return true
}

// compareReports compares two outputs of report.
func compareReports(before, after string) (*compare.Judgment, error) {
	var sides []compare.Side
	for _, name := range []string{before, after} {
		packages, err := report.ReadJSON(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		sides = append(sides, compare.Side{Name: name, Packages: packages})
	}
	c := compare.Compare(sides[0], sides[1])
	return c.Judge("", c.Compared)
}
