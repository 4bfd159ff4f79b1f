package load

import (
	"path/filepath"
	"slices"
	"strings"
)

// A flagSet is the build flags that matter to loading, as the go command will
// read them: GOFLAGS first, then the flags given, the last one of a name wins.
type flagSet struct {
	rest    []string // the flags given that the go command gets as they are
	vals    map[string]string
	given   map[string]bool // names of the flags given
	gcflags []string        // the values of -gcflags, which add up
}

// newFlagSet reads the flags given and those of GOFLAGS. It knows "-name=value",
// "-name value" and "--name"; what else is wrong with a flag is for the go
// command to say.
func newFlagSet(given []string, goflags string) *flagSet {
	fs := &flagSet{vals: map[string]string{}, given: map[string]bool{}}
	for _, f := range splitGoflags(goflags) {
		name, value, _ := cutFlag(f)
		fs.set(name, value)
	}
	for i := 0; i < len(given); i++ {
		name, value, hasValue := cutFlag(given[i])
		arg := given[i : i+1]
		flag, known := buildFlag(name)
		if !hasValue && known && !flag.Bool && i+1 < len(given) {
			arg = given[i : i+2]
			value = given[i+1]
			i++
		}
		fs.given[name] = true
		fs.set(name, value)
		if name != "pgo" && name != "overlay" && name != "gcflags" && !(known && flag.Use == LeftOut) {
			fs.rest = append(fs.rest, arg...)
		}
	}
	return fs
}

func (fs *flagSet) set(name, value string) {
	fs.vals[name] = value
	if name == "gcflags" {
		fs.gcflags = append(fs.gcflags, value)
	}
}

// cutFlag takes a flag apart. The value of one without "=" is "true", which is
// what it means for a Boolean.
func cutFlag(f string) (name, value string, hasValue bool) {
	name, value, hasValue = strings.Cut(strings.TrimPrefix(strings.TrimPrefix(f, "-"), "-"), "=")
	if !hasValue {
		value = "true"
	}
	return name, value, hasValue
}

// splitGoflags splits GOFLAGS. The go command says what is wrong with them.
func splitGoflags(s string) []string {
	fields, _ := splitQuoted(s)
	return fields
}

// on reports whether a Boolean flag is set.
func (fs *flagSet) on(name string) bool { return isTrue(fs.vals[name]) }

func isTrue(value string) bool {
	switch value {
	case "true", "t", "T", "TRUE", "True", "1":
		return true
	}
	return false
}

// tags returns the build tags that are set, those implied by flags included.
func (fs *flagSet) tags() []string {
	tags := strings.FieldsFunc(fs.vals["tags"], func(r rune) bool { return r == ',' || r == ' ' })
	for _, name := range []string{"race", "msan", "asan"} {
		if fs.on(name) {
			tags = append(tags, name)
		}
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}

// pgo returns the effective -pgo: "off", "auto" or an absolute file name.
func (fs *flagSet) pgo(dir string) string {
	switch v := fs.vals["pgo"]; v {
	case "", "auto":
		return "auto"
	case "off":
		return "off"
	default:
		if !filepath.IsAbs(v) {
			v = filepath.Join(dir, v)
		}
		return v
	}
}

// CodeFlags returns the build flags that change what is compiled, or how, as they count
// together with GOFLAGS: -tags, -race and the like, and -gcflags. They are in order, each in
// one form, so that they can be compared. The profile is not among them.
func CodeFlags(given []string, goflags string) []string {
	fs := newFlagSet(given, goflags)
	var flags []string
	for _, name := range []string{"asan", "msan", "race"} {
		if fs.on(name) {
			flags = append(flags, "-"+name)
		}
	}
	for _, v := range fs.gcflags {
		flags = append(flags, "-gcflags="+v)
	}
	tags := strings.FieldsFunc(fs.vals["tags"], func(r rune) bool { return r == ',' || r == ' ' })
	if slices.Sort(tags); len(tags) > 0 {
		flags = append(flags, "-tags="+strings.Join(slices.Compact(tags), ","))
	}
	return flags
}
