package load

import (
	"path/filepath"
	"slices"
	"strings"
)

// A flagSet is the build flags that matter to loading, as the go command will
// read them: GOFLAGS first, then the flags given, the last one of a name wins.
type flagSet struct {
	rest []string // the flags given, without -pgo and -overlay
	vals map[string]string
}

// newFlagSet reads the flags given and those of GOFLAGS. It knows "-name=value",
// "-name value" and "--name"; what else is wrong with a flag is for the go
// command to say.
func newFlagSet(given []string, goflags string) *flagSet {
	fs := &flagSet{vals: map[string]string{}}
	for _, f := range splitGoflags(goflags) {
		name, value, _ := cutFlag(f)
		fs.vals[name] = value
	}
	for i := 0; i < len(given); i++ {
		name, value, hasValue := cutFlag(given[i])
		arg := given[i : i+1]
		if !hasValue && takesValue[name] && i+1 < len(given) {
			arg = given[i : i+2]
			value = given[i+1]
			i++
		}
		fs.vals[name] = value
		if name != "pgo" && name != "overlay" {
			fs.rest = append(fs.rest, arg...)
		}
	}
	return fs
}

// takesValue holds the build flags that are never written alone.
var takesValue = map[string]bool{
	"C": true, "p": true, "asmflags": true, "buildmode": true, "compiler": true, "coverpkg": true, "covermode": true,
	"gccgoflags": true, "gcflags": true, "installsuffix": true, "ldflags": true, "mod": true, "modfile": true,
	"overlay": true, "pgo": true, "pkgdir": true, "tags": true, "toolexec": true,
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

// splitGoflags splits GOFLAGS: fields, each of which may stand in quotes.
func splitGoflags(s string) []string {
	var fields []string
	for {
		s = strings.TrimLeft(s, " \t\r\n")
		if s == "" {
			return fields
		}
		if q := s[0]; q == '\'' || q == '"' {
			if end := strings.IndexByte(s[1:], q); end >= 0 {
				fields = append(fields, s[1:1+end])
				s = s[end+2:]
				continue
			}
		}
		end := strings.IndexAny(s, " \t\r\n")
		if end < 0 {
			end = len(s)
		}
		fields = append(fields, s[:end])
		s = s[end:]
	}
}

// on reports whether a Boolean flag is set.
func (fs *flagSet) on(name string) bool {
	switch fs.vals[name] {
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
