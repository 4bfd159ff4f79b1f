package settings

import (
	"cmp"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A Setting is one of the settings, with its documentation.
type Setting struct {
	Path string // "hints.style": the groups and the name, with dots
	Doc  string // Markdown; the first sentence tells what it is

	// Words are what the text, or each text of the list, can be; nil: not only
	// certain words.
	Words []Word
	// Max is the largest number, or the longest duration in milliseconds; the
	// smallest one is 0.
	Max int
	// Open says, in Markdown, what counts where the setting is null, which is its
	// default then; "": the default is a value.
	Open string
	// form says what the text, the texts of the list or the names of the map have to
	// be, and valid whether one is; "" and nil: anything.
	form  string
	valid func(text string) bool

	// field returns a pointer to the field of s: *bool, *int, *time.Duration,
	// *string, *[]string or *map[string]string.
	field func(s *Settings) any
}

// A Word is one of the words that a setting can be.
type Word struct {
	Word string
	Doc  string // Markdown; "" if it needs none
}

// A Type is the type of a setting.
type Type string

// The types.
const (
	TypeBool     Type = "bool"     // true or false
	TypeNumber   Type = "number"   // a whole number
	TypeDuration Type = "duration" // a text such as "400ms", or a number of milliseconds
	TypeText     Type = "text"
	TypeList     Type = "list" // of texts
	TypeMap      Type = "map"  // of texts by name
)

// Type returns the type of s.
func (s Setting) Type() Type {
	switch s.field(new(Settings)).(type) {
	case *bool:
		return TypeBool
	case *int:
		return TypeNumber
	case *time.Duration:
		return TypeDuration
	case *[]string:
		return TypeList
	case *map[string]string:
		return TypeMap
	}
	return TypeText
}

// Default returns the default as Merge would read it.
func (s Setting) Default() jsontext.Value {
	d := Default()
	return s.value(&d)
}

// value returns the value in some settings as Merge would read it.
func (s Setting) value(of *Settings) jsontext.Value {
	value := s.field(of)
	switch field := value.(type) {
	case *time.Duration:
		value = field.String()
	case *int:
		if *field < 0 {
			value = nil
		}
	case *string:
		if s.Open != "" && *field == "" {
			value = nil
		}
	case *[]string:
		if *field == nil {
			value = nil
		}
	}
	text, err := json.Marshal(value, json.Deterministic(true))
	if err != nil {
		panic(err) // there is nothing in a setting that JSON lacks
	}
	return text
}

// Allowed says what the setting can be, to follow "want".
func (s Setting) Allowed() string {
	switch s.Type() {
	case TypeBool:
		return "true or false"
	case TypeNumber:
		return fmt.Sprintf("a whole number from 0 to %d", s.Max)
	case TypeDuration:
		return fmt.Sprintf(`a duration up to %v such as "400ms", or a number of milliseconds`, s.maxDuration())
	case TypeList:
		return "a list of " + cmp.Or(s.text(), "strings")
	case TypeMap:
		return "an object of strings"
	}
	return cmp.Or(s.text(), "a string")
}

// text says what a text has to be; "" for anything.
func (s Setting) text() string {
	if s.Words == nil {
		return s.form
	}
	quoted := make([]string, len(s.Words))
	for i, w := range s.Words {
		quoted[i] = strconv.Quote(w.Word)
	}
	return oneOf(quoted)
}

func (s Setting) maxDuration() time.Duration { return time.Duration(s.Max) * time.Millisecond }

// oneOf lists choices: "a, b or c".
func oneOf(choices []string) string {
	last := len(choices) - 1
	if last == 0 {
		return choices[0]
	}
	return strings.Join(choices[:last], ", ") + " or " + choices[last]
}

// open leaves the setting open, as its default does.
func (s Setting) open(to *Settings) {
	switch field := s.field(to).(type) {
	case *int:
		*field = -1
	case *string:
		*field = ""
	case *[]string:
		*field = nil
	}
}

// set reads raw into the field of to. A value that is not allowed leaves it as
// it is: where and what are the part of raw that is wrong, and allowed is what
// would be right there; where is "" for all of raw, else an index or member.
func (s Setting) set(to *Settings, raw jsontext.Value) (where string, what jsontext.Value, allowed string) {
	wrong := func() (string, jsontext.Value, string) { return "", raw, s.Allowed() }
	if s.Open != "" && string(raw) == "null" {
		s.open(to)
		return "", nil, ""
	}
	switch field := s.field(to).(type) {
	case *bool:
		if json.Unmarshal(raw, field, lenient) != nil {
			return wrong()
		}
	case *int:
		var n float64 // some editors know no other numbers, and write 20.0
		if json.Unmarshal(raw, &n, lenient) != nil || n < 0 || n > float64(s.Max) || n != math.Trunc(n) {
			return wrong()
		}
		*field = int(n)
	case *time.Duration:
		d, ok := duration(raw)
		if !ok || d < 0 || d > s.maxDuration() {
			return wrong()
		}
		*field = d
	case *string:
		text, ok := text(raw)
		if !ok || !s.allows(text) {
			return wrong()
		}
		*field = text
	case *[]string:
		return s.setList(field, raw)
	case *map[string]string:
		return s.setTexts(field, raw)
	}
	return "", nil, ""
}

// setList is set for a list of texts.
func (s Setting) setList(field *[]string, raw jsontext.Value) (where string, what jsontext.Value, allowed string) {
	var items []jsontext.Value
	if json.Unmarshal(raw, &items, lenient) != nil && !isEmpty(raw) {
		return "", raw, s.Allowed()
	}
	list := make([]string, 0, len(items))
	for i, item := range items {
		text, ok := text(item)
		if !ok || !s.allows(text) {
			return fmt.Sprintf("[%d]", i), item, cmp.Or(s.text(), "a string")
		}
		list = append(list, text)
	}
	*field = list
	return "", nil, ""
}

// setTexts is set for texts by name.
func (s Setting) setTexts(field *map[string]string, raw jsontext.Value) (where string, what jsontext.Value, allowed string) {
	var items map[string]jsontext.Value
	if json.Unmarshal(raw, &items, lenient) != nil && !isEmpty(raw) {
		return "", raw, s.Allowed()
	}
	texts := make(map[string]string, len(items))
	for _, name := range sortedNames(items) {
		text, ok := text(items[name])
		if !s.allows(name) {
			return "." + name, items[name], s.form
		}
		if !ok || strings.ContainsRune(text, 0) {
			return "." + name, items[name], "a string"
		}
		texts[name] = text
	}
	*field = texts
	return "", nil, ""
}

// allows reports whether text is one that the setting, or a part of it, can be.
func (s Setting) allows(text string) bool {
	isWord := func(w Word) bool { return w.Word == text }
	return (s.Words == nil || slices.ContainsFunc(s.Words, isWord)) && (s.valid == nil || s.valid(text))
}

// isEmpty reports whether raw is a list or object without members. They are one
// and the same to Lua, so that Neovim sends either for the other.
func isEmpty(raw jsontext.Value) bool {
	switch compact(raw) {
	case "[]", "{}":
		return true
	}
	return false
}

// text reads a JSON string. Null is none, although json.Unmarshal would take null.
func text(raw jsontext.Value) (s string, ok bool) {
	var p *string
	if json.Unmarshal(raw, &p, lenient) != nil || p == nil {
		return "", false
	}
	return *p, true
}

// duration reads "400ms", or a number of milliseconds.
func duration(raw jsontext.Value) (time.Duration, bool) {
	if s, ok := text(raw); ok {
		d, err := time.ParseDuration(s)
		return d, err == nil
	}
	var ms float64
	if json.Unmarshal(raw, &ms, lenient) != nil || ms < 0 || ms > float64(time.Hour/time.Millisecond) {
		return 0, false
	}
	return time.Duration(ms * float64(time.Millisecond)), true
}

// isFlag reports whether text is meant as a flag.
func isFlag(text string) bool {
	return strings.HasPrefix(text, "-") && !strings.ContainsRune(text, 0)
}

// isVariable reports whether name can be that of an environment variable.
func isVariable(name string) bool {
	return name != "" && !strings.ContainsAny(name, "=\x00")
}

// isPlatform reports whether text can be a GOOS or GOARCH. Which ones there are
// depends on the toolchain, and the go command says it well.
func isPlatform(text string) bool {
	return strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}

// isProfile reports whether text says where a profile is, from wherever the
// compiler is started.
func isProfile(text string) bool {
	return text == "" || text == "off" || text == "auto" || filepath.IsAbs(text) && !strings.ContainsRune(text, 0)
}
