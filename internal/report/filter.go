package report

import (
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// A Filter picks the functions and calls that a report shows and counts. A call
// passes when every part that is set accepts it; a function passes with its own
// name and file. The parts that only calls have (status, reason, callee) leave
// of the functions those that hold a passing call.
//
// The zero Filter accepts everything.
type Filter struct {
	Statuses []inline.Status     // of the call itself, not of calls in its inlined body
	Reasons  []inline.ReasonCode // of the call or of one of its instances
	Func     *NamePattern        // the caller; for function entries, the function
	Callee   *NamePattern
	Files    []string // patterns, see ParseFilePatterns
}

// onlyCalls reports whether a part is set that functions do not have.
func (f *Filter) onlyCalls() bool {
	return len(f.Statuses) > 0 || len(f.Reasons) > 0 || f.Callee != nil
}

// empty reports whether the filter accepts everything.
func (f *Filter) empty() bool {
	return !f.onlyCalls() && f.Func == nil && len(f.Files) == 0
}

// call reports whether c passes, its file apart.
func (f *Filter) call(c *inline.Call) bool {
	if len(f.Statuses) > 0 && !slices.Contains(f.Statuses, c.Status) {
		return false
	}
	if len(f.Reasons) > 0 && !f.reason(c) {
		return false
	}
	return f.Func.Match(c.Caller) && f.Callee.Match(c.Callee)
}

func (f *Filter) reason(c *inline.Call) bool {
	if c.Reason != nil && slices.Contains(f.Reasons, c.Reason.Code) {
		return true
	}
	for i := range c.Instances {
		if r := c.Instances[i].Reason; r != nil && slices.Contains(f.Reasons, r.Code) {
			return true
		}
	}
	return false
}

// file reports whether something in the file passes. The name is absolute.
func (f *Filter) file(name string) bool {
	if len(f.Files) == 0 {
		return true
	}
	name = filepath.ToSlash(name)
	for _, pattern := range f.Files {
		if matchFile(pattern, name) {
			return true
		}
	}
	return false
}

// matchFile matches pattern against as many trailing elements of name as the
// pattern has; a rooted pattern against the whole.
func matchFile(pattern, name string) bool {
	if !path.IsAbs(pattern) && !filepath.IsAbs(filepath.FromSlash(pattern)) {
		for n, i := strings.Count(pattern, "/")+1, len(name); n > 0; n-- {
			i = strings.LastIndexByte(name[:i], '/')
			if i < 0 {
				break
			}
			if n == 1 {
				name = name[i+1:]
			}
		}
	}
	ok, _ := path.Match(pattern, name)
	return ok || pattern == name
}

// ParseStatuses reads a list of statuses separated by commas.
func ParseStatuses(list string) ([]inline.Status, error) {
	var out []inline.Status
	for name := range strings.SplitSeq(list, ",") {
		s, err := inline.ParseStatus(strings.TrimSpace(name))
		if err != nil {
			return nil, fmt.Errorf("unknown status %q: want one or more, separated by commas, of %s",
				strings.TrimSpace(name), StatusNames())
		}
		out = append(out, s)
	}
	return out, nil
}

// StatusNames lists the statuses for messages and help: "inlined, not-inlined, ...".
func StatusNames() string {
	var names []string
	for _, s := range inline.Statuses() {
		names = append(names, s.String())
	}
	return strings.Join(names, ", ")
}

// ParseReasons reads a list of reason codes separated by commas.
func ParseReasons(list string) ([]inline.ReasonCode, error) {
	var out []inline.ReasonCode
next:
	for name := range strings.SplitSeq(list, ",") {
		name = strings.TrimSpace(name)
		for _, r := range inline.ReasonCodes() {
			if string(r.Code) == name {
				out = append(out, r.Code)
				continue next
			}
		}
		return nil, fmt.Errorf("unknown reason %q: want one or more, separated by commas, of %s", name, ReasonNames())
	}
	return out, nil
}

// ReasonNames lists the reason codes for messages and help.
func ReasonNames() string {
	var names []string
	for _, r := range inline.ReasonCodes() {
		names = append(names, string(r.Code))
	}
	return strings.Join(names, ", ")
}

// ParseFilePatterns reads a list of file patterns separated by commas. A pattern
// is the end of a file name, whole elements of it, in which *, ? and [a-z] match
// as in path.Match: client.go, http/*_test.go. An absolute pattern is the whole name.
func ParseFilePatterns(list string) ([]string, error) {
	var out []string
	for p := range strings.SplitSeq(list, ",") {
		p = strings.TrimPrefix(filepath.ToSlash(strings.TrimSpace(p)), "./")
		if p == "" {
			return nil, fmt.Errorf("empty file pattern in %q: want names like client.go or http/*_test.go", list)
		}
		if _, err := path.Match(p, ""); err != nil {
			return nil, fmt.Errorf("file pattern %q: a [ has no end; write \\[ for the character itself", p)
		}
		out = append(out, p)
	}
	return out, nil
}

// A NamePattern matches link names of functions. See ParseNamePattern.
type NamePattern struct {
	plain   string         // a name or its end
	pointer bool           // plain has parentheses, so the receiver is compared as written
	re      *regexp.Regexp // nil for a plain name
}

// ParseNamePattern reads a function's name or a regular expression. A name is
// the whole link name or an end of it that begins a word: Do, Client.Do,
// (*Client).Do and net/http.(*Client).Do all name the same method, and its
// closures with it. Text with one of ^ $ | ? + \ { or with .* is a regular
// expression, matched anywhere in the link name.
func ParseNamePattern(s string) (*NamePattern, error) {
	if s == "" {
		return nil, fmt.Errorf("empty function name")
	}
	paired := strings.Count(s, "(") == strings.Count(s, ")") && strings.Count(s, "[") == strings.Count(s, "]")
	if strings.ContainsAny(s, `^$|?+\{`) || strings.Contains(s, ".*") || !paired {
		re, err := regexp.Compile(s)
		if err != nil {
			return nil, fmt.Errorf("%q is neither a function's name, as in (*Client).Do, nor a regular expression: %w", s, err)
		}
		return &NamePattern{re: re}, nil
	}
	return &NamePattern{plain: s, pointer: strings.ContainsAny(s, "()")}, nil
}

// String returns the pattern as it was given.
func (p *NamePattern) String() string {
	if p.re != nil {
		return p.re.String()
	}
	return p.plain
}

var unstar = strings.NewReplacer("(*", "", "(", "", ")", "")

// Match reports whether the pattern matches a link name. A nil pattern matches all.
func (p *NamePattern) Match(name string) bool {
	switch {
	case p == nil:
		return true
	case p.re != nil:
		return p.re.MatchString(name)
	case !p.pointer:
		name = unstar.Replace(name)
	}
	for from := 0; ; {
		i := strings.Index(name[from:], p.plain)
		if i < 0 {
			return false
		}
		i += from
		begins := i == 0 || name[i-1] == '.' || name[i-1] == '/'
		if begins && endsName(name[i+len(p.plain):]) {
			return true
		}
		from = i + 1
	}
}

// endsName reports whether a function's name is complete before rest: rest is
// empty, type arguments, or the suffix of something inside the function.
func endsName(rest string) bool {
	if rest == "" || rest[0] == '[' {
		return true
	}
	for _, inner := range [...]string{".func", "-range", ".gowrap", ".deferwrap"} {
		if strings.HasPrefix(rest, inner) {
			return true
		}
	}
	return false
}
