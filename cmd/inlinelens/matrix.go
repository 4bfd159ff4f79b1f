package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// A matrix is the flag -matrix: the builds that are checked in one run. Each time that it
// is given adds builds, one for each combination of its values.
type matrix []matrixBuild

// A matrixBuild is one build: its keys in the order in which they were given.
type matrixBuild []matrixValue

type matrixValue struct{ key, value string }

// A matrixKey is a key of a matrix.
type matrixKey struct {
	key   string
	set   string // the variable, or the flag with its hyphen
	named bool   // part of a build's name, as GOOS/GOARCH does not have it
}

var matrixKeys = []matrixKey{
	{"goos", "GOOS", false},
	{"goarch", "GOARCH", false},
	{"go", "GOTOOLCHAIN", true},
	{"tags", "-tags", true},
	{"race", "-race", true},
	{"pgo", "-pgo", true},
	{"gcflags", "-gcflags", true},
	{"cgo", "CGO_ENABLED", true},
	{"goamd64", "GOAMD64", true},
	{"goarm64", "GOARM64", true},
	{"goarm", "GOARM", true},
	{"goexperiment", "GOEXPERIMENT", true},
}

func matrixKeyNames() string {
	var names []string
	for _, k := range matrixKeys {
		names = append(names, k.key)
	}
	return strings.Join(names, ", ")
}

// mostBuilds is how many builds a matrix may have: each is a compile of all packages.
const mostBuilds = 64

func (m *matrix) Type() string { return "string" }

func (m *matrix) String() string {
	var names []string
	for _, b := range *m {
		names = append(names, b.String())
	}
	return strings.Join(names, "; ")
}

func (b matrixBuild) String() string {
	var parts []string
	for _, v := range b {
		parts = append(parts, v.key+"="+v.value)
	}
	return strings.Join(parts, ",")
}

// Set adds the builds of one -matrix: goos=linux,goarch=amd64,arm64.
func (m *matrix) Set(s string) error {
	var keys []string
	values := make(map[string][]string)
	for item := range strings.SplitSeq(s, ",") {
		key, value, ok := strings.Cut(strings.TrimSpace(item), "=")
		switch {
		case !ok && len(keys) == 0:
			return fmt.Errorf("want KEY=VALUE, as in goos=linux,goarch=amd64,arm64, not %q", item)
		case !ok: // one more value of the key before
			key, value = keys[len(keys)-1], key
		case slices.Contains(keys, key):
			return fmt.Errorf("%s is there twice: want its values behind each other, as in goarch=amd64,arm64", key)
		default:
			keys = append(keys, key)
		}
		if err := checkMatrixValue(key, value); err != nil {
			return err
		}
		values[key] = append(values[key], value)
	}
	builds := []matrixBuild{nil}
	for _, key := range keys {
		var more []matrixBuild
		for _, b := range builds {
			for _, value := range values[key] {
				more = append(more, append(slices.Clone(b), matrixValue{key, value}))
			}
		}
		builds = more
	}
	for _, b := range builds {
		if !slices.ContainsFunc(*m, func(other matrixBuild) bool { return slices.Equal(other, b) }) {
			*m = append(*m, b)
		}
	}
	if len(*m) > mostBuilds {
		return fmt.Errorf("there are %d builds, and at most %d are checked in one run", len(*m), mostBuilds)
	}
	return nil
}

func checkMatrixValue(key, value string) error {
	known := slices.ContainsFunc(matrixKeys, func(k matrixKey) bool { return k.key == key })
	switch {
	case !known:
		return fmt.Errorf("unknown key %q: want one of %s", key, matrixKeyNames())
	case key == "race" || key == "cgo":
		if _, err := strconv.ParseBool(value); err != nil {
			return fmt.Errorf("%s=%s: want true or false", key, value)
		}
	case value == "" && key != "tags":
		return fmt.Errorf("%s has an empty value", key)
	}
	return nil
}

// config returns how to load for a build.
func (b matrixBuild) config(cfg load.Config) load.Config {
	cfg.Env = slices.Clone(cfg.Env)
	if cfg.Env == nil {
		cfg.Env = os.Environ()
	}
	cfg.BuildFlags = slices.Clone(cfg.BuildFlags)
	for _, v := range b {
		for _, k := range matrixKeys {
			if k.key != v.key {
				continue
			}
			value := v.value
			switch v.key {
			case "tags":
				value = strings.ReplaceAll(value, "+", ",")
			case "cgo":
				on, _ := strconv.ParseBool(value)
				value = map[bool]string{true: "1", false: "0"}[on]
			}
			if strings.HasPrefix(k.set, "-") {
				cfg.BuildFlags = append(cfg.BuildFlags, k.set+"="+value)
			} else {
				cfg.Env = append(cfg.Env, k.set+"="+value)
			}
		}
	}
	return cfg
}

// name is how a build is called, of which there are packages: "linux/arm64 tags=debug".
func (b matrixBuild) name(packages []*inline.Package) string {
	parts := []string{b.String()}
	if len(packages) > 0 {
		parts[0] = packages[0].GOOS + "/" + packages[0].GOARCH
		for _, v := range b {
			for _, k := range matrixKeys {
				if k.key == v.key && k.named {
					parts = append(parts, v.key+"="+v.value)
				}
			}
		}
	}
	return strings.Join(parts, " ")
}
