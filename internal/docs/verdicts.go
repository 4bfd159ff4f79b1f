package docs

import (
	"fmt"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/words"
)

// A verdict is one heading of docs/verdicts.md.
type verdict struct {
	// source is a file in package p. Lines that end in a comment of the form
	// "// inlined" or "// not-inlined: too-expensive" have a call with that
	// status and reason; what follows "; inside it, " is the verdict on a call of
	// the inlined body. "" for a reason that no short example shows.
	source string
	flags  []string // build flags that it needs
	advice string   // what to do about it, where words.Advice says nothing or not all; Markdown
}

// statusDocs explains each status in a sentence.
var statusDocs = map[inline.Status]string{
	inline.StatusInlined:    "The callee's body replaced the call. What that body calls in turn is listed below the call.",
	inline.StatusNotInlined: "The callee is known, and it is still called. The reason says why.",
	inline.StatusDynamic:    "The callee is found at run time: through an interface, a function value or a type parameter.",
	inline.StatusIntrinsic:  "The compiler replaced the call by machine instructions of its own. That is better than inlining.",
	inline.StatusEliminated: "Nothing reaches the call, and the compiler dropped it.",
	inline.StatusMixed:      "The call is in a generic function, and its instances differ. Each is listed with its type arguments.",
	inline.StatusUnknown:    "Not known. The reason says what is missing; it never stands for a guess.",
}

// statusExamples shows the statuses that no reason's example shows.
var statusExamples = map[inline.Status]verdict{
	inline.StatusInlined: {source: `
package p

func double(x int) int { return x + x }

func quadruple(x int) int {
	y := double(x)   // inlined
	return double(y) // inlined
}
`},
	inline.StatusIntrinsic: {source: `
package p

import "math/bits"

func width(x uint64) int {
	return bits.TrailingZeros64(x) // intrinsic
}
`},
	inline.StatusMixed: {source: `
package p

import "strings"

func dots[T int32 | int64](x T) string { // int32 needs conversions, and they cost
	n := int64(x)/2 + int64(x)/3
	if int64(x) > 9 {
		n++
	}
	return strings.Repeat(".", int(n))
}

func Dots[T int32 | int64](x T) string {
	return dots(x) // mixed: other
}

func Both(a int32, b int64) string { return Dots(a) + Dots(b) }
`},
}

// reasonExamples has one entry for each reason code.
var reasonExamples = map[inline.ReasonCode]verdict{
	inline.CodeTooExpensive: {
		source: `
package p

import "fmt"

func greet(name string) {
	fmt.Println("Hello,", name)
	fmt.Println("how are you?")
}

func Main() {
	greet("gopher") // not-inlined: too-expensive
}
`,
	},
	inline.CodeNoinlineDirective: {
		source: `
package p

//go:noinline
func double(x int) int { return x + x }

func Quadruple(x int) int {
	return double(2 * x) // not-inlined: noinline-directive
}
`,
	},
	inline.CodeRecursive: {
		source: `
package p

func depth(n int) int {
	if n == 0 {
		return 0
	}
	return 1 + depth(n/2)
}

func Depth(n int) int {
	return depth(n) // inlined; inside it, not-inlined: recursive
}
`,
	},
	inline.CodeBigCaller: {
		source: `
package p

func clamp(x, low, high int) int { // costs more than 20
	if x < low-high {
		return low
	}
	if x > high-low {
		return high
	}
	return x*x - low*high
}

func Big(x int) int {
	// … thousands of lines …
	return clamp(x, 0, 9) // not-inlined: big-caller
}
`,
	},
	inline.CodeUnhandledOp: {
		source: `
package p

import "sync"

var mu sync.Mutex

func locked(f *int) {
	mu.Lock()
	defer mu.Unlock()
	*f++
}

func Count(n *int) {
	locked(n) // not-inlined: unhandled-op
}
`,
		advice: "The reason's `op` names the statement.",
	},
	inline.CodeNoBody: {
		source: `
package p

import "time"

func Nap() {
	time.Sleep(1) // not-inlined: no-body
}
`,
	},
	inline.CodeGoStatement: {
		source: `
package p

import "runtime"

func Start() {
	go runtime.GC() // not-inlined: go-statement
}
`,
		advice: "Nothing: the function starts on a stack of its own. The compiler may inline the callee into the wrapper that it makes for the statement; the report says so.",
	},
	inline.CodeDeferStatement: {
		source: `
package p

import "sync"

func Count(mu *sync.Mutex, n *int) {
	mu.Lock()
	defer mu.Unlock() // not-inlined: defer-statement
	*n++
}
`,
		advice: "Nothing: the call is made when the function returns. Outside of loops the compiler makes it cheap.",
	},
	inline.CodeInterfaceMethod: {
		source: `
package p

import "io"

func Put(w io.Writer, b []byte) {
	w.Write(b) // dynamic: interface-method
}
`,
	},
	inline.CodeFuncValue: {
		source: `
package p

func Each(xs []int, do func(int)) {
	for _, x := range xs {
		do(x) // dynamic: func-value
	}
}
`,
	},
	inline.CodeTypeParameter: {
		source: `
package p

type Lesser[T any] interface{ Less(T) bool }

func Min[T Lesser[T]](a, b T) T {
	if b.Less(a) { // dynamic: type-parameter
		return b
	}
	return a
}

type key int

func (k key) Less(o key) bool { return k < o }

func First(a, b key) key { return Min(a, b) }
`,
	},
	inline.CodeDeadCode: {
		source: `
package p

import "fmt"

const debug = false

func Work() {
	if debug {
		fmt.Println("working") // eliminated: dead-code
	}
}
`,
		advice: "Nothing, if you expected it.",
	},
	inline.CodeRaceBuild: {
		source: `
package p

//go:norace
func peek(p *int) int { return *p }

func Peek(p *int) int {
	return peek(p) // not-inlined: race-build
}
`,
		flags: []string{"-race"},
	},
	inline.CodeInliningOff: {
		source: `
package p

func square(x int) int { return x * x }

func Area(x int) int {
	return square(x) // not-inlined: inlining-off
}
`,
		flags: []string{"-gcflags=-l"},
	},
	inline.CodeClosureLimit: {
		source: `
package p

func Twice(xs []int) (a, b int) {
	sum := func(k int) (n int) {
		for _, x := range xs {
			if x > k && x%2 == 0 || x%3 == 1 {
				n += x*x + k*k - 7*x + x/9
			}
			if x < k && x%5 == 0 || x%7 == 1 {
				n -= x*x + k*k - 7*x + x/9
			}
			if x == k && x%11 == 0 || x%13 == 1 {
				n ^= x*x + k*k - 7*x + x/9
			}
			if x != k && x%17 == 0 || x%19 == 1 {
				n |= x*x + k*k - 7*x + x/9
			}
			if x != k && x%21 == 0 || x%23 == 1 {
				n += x*x - k*k
			}
		}
		return n
	}
	a = sum(1) // not-inlined: closure-limit
	b = sum(2) // not-inlined: closure-limit
	return a, b
}
`,
	},
	inline.CodeOther: {
		advice: "Often the compiler's own sentence. `docs/architecture.md` says where new ones are added. These have another source:\n\n" +
			"- *its package is not imported here, and no import passes its body on*: the callee can be inlined, but the compiler finds bodies only in the packages that a file imports, and these carry the body of another\n" +
			"  package's function only if it was inlined there. It happens with methods of types that come by an alias or as a result (generated protobuf code is full of it). A blank import of the package brings the body.\n" +
			"- *the method expression calls a wrapper*: `(*T).M` of a method that has a value receiver, or is promoted, or is one of an interface, is a function that the compiler makes. Call the method, or name it at its own type.\n" +
			"- *the interface holds a \\*T here*: a struct literal gives it that value, and nothing changes it. The back end calls the method of `*T` directly, but after inlining. Keep the `*T` in a variable of its own type.\n" +
			"- *this Go release inlines nothing in the body of a b.Loop loop*: Go 1.24 and 1.25 keep benchmarks honest that way; Go 1.26 inlines there.\n" +
			"- With status `mixed`, the sentence counts the instances.",
	},
}

// filler is the line that stands for a great many statements.
const filler = "\t// … thousands of lines …\n"

// expand gives the example as the compiler gets it.
func (v verdict) expand() string {
	return strings.Replace(strings.TrimPrefix(v.source, "\n"), filler, strings.Repeat("\tx += 3\n", 2000), 1)
}

// verdictsPage is the text of docs/verdicts.md.
func verdictsPage() string {
	var b strings.Builder
	b.WriteString(`# Every verdict, and what to do about it

Each call of a package gets one status, and with most of them a reason. In examples the comment at a line is the verdict on its call.

This page is written by ` + "`go test ./internal/docs -update`" + `; the examples are compiled by the tests.

## Statuses

| status | meaning |
|---|---|
`)
	for _, s := range inline.Statuses() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", s, statusDocs[s])
	}
	for _, s := range inline.Statuses() {
		if v, ok := statusExamples[s]; ok {
			fmt.Fprintf(&b, "\n### %s\n%s", s, v.markdown(""))
		}
	}
	b.WriteString("\n## Reasons\n\n| code | meaning |\n|---|---|\n")
	for _, c := range inline.ReasonCodes() {
		fmt.Fprintf(&b, "| [`%s`](#%s) | %s |\n", c.Code, c.Code, c.Doc)
	}
	for _, c := range inline.ReasonCodes() {
		doc := strings.ToUpper(c.Doc[:1]) + c.Doc[1:] + "."
		fmt.Fprintf(&b, "\n### %s\n\n%s\n%s", c.Code, strings.ReplaceAll(doc, "....", " …"), reasonExamples[c.Code].markdown(words.Advice(c.Code)))
	}
	b.WriteString(unknowns)
	return b.String()
}

// unknowns lists what has no verdict in the standard library; the test over it
// in internal/crosscheck prints each.
const unknowns = `
## What stays unknown

With Go 1.26, none of the 78,925 calls in the standard library (linux/amd64) has status ` + "`" + `unknown` + "`" + `, nor has a call in a body that was inlined there; nor has one of the 2,503 calls of go.etcd.io/bbolt v1.5.0. Lists are printed by ` + "`" + `inlinelens report -status unknown std` + "`" + `, and by ` + "`" + `-format json` + "`" + ` for inlined bodies.

Bodies of generic functions are compiled in the package that instantiates them. Where the package itself does not, Inlinelens compiles an instance of its own to see the verdicts, and says so (*tried with [int]*). It tries a few predeclared types,
what the constraint lists, and the package's own types; then it makes up types with the methods that the constraints ask for (*tried with [made-up Cloner]*). The calls are unknown when no type meets the constraints.

Neither has one of the 110,529 calls, nor of the 56,886 in inlined bodies, of six large modules: gin v1.12.0, nats-server v2.15.3, pebble v1.1.5, gonum v0.17.0, golang.org/x/tools v0.52.0 and client-go v0.37.2. Of their functions, 22 are never compiled, and have no verdict: 8 are named ` + "`" + `_` + "`" + `, and 14 are function literals that nothing reaches.

Nor has one with the oldest release, Go 1.22: of the standard library with its tests, none of the 161,096 calls, nor of the 59,778 in inlined bodies. Of its functions, 37 are never compiled: 24 are named ` + "`" + `_` + "`" + `, and 13 are function literals that nothing reaches.

Elsewhere a call can also be unknown when its line is so long, or so generated, that the compiler tells no column, and it inlined some of several calls of one function on it.
`

func (v verdict) markdown(advice string) string {
	var b strings.Builder
	if v.source != "" {
		_, code, _ := strings.Cut(v.source, "package p\n\n")
		fmt.Fprintf(&b, "\n```go\n%s```\n", code)
	}
	if len(v.flags) > 0 {
		fmt.Fprintf(&b, "\nBuilt with `%s`.\n", strings.Join(v.flags, " "))
	}
	if advice = strings.TrimSpace(v.advice + " " + advice); advice != "" {
		fmt.Fprintf(&b, "\n%s\n", advice)
	}
	return b.String()
}
