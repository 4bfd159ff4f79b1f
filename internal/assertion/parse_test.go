package assertion

import (
	"os"
	"strings"
	"testing"
)

const module = "example.com/m"

// TestFile holds what a file's lines are read as.
func TestFile(t *testing.T) {
	for _, test := range []struct{ line, want string }{
		{"inlinable net/netip.Addr.Is4", "inlinable net/netip.Addr.Is4"},
		{"inlined p.F -> q.G", "inlined p.F -> q.G"},
		{"inlined p.F->q.G", "inlined p.F -> q.G"},
		{"cost<=60 p.F", "cost<=60 p.F"},
		{"\tinlined  ./hot.Sum\t// why", "inlined ./hot.Sum"},
		{"inlined (*T).F //why", "inlined (*T).F"},
		{"inlined ./hot.Sum or eliminated if arm64&&!race // why", "inlined ./hot.Sum or eliminated if arm64 && !race"},
		{"exempt ./hot.Sum -> fmt.Errorf because the  file is broken", "exempt ./hot.Sum -> fmt.Errorf because the file is broken"},
		{"exempt ./... if race || go1.27 because it is // not so", "exempt ./... if race || go1.27 because it is"},
		{"\ufeffinlinable p.F\r", "inlinable p.F"},
		{"  // inlinable p.F", ""},
		{"", ""},
	} {
		l := ParseFile("/m/.inlinelens", []byte(test.line), module)
		got := ""
		for _, e := range l.Errors {
			t.Errorf("%q: %v", test.line, e)
		}
		for _, a := range l.Assertions {
			got += a.Text
			if a.Because != "" {
				got += " because " + a.Because
			}
		}
		if got != test.want {
			t.Errorf("%q is read as %q, want %q", test.line, got, test.want)
		}
	}
}

// TestFileErrors holds that each error names its line, and says what is allowed.
func TestFileErrors(t *testing.T) {
	for _, test := range []struct{ line, want string }{
		{"inlind p.F", `unknown assertion "inlind": want inlined, inlinable, cost<=N or exempt`},
		{"cost < 60 p.F", `"cost": want a cost as in cost<=60, without blanks`},
		{"cost<=x p.F", `"cost<=x": want a cost from 1 to 1000000, as in cost<=60`},
		{"cost<=0 p.F", `"cost<=0": want a cost from 1 to 1000000, as in cost<=60`},
		{"cost<=99999999999999999999 p.F", `want a cost from 1 to 1000000`},
		{"inlined", `there is no function: want inlined FUNCTION or inlined CALLER -> CALLEE, as in "inlined example.com/m/pkg.F"`},
		{"inlined p.F ->", `want inlined CALLER -> CALLEE`},
		{"inlined -> p.F", `want inlined CALLER -> CALLEE`},
		{"inlined p.F -> q.G -> r.H", `there are two "->"`},
		{"inlinable p.F -> q.G", `inlinable is about functions, not about calls: want inlinable FUNCTION`},
		{"inlinable p.F q.G", `unexpected "q.G": want inlinable FUNCTION, which may go on with "if"`},
		{"inlinable p.F or eliminated", `"or" does not belong to inlinable`},
		{"inlined p.F or gone", `unexpected "or gone": want "or eliminated"`},
		{"inlined p.F if", `there is no condition behind "if"`},
		{"inlined p.F if arm64 &&", `condition "arm64 &&": `},
		{"inlined p.F if arm64 go1.27", `want the syntax of //go:build, as in "if arm64 && go1.27"`},
		{"exempt p.F", `an exemption says why, as in "exempt because it runs once"`},
		{"inlined p.F because it is hot", `"because" does not belong to inlined`},
		{"inlined p.F[int]", `leave out the type arguments; an assertion is about all instances`},
		{"inlined ../hot.F", `want a path of an import, or one that begins with ./`},
		{"inlined (T.F", `is no function: want a name as in net/netip.Addr.Is4`},
		{"inlined p.", `is no function`},
		{"# hot", `comments begin with //, not with #`},
		{"<<<<<<< HEAD", `this is a merge conflict`},
		{"inlinelens:inlined p.F", `leave out "inlinelens:"`},
		{"inlined p.\x1b[31mF", `characters that are not text`},
		{"inlined p.\xff", `not UTF-8`},
	} {
		l := ParseFile("/m/.inlinelens", []byte("// one\n\n"+test.line+"\n"), module)
		if len(l.Errors) != 1 || len(l.Assertions) > 0 {
			t.Errorf("%q: there are %d errors and %d assertions", test.line, len(l.Errors), len(l.Assertions))
			continue
		}
		e := l.Errors[0]
		if !strings.Contains(e.Message, test.want) {
			t.Errorf("%q: %s\nwant %s", test.line, e.Message, test.want)
		}
		if e.Pos.Line != 3 || e.Pos.File != "/m/.inlinelens" || !strings.HasPrefix(e.Error(), "/m/.inlinelens:3: ") {
			t.Errorf("%q: %v is at %v", test.line, e, e.Pos)
		}
	}
}

func TestManyErrors(t *testing.T) {
	l := ParseFile("f", []byte(strings.Repeat("x\n", 1000)), module)
	if len(l.Errors) != MaxErrors || !strings.HasSuffix(l.Errors[MaxErrors-1].Message, "; 990 more lines cannot be read") {
		t.Errorf("there are %d errors, at last %v", len(l.Errors), l.Errors[len(l.Errors)-1])
	}
}

func TestPattern(t *testing.T) {
	for _, test := range []struct{ pattern, matches, not string }{
		{"net/netip.Addr.Is4", "net/netip.Addr.Is4 net/netip.(*Addr).Is4", "net/netip.Addr.Is4In6 x/net/netip.Addr.Is4 net/netip.Addr.Is4.func1"},
		{"net/netip.(*Addr).Is4", "net/netip.Addr.Is4", "net/netip.Is4"},
		{"./hot.Sum", "example.com/m/hot.Sum example.com/m/hot.Sum[int]", "hot.Sum example.com/m/hot.Summary"},
		{".Sum", "example.com/m.Sum", "example.com/m/hot.Sum example.com/mxSum"},
		{"./hot.Parse*", "example.com/m/hot.Parse example.com/m/hot.ParseInt example.com/m/hot.Parser.Next", "example.com/m/hot/deep.Parse example.com/m/hot.parse"},
		{"./hot", "example.com/m/hot.Sum example.com/m/hot.(*T).Sum", "example.com/m/hot/deep.Sum example.com/m/hotter.Sum"},
		{"./...", "example.com/m.Sum example.com/m/hot/deep.T.Sum", "example.com/more.Sum other.Sum"},
		{"./.../hot.Sum", "example.com/m/hot.Sum example.com/m/a/b/hot.Sum", "example.com/m/shot.Sum"},
		{"...", "main.main a/b.(*C).D[int]", ""},
		{"*", "main.main a/b.(*C).D[int]", ""},
		{"gopkg.in/yaml.v3.Marshal", "gopkg.in/yaml.v3.Marshal", "gopkg.in/yaml.Marshal"},
		{"./a.b+c.F", "example.com/m/a.b+c.F", "example.com/m/a.bbc.F"},
	} {
		p, err := ParsePattern(test.pattern, module)
		if err != nil {
			t.Errorf("%s: %v", test.pattern, err)
			continue
		}
		for name := range strings.FieldsSeq(test.matches) {
			if !p.Match(name) {
				t.Errorf("%s does not match %s", test.pattern, name)
			}
		}
		for name := range strings.FieldsSeq(test.not) {
			if p.Match(name) {
				t.Errorf("%s matches %s", test.pattern, name)
			}
		}
	}
	for pattern, want := range map[string]string{
		"net/netip.Addr.Is4": "net/netip net/netip.Addr", "./hot": "example.com/m/hot", "./hot.*": "", "./...": "",
		".F": "example.com/m",
	} {
		p, err := ParsePattern(pattern, module)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(p.Packages(), " "); got != want {
			t.Errorf("%s may be in %q, want %q", pattern, got, want)
		}
	}
}

// FuzzFile holds that any text is either read or refused by line, and that what was read
// is read again from its own text.
func FuzzFile(f *testing.F) {
	text, err := os.ReadFile("testdata/example.inlinelens")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte("cost<=60 p.F if (a||b)&&!c // x\nexempt ./... -> * because y\n<<<<<<< HEAD"))
	f.Fuzz(func(t *testing.T, text []byte) {
		l := ParseFile("/m/.inlinelens", text, module)
		if len(l.Errors) > MaxErrors {
			t.Errorf("there are %d errors", len(l.Errors))
		}
		lines := strings.Count(string(text), "\n") + 1
		for _, e := range l.Errors {
			if e.Pos.Line < 1 || e.Pos.Line > lines || e.Message == "" {
				t.Errorf("%v is at line %d of %d", e, e.Pos.Line, lines)
			}
		}
		for _, a := range l.Assertions {
			again := a.Text
			if a.Because != "" {
				again += " because " + a.Because
			}
			m := ParseFile("/m/.inlinelens", []byte(again), module)
			if len(m.Errors) > 0 || len(m.Assertions) != 1 || m.Assertions[0].Text != a.Text || m.Assertions[0].Because != a.Because {
				t.Errorf("%q is read again as %+v, %v", again, m.Assertions, m.Errors)
			}
			if (a.Callee == nil) || a.Kind == Exempt && a.Because == "" || a.Kind == Cost && a.Max == 0 {
				t.Errorf("%q lacks something: %+v", again, a)
			}
			a.Callee.Match("example.com/m/hot.(*T[int]).Sum")
			a.Callee.Packages()
		}
	})
}
