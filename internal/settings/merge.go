package settings

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Section is the name under which editors keep these settings.
const Section = "inlinelens"

// A Problem is a setting that was left as it was, because what was to be set is
// not allowed or not known. It is an error for the user to read.
type Problem struct {
	Path    string // "hints.statuses[1]"; "" for the settings as a whole
	Unknown bool   // there is no setting of this path; Allowed names those there are
	Value   string // JSON, shortened if it is long
	Allowed string // what would be right, to follow "want"
}

// Error says what is wrong with what, what would be right, and what holds now.
func (p Problem) Error() string {
	switch {
	case p.Unknown:
		return fmt.Sprintf("there is no setting %s: want %s; its value %s is ignored", p.Path, p.Allowed, p.Value)
	case p.Path == "":
		return fmt.Sprintf("the settings cannot be %s: want %s; they keep their last values", p.Value, p.Allowed)
	}
	return fmt.Sprintf("setting %s cannot be %s: want %s; it keeps its last value", p.Path, p.Value, p.Allowed)
}

// Merge returns s with the settings in raw, the object that an editor sends, and
// one Problem for each that is not known or not valid; those stay as in s, and so
// do the ones that raw does not have. A setting that is null gets its default.
//
// Groups may be objects ({"hints": {"enabled": false}}), which is what VS Code
// makes of its flat keys, or stand before a dot ({"hints.enabled": false}), as
// people copy them from VS Code's settings to other editors; where both are there,
// the dot wins. In the same way everything may stand below Section, as it does in
// the settings file.
func (s Settings) Merge(raw jsontext.Value) (Settings, []Problem) {
	m := merger{to: s}
	m.group("", raw)
	return m.to, m.problems
}

// A merger is one Merge on its way.
type merger struct {
	to       Settings
	problems []Problem
}

// lenient takes what editors send: of a name that comes twice, the last counts.
var lenient = json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// refuse notes that raw cannot be the value of what path names.
func (m *merger) refuse(path string, raw jsontext.Value, allowed string) {
	m.problems = append(m.problems, Problem{Path: shorten(path), Value: shorten(compact(raw)), Allowed: allowed})
}

// group reads the members of a group; path is "" for the whole, else it ends in
// a dot.
func (m *merger) group(path string, raw jsontext.Value) {
	if raw = bytes.TrimSpace(raw); len(raw) == 0 {
		return
	}
	if string(raw) == "null" {
		m.reset(strings.TrimPrefix(path, Section+"."))
		return
	}
	var members map[string]jsontext.Value
	if json.Unmarshal(raw, &members, lenient) != nil && !isEmpty(raw) {
		m.refuse(strings.TrimSuffix(path, "."), raw, "an object")
		return
	}
	// Sorted, "hints" is in front of "hints.enabled".
	for _, name := range sortedNames(members) {
		m.member(path+name, members[name])
	}
}

// member reads one member, a setting or a group.
func (m *merger) member(path string, raw jsontext.Value) {
	if path == Section {
		m.group(Section+".", raw)
		return
	}
	path = strings.TrimPrefix(path, Section+".")
	isGroup := false
	for _, s := range all {
		if s.Path == path {
			m.setting(s, raw)
			return
		}
		isGroup = isGroup || strings.HasPrefix(s.Path, path+".")
	}
	if isGroup {
		m.group(path+".", raw)
		return
	}
	m.problems = append(m.problems, Problem{
		Path: shorten(path), Unknown: true, Value: shorten(compact(raw)), Allowed: siblings(path),
	})
}

// setting reads one setting.
func (m *merger) setting(s Setting, raw jsontext.Value) {
	if string(raw) == "null" {
		raw = s.Default()
	}
	if where, what, allowed := s.set(&m.to, raw); allowed != "" {
		m.refuse(s.Path+where, what, allowed)
	}
}

// reset gives the settings of a group their defaults; group is as for the method
// of that name.
func (m *merger) reset(group string) {
	for _, s := range all {
		if strings.HasPrefix(s.Path, group) {
			s.set(&m.to, s.Default())
		}
	}
}

// siblings lists the settings and groups that are in the same group as path would
// be; those of the whole, if there is no such group.
func siblings(path string) string {
	group := path[:strings.LastIndexByte(path, '.')+1]
	var found []string
	for _, s := range all {
		if rest, ok := strings.CutPrefix(s.Path, group); ok {
			name, _, _ := strings.Cut(rest, ".")
			found = append(found, group+name)
		}
	}
	if found == nil {
		return siblings("")
	}
	return oneOf(slices.Compact(found))
}

// compact returns JSON without blanks.
func compact(raw jsontext.Value) string {
	text := raw.Clone()
	if text.Compact(lenient) != nil {
		return string(raw) // it is not JSON, and that is the problem
	}
	return string(text)
}

// maxShown is how many bytes of a path or value a Problem repeats.
const maxShown = 80

// shorten returns text as a message can show it.
func shorten(text string) string {
	if len(text) <= maxShown {
		return strings.ToValidUTF8(text, "\uFFFD")
	}
	end := maxShown
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return strings.ToValidUTF8(text[:end], "\uFFFD") + "…"
}

func sortedNames[V any](members map[string]V) []string { return slices.Sorted(maps.Keys(members)) }
