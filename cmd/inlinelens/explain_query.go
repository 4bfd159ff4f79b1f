package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/inlinelens/inlinelens/internal/explain"
	"github.com/inlinelens/inlinelens/internal/inline"
)

// A reading is one way to read an argument of explain: a function, or all that
// a pattern names.
type reading struct {
	pattern string
	tests   bool           // the pattern's test variants are needed too
	query   *explain.Query // nil for all functions
}

var placeForm = regexp.MustCompile(`^(.+\.go):([0-9]+)(?::([0-9]+))?:?$`)

// readings returns the ways to read an argument, the likeliest first. A path may
// have dots, and a function's name has some too, so that it takes a look at
// packages to say where the path ends. dir is the working directory.
//
//	client.go:590:18           a place
//	net/http.(*Client).do      a function
//	./internal/parse.Parse     a function of a directory's package
//	(*T).M, Parse              a function of the package in dir
//	./..., net/http            packages
func readings(arg, dir string) []reading {
	if m := placeForm.FindStringSubmatch(arg); m != nil {
		if q, ok := placeQuestion(m[1], m[2], m[3], dir); ok {
			return []reading{q}
		}
		return []reading{{pattern: arg}}
	}
	all := reading{pattern: arg}
	if strings.Contains(arg, "...") || strings.HasSuffix(arg, ".go") || strings.HasSuffix(arg, "/") || strings.Trim(arg, "./") == "" {
		return []reading{all}
	}
	begin := strings.LastIndexByte(beforeAny(arg, "[("), '/') + 1
	var list []reading
	for i := begin; i < len(arg); i++ {
		if arg[i] == '[' || arg[i] == '(' {
			break
		}
		if arg[i] != '.' || i+1 == len(arg) {
			continue
		}
		path, name := arg[:i], arg[i+1:]
		if path == "" || strings.Trim(path, "./") == "" {
			path = "."
		}
		list = append(list, function(path, name))
		// gopkg.in/yaml.v3 is a path, yaml.v3.Marshal has one before the last dot.
		if majorVersion.MatchString(name) {
			list = list[:len(list)-1]
		}
	}
	switch {
	case begin > 0:
	case strings.HasPrefix(arg, "main."):
		return []reading{function(".", strings.TrimPrefix(arg, "main."))}
	case arg[0] == '(', len(list) == 0 && isExported(arg):
		return []reading{function(".", arg)}
	}
	switch {
	case strings.Contains(arg, "[") && (begin == 0 || len(list) > 0): // no path has one
	case majorVersion.MatchString(arg[strings.LastIndexByte(arg, '.')+1:]):
		list = slices.Insert(list, 0, all)
	default:
		list = append(list, all)
	}
	if begin == 0 {
		list = append(list, function(".", arg))
	}
	return list
}

// majorVersion is how the name of a package may end that is no function.
var majorVersion = regexp.MustCompile(`^v[0-9]+(\.|$)`)

func function(pattern, name string) reading {
	return reading{pattern: pattern, query: &explain.Query{Name: name}}
}

func beforeAny(s, chars string) string {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return s[:i]
	}
	return s
}

func isExported(name string) bool { return name != "" && 'A' <= name[0] && name[0] <= 'Z' }

// placeQuestion reads a place. It reports false for numbers that are none.
func placeQuestion(file, line, col, dir string) (reading, bool) {
	at := inline.Position{File: filepath.Clean(file)}
	if !filepath.IsAbs(at.File) {
		at.File = filepath.Join(dir, at.File)
	}
	var err error
	if at.Line, err = strconv.Atoi(line); err != nil || at.Line < 1 {
		return reading{}, false
	}
	if col != "" {
		if at.Col, err = strconv.Atoi(col); err != nil {
			return reading{}, false
		}
	}
	pattern := filepath.Dir(at.File)
	if rel, err := filepath.Rel(dir, pattern); err == nil && filepath.IsLocal(rel) {
		pattern = "." + string(os.PathSeparator) + rel
	}
	return reading{
		pattern: pattern,
		tests:   strings.HasSuffix(at.File, "_test.go"),
		query:   &explain.Query{At: at},
	}, true
}
