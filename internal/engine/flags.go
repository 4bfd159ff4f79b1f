package engine

import (
	"fmt"
	"strings"

	"github.com/inlinelens/inlinelens/internal/load"
)

// buildFlags are those of go build that change what the compiler is told, apart
// from what internal/load has put into the units already.
type buildFlags struct {
	instrument   []string // -race, -msan, -asan
	instrumented bool
	gcflags      []gcflag
}

type gcflag struct {
	all   bool // pattern "all", otherwise the packages named on the command line
	flags []string
}

func parseFlags(args []string) (buildFlags, error) {
	var b buildFlags
	for _, a := range args {
		name, value, hasValue := strings.Cut(strings.TrimPrefix(a, "-"), "=")
		name = strings.TrimPrefix(name, "-")
		switch name {
		case "race", "msan", "asan":
			if !hasValue || value == "true" || value == "1" {
				b.instrument = append(b.instrument, "-"+name)
				b.instrumented = true
			}
		case "gcflags":
			pattern, flags := "", value
			if i := strings.IndexByte(value, '='); i > 0 && !strings.HasPrefix(value, "-") {
				pattern, flags = value[:i], value[i+1:]
			}
			if pattern != "" && pattern != "all" {
				return b, fmt.Errorf("-gcflags=%s: only flags for the named packages, or all=flags, are understood", value)
			}
			b.gcflags = append(b.gcflags, gcflag{all: pattern == "all", flags: strings.Fields(flags)})
		}
	}
	return b, nil
}

// compiler returns the flags that the compiler gets for a unit.
func (b buildFlags) compiler(u *load.Unit) []string {
	var flags []string
	// As the go command does: the last -gcflags that matches counts.
	for _, g := range b.gcflags {
		if g.all || u.Root {
			flags = nil
			for _, f := range g.flags {
				if f != "-m" && !strings.HasPrefix(f, "-m=") {
					flags = append(flags, f)
				}
			}
		}
	}
	return append(flags, b.instrument...)
}
