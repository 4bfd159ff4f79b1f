package load

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
)

// stubTests returns an -overlay file for a build of test variants.
//
// The go command can build the variant of a package that its external test
// imports only together with that test, which is a root: just what is not to be
// built here. So the build sees the external tests as files that have their
// imports, which decide what else is compiled again for the test, and nothing
// else. The variant itself is not touched, so its export data is the same. Tests in
// the module cache cannot be replaced: those the go command builds as they are.
func (l *loader) stubTests(g graph) (string, error) {
	all := overlayFile{Replace: maps.Clone(l.overlaid)}
	for i, u := range g.roots {
		if u.Variant != "xtest" || len(u.GoFiles) == 0 || slices.ContainsFunc(u.GoFiles, l.env.InModCache) {
			continue
		}
		var text strings.Builder
		text.WriteString("package " + u.Name + "\n")
		for _, file := range u.GoFiles {
			empty, err := l.temp(stubName(i, "empty"), []byte(text.String()))
			if err != nil {
				return "", err
			}
			all.Replace[file] = empty
		}
		for _, path := range slices.Sorted(maps.Keys(u.Imports)) {
			text.WriteString("import _ " + strconv.Quote(path) + "\n")
		}
		first, err := l.temp(stubName(i, "imports"), []byte(text.String()))
		if err != nil {
			return "", err
		}
		all.Replace[u.GoFiles[0]] = first
	}
	text, err := json.Marshal(all, json.Deterministic(true))
	if err != nil {
		return "", err
	}
	return l.temp("overlay-tests.json", text)
}

func stubName(i int, what string) string { return "xtest-" + strconv.Itoa(i) + "-" + what + ".go" }
