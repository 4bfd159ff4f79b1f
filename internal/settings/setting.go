package settings

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A Setting is one of the settings, with its documentation.
type Setting struct {
	Path string // "hints.style": the groups and the name, with dots
	Doc  string // Markdown; the first sentence tells what it is

	// Words are what the text, or each text of the list, can be; nil: the type and
	// check say it.
	Words []Word
	// Max is the largest number, or the longest duration in milliseconds; the
	// smallest one is 0.
	Max int
	// check returns what is allowed if a text is not; nil: every text is.
	check func(text string) (allowed string)

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
func (s Setting) Default() json.RawMessage {
	d := Default()
	var value any = s.field(&d)
	if delay, ok := value.(*time.Duration); ok {
		value = delay.String()
	}
	text, err := json.Marshal(value)
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
		if s.Words != nil {
			return "a list of " + s.words()
		}
		return "a list of texts"
	case TypeMap:
		return "an object of texts"
	}
	if s.Words != nil {
		return s.words()
	}
	return "a text"
}

func (s Setting) maxDuration() time.Duration { return time.Duration(s.Max) * time.Millisecond }

// words lists the words that are allowed.
func (s Setting) words() string {
	quoted := make([]string, len(s.Words))
	for i, w := range s.Words {
		quoted[i] = fmt.Sprintf("%q", w.Word)
	}
	last := len(quoted) - 1
	return strings.Join(quoted[:last], ", ") + " or " + quoted[last]
}

// set reads raw into the field of to. A value that is not allowed leaves it as
// it is: where and what are the part of raw that is wrong, and allowed is what
// would be right there; where is "" for all of raw, else an index or member.
func (s Setting) set(to *Settings, raw json.RawMessage) (where string, what json.RawMessage, allowed string) {
	wrong := func() (string, json.RawMessage, string) { return "", raw, s.Allowed() }
	switch field := s.field(to).(type) {
	case *bool:
		if json.Unmarshal(raw, field) != nil {
			return wrong()
		}
	case *int:
		var n float64 // some editors know no other numbers, and write 20.0
		if json.Unmarshal(raw, &n) != nil || n < 0 || n > float64(s.Max) || n != math.Trunc(n) {
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
		if !ok {
			return wrong()
		}
		if allowed := s.allows(text); allowed != "" {
			return "", raw, allowed
		}
		*field = text
	case *[]string:
		var items []json.RawMessage
		if json.Unmarshal(raw, &items) != nil {
			return wrong()
		}
		list := make([]string, 0, len(items))
		for i, item := range items {
			text, ok := text(item)
			if !ok {
				return fmt.Sprintf("[%d]", i), item, "a text"
			}
			if allowed := s.allows(text); allowed != "" {
				return fmt.Sprintf("[%d]", i), item, allowed
			}
			list = append(list, text)
		}
		*field = list
	case *map[string]string:
		var items map[string]json.RawMessage
		if json.Unmarshal(raw, &items) != nil {
			return wrong()
		}
		texts := make(map[string]string, len(items))
		for _, name := range sortedNames(items) {
			text, ok := text(items[name])
			if !ok {
				return "." + name, items[name], "a text"
			}
			if allowed := s.allows(name + "=" + text); allowed != "" {
				return "." + name, items[name], allowed
			}
			texts[name] = text
		}
		*field = texts
	}
	return "", nil, ""
}

// allows returns what is allowed if text is not, else "".
func (s Setting) allows(text string) string {
	if s.Words != nil && !slices.ContainsFunc(s.Words, func(w Word) bool { return w.Word == text }) {
		return s.words()
	}
	if s.check != nil {
		return s.check(text)
	}
	return ""
}

// text reads a JSON string. Unlike json.Unmarshal, it does not take null.
func text(raw json.RawMessage) (s string, ok bool) {
	var p *string
	if json.Unmarshal(raw, &p) != nil || p == nil {
		return "", false
	}
	return *p, true
}

// duration reads "400ms", or a number of milliseconds.
func duration(raw json.RawMessage) (time.Duration, bool) {
	if s, ok := text(raw); ok {
		d, err := time.ParseDuration(s)
		return d, err == nil
	}
	var ms float64
	if json.Unmarshal(raw, &ms) != nil || ms < 0 || ms > float64(time.Hour/time.Millisecond) {
		return 0, false
	}
	return time.Duration(ms * float64(time.Millisecond)), true
}

// checkFlag holds that what is meant as a flag is one.
func checkFlag(text string) string {
	if !strings.HasPrefix(text, "-") || strings.ContainsRune(text, 0) {
		return `a flag with its value, such as "-tags=integration"`
	}
	return ""
}

// checkVariable holds that name=value can stand in an environment.
func checkVariable(text string) string {
	if name, _, _ := strings.Cut(text, "="); name == "" || strings.ContainsRune(text, 0) {
		return "the name and value of an environment variable"
	}
	return ""
}

// checkPlatform holds that text can be a GOOS or GOARCH. Which ones there are
// depends on the toolchain, and the go command says it well.
func checkPlatform(text string) string {
	for _, r := range text {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			return `a name such as "linux" or "amd64"`
		}
	}
	return ""
}

// checkProfile holds that text says where a profile is wherever it is read.
func checkProfile(text string) string {
	if text == "" || text == "off" || text == "auto" || filepath.IsAbs(text) && !strings.ContainsRune(text, 0) {
		return ""
	}
	return `"", "off", "auto" or an absolute file name`
}
