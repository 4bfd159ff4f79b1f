package settings

import (
	"maps"
	"slices"
	"strings"
)

// BuildFlags returns the flags to give to go build.
func (s Settings) BuildFlags() []string {
	if s.Build.PGO == "" {
		return s.Build.Flags
	}
	// The last one of a name wins.
	return append(slices.Clip(s.Build.Flags), "-pgo="+s.Build.PGO)
}

// WithTags returns build flags that set some tags, too: those that the flags had, and
// the tags as the last of one flag.
func WithTags(flags, tags []string) []string {
	var all, others []string
	add := func(list []string) {
		for _, tag := range list {
			if tag != "" && !slices.Contains(all, tag) {
				all = append(all, tag)
			}
		}
	}
	for _, flag := range flags {
		if name, value, ok := strings.Cut(strings.TrimPrefix(flag, "-"), "="); ok && (name == "-tags" || name == "tags") {
			add(strings.Split(value, ","))
			continue
		}
		others = append(others, flag)
	}
	add(tags)
	return append(others, "-tags="+strings.Join(all, ","))
}

// Environ returns base, an environment of the form of os.Environ, with what the
// settings change in it.
func (s Settings) Environ(base []string) []string {
	changes := maps.Clone(s.Build.Env)
	if changes == nil {
		changes = map[string]string{}
	}
	if s.Build.GOOS != "" {
		changes["GOOS"] = s.Build.GOOS
	}
	if s.Build.GOARCH != "" {
		changes["GOARCH"] = s.Build.GOARCH
	}
	env := slices.DeleteFunc(slices.Clone(base), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		_, changed := changes[name]
		return changed
	})
	for _, name := range slices.Sorted(maps.Keys(changes)) {
		env = append(env, name+"="+changes[name])
	}
	return env
}
