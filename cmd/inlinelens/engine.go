package main

import (
	"context"
	"errors"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// An engine makes verdicts.
type engine interface {
	Run(ctx context.Context, cfg load.Config, patterns []string, emit func(*inline.Package) error) error
	Close() error
}

func newEngine(*session) (engine, error) { return nil, errors.New("this build has no engine") }
