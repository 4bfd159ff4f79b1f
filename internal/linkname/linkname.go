// Package linkname reads the names under which functions are linked, and under which
// the compiler prints them: net/http.(*Client).Do, p.Max[go.shape.int], p.F.func1.
//
// It knows how such names are made, and nothing of the functions that have them. It
// does not shorten them for a reader: internal/words does.
package linkname

import (
	"iter"
	"strings"
)

// Prefix is how the link names of a package's functions begin, without the dot: its
// import path, but main for every main package.
func Prefix(path, name string) string {
	if name == "main" {
		return "main"
	}
	return path
}

// Within cuts the prefix of a package off a link name. The test variant of a command
// is linked by its path.
func Within(path, pkgName, name string) string {
	if rest, ok := strings.CutPrefix(name, Prefix(path, pkgName)+"."); ok {
		return rest
	}
	return strings.TrimPrefix(name, path+".")
}

// Base is the last name in a link name: Do of net/http.(*Client).Do, Max of
// p.Max[go.shape.int].
func Base(name string) string {
	name = Generic(name)
	return name[strings.LastIndexByte(name, '.')+1:]
}

var receiverMarks = strings.NewReplacer("(*", "", "(", "", ")", "")

// Plain is a name without what users write or leave out: the marks of a receiver, and
// type arguments.
func Plain(name string) string { return receiverMarks.Replace(Generic(name)) }

// Generic cuts the type arguments out of a name: p.Max[int] is p.Max, and
// p.(*S[int]).Get[string] is p.(*S).Get.
func Generic(name string) string {
	if !strings.Contains(name, "[") {
		return name
	}
	var b strings.Builder
	from := 0
	for open, end := range brackets(name) {
		b.WriteString(name[from:open])
		from = end
	}
	b.WriteString(name[from:])
	return b.String()
}

// TypeArgs returns the type arguments in a name, without their brackets; those of a
// method stand behind those of its receiver. It returns "" if there are none.
func TypeArgs(name string) string {
	var lists []string
	for open, end := range brackets(name) {
		lists = append(lists, strings.TrimSuffix(name[open+1:end], "]"))
	}
	return strings.Join(lists, ",")
}

// SplitTypeArgs splits the text of a list of type arguments at its own commas.
func SplitTypeArgs(list string) []string {
	if list == "" {
		return nil
	}
	var args []string
	depth, start := 0, 0
	for i := 0; i < len(list); i++ {
		switch list[i] {
		case '[', '(', '{':
			depth++
		case ']', ')', '}':
			depth--
		case ',':
			if depth == 0 {
				args = append(args, list[start:i])
				start = i + 1
			}
		case '"':
			i = afterTag(list, i) - 1
		}
	}
	return append(args, list[start:])
}

// brackets are the places of the lists of type arguments in a name: of the bracket
// that opens one, and behind the one that closes it.
func brackets(name string) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		depth, open := 0, 0
		for i := 0; i < len(name); i++ {
			switch name[i] {
			case '[':
				if depth++; depth == 1 {
					open = i
				}
			case ']':
				if depth == 1 && !yield(open, i+1) {
					return
				}
				depth = max(depth-1, 0)
			case '"': // a struct tag
				if depth > 0 {
					i = afterTag(name, i) - 1
				}
			}
		}
		if depth > 0 {
			yield(open, len(name))
		}
	}
}

// afterTag returns the index behind the quoted struct tag that begins at i.
func afterTag(s string, i int) int {
	for i++; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}
