package assertion

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/inlinelens/inlinelens/internal/linkname"
)

// A Pattern names functions: example.com/m/hot.Sum, net/netip.Addr.Is4, ./hot.Parse*,
// example.com/m/... for all functions of packages.
type Pattern struct {
	text  string         // as it was written
	exact string         // the name without the marks of a receiver; "" for one with wildcards
	re    *regexp.Regexp // of such names; nil for an exact one
	whole bool           // it names packages: all their functions
	path  string         // with whole: the pattern of the packages
}

var receiverMarks = strings.NewReplacer("(*", "", "(", "", ")", "")

// ParsePattern reads a pattern. A leading dot stands for the path of the module.
func ParsePattern(text, module string) (*Pattern, error) {
	name := text
	if len(name) > 1 && name[0] == '.' && name[1] != '.' {
		if module == "" {
			return nil, fmt.Errorf("%q: a leading dot stands for the module, and there is none", text)
		}
		if name[1] == '/' {
			name = name[1:]
		}
		name = module + name
	}
	switch {
	case strings.ContainsAny(name, "[]"):
		return nil, fmt.Errorf("%q: leave out the type arguments; an assertion is about all instances", text)
	case strings.HasPrefix(name, "../"):
		return nil, fmt.Errorf("%q: want a path of an import, or one that begins with ./ for this module", text)
	case strings.ContainsAny(name, `"\`+"`") || strings.Count(name, "(") != strings.Count(name, ")"):
		return nil, fmt.Errorf("%q is no function: want a name as in net/netip.Addr.Is4, or a pattern as in ./hot.*", text)
	}
	name = receiverMarks.Replace(name)
	if name == "" || strings.HasSuffix(name, "/") || strings.HasSuffix(name, ".") && !strings.HasSuffix(name, "...") {
		return nil, fmt.Errorf("%q is no function: want a name as in net/netip.Addr.Is4, or a pattern as in ./hot.*", text)
	}
	p := &Pattern{text: text}
	last := name[strings.LastIndexByte(name, '/')+1:]
	if name == "*" {
		name, last = "...", "..."
	}
	if !strings.Contains(strings.ReplaceAll(last, "...", ""), ".") {
		p.whole, p.path = true, name
	} else if !strings.ContainsRune(name, '*') && !strings.Contains(name, "...") {
		p.exact = name
		return p, nil
	}
	re := wildcards(name)
	if p.whole {
		re += `\.[^/]*`
	}
	var err error
	if p.re, err = regexp.Compile("^(?:" + re + ")$"); err != nil {
		return nil, errors.New(text + ": it is too long")
	}
	return p, nil
}

// wildcards returns a regular expression: * stands for any text without a slash, ... for
// any text, and /... at the end of a path also for nothing.
func wildcards(name string) string {
	re := regexp.QuoteMeta(name)
	re = strings.ReplaceAll(re, `/\.\.\.`, `(?:/.*)?`)
	re = strings.ReplaceAll(re, `\.\.\.`, `.*`)
	return strings.ReplaceAll(re, `\*`, `[^/]*`)
}

// String returns the pattern as it was written.
func (p *Pattern) String() string { return p.text }

// Exact returns the only name that matches, without the marks of a receiver, "" if there
// may be several.
func (p *Pattern) Exact() string { return p.exact }

// Match reports whether the pattern matches the link name of a function. The path of a
// command is to stand in the place of "main".
func (p *Pattern) Match(name string) bool {
	name = linkname.Plain(name)
	if p.re != nil {
		return p.re.MatchString(name)
	}
	return name == p.exact
}

// Packages are the paths of packages in which an exact name may be: where the path's last
// element has a dot, there are several. It is nil for patterns with wildcards, but for
// those that name one package.
func (p *Pattern) Packages() []string {
	if p.whole && !strings.ContainsRune(p.path, '*') && !strings.Contains(p.path, "...") {
		return []string{p.path}
	}
	var paths []string
	for i := strings.LastIndexByte(p.exact, '/') + 1; i < len(p.exact); i++ {
		if p.exact[i] == '.' {
			paths = append(paths, p.exact[:i])
		}
	}
	return paths
}
