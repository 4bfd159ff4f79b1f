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
	inline.StatusInlined:    "The callee's body replaced the call. The calls in that body are listed below the call.",
	inline.StatusNotInlined: "The callee is known, but it was not inlined here. The reason says why.",
	inline.StatusDynamic:    "The callee is found at run time: through an interface, a function value or a type parameter.",
	inline.StatusIntrinsic:  "The compiler replaced the call with machine instructions. That is better than inlining.",
	inline.StatusEliminated: "The call is unreachable, so the compiler removed it.",
	inline.StatusMixed:      "The call is in a generic function, and its instances differ. Each is listed with its type arguments.",
	inline.StatusUnknown:    "The verdict is not known. The reason says what is missing. It is never a guess.",
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
		advice: "In JSON, the reason's `op` names the statement.",
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
		advice: "Nothing to do: the function starts on a stack of its own. The compiler may inline the callee into its wrapper for the statement. The report says so.",
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
		advice: "Nothing to do: the call is made when the function returns. Outside loops it is cheap.",
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
		advice: "Nothing to do, if you expected it.",
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
		advice: "Often this is the compiler's own sentence; `docs/architecture.md` says where new ones are added. These sentences are Inlinelens' own:\n\n" +
			"- *its package is not imported here, and no import provides its body*: the callee can be inlined, but the compiler does not have its body.\n" +
			"  The compiler finds bodies only in the packages that a file imports. Those have the body of another package's function only if they inlined it.\n" +
			"  This happens with methods of types that come from an alias or a result, often in generated protobuf code. A blank import of the package makes the body available.\n" +
			"- *the method expression calls a wrapper*: the method has a value receiver, is promoted, or belongs to an interface. Then `(*T).M` is a function that the compiler generates. Call the method, or use the method expression of its own type.\n" +
			"- *the interface holds a \\*T here*: a struct literal sets it to that value, and nothing changes it. The compiler calls the method of `*T` directly, but only after inlining. Keep the `*T` in a variable of its own type.\n" +
			"- *this Go release inlines nothing in the body of a b.Loop loop*: Go 1.24 and 1.25 do this to keep benchmarks correct. Go 1.26 inlines there.\n" +
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

Each call of a package has one status, and most have a reason. In the examples, the comment on a line is the verdict on its call.

` + "`go test ./internal/docs -update`" + ` writes this page, and the tests compile its examples.

## Terms

| term | meaning |
|---|---|
| call, caller, callee | a call in the source, the function that contains it, and the function that it calls; conversions and built-in functions are not calls |
| verdict | the status of a call, with its reason; or whether a function can be inlined |
| cost | the compiler's measure of a function: roughly the number of operations in it |
| budget | the largest cost at which the compiler inlines a function: 80 for most |
| over budget | the cost exceeds the budget; "over budget by 4" is a cost of 84 |
| near miss | a function that is over budget by at most 20 |
| headroom | budget minus cost |
| cost by line | what each line adds to the cost of its function |
| instance | a generic function or method, compiled for certain type arguments |
| preset | a choice of the calls that have hints |

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
		fmt.Fprintf(&b, "\n### %s\n\n%s\n%s", c.Code, strings.ReplaceAll(doc, " ....", " …"), reasonExamples[c.Code].markdown(words.Advice(c.Code)))
	}
	b.WriteString(unknowns)
	return b.String()
}

// unknowns lists what has no verdict in the standard library; the test over it
// in internal/crosscheck prints each.
const unknowns = `
## What remains unknown

With Go 1.26, no call in the standard library (linux/amd64, 78,925 calls) has status ` + "`unknown`" + `. Neither has a call in a body that was inlined there, nor one of the 2,503 calls of go.etcd.io/bbolt v1.5.0.
` + "`inlinelens report -status unknown std`" + ` lists such calls; for inlined bodies, use ` + "`-format json`" + `.

The same is true of six large modules, with 110,529 calls and 56,886 calls in inlined bodies. They are gin v1.12.0, nats-server v2.15.3, pebble v1.1.5, gonum v0.17.0, golang.org/x/tools v0.52.0 and client-go v0.37.2.
Of their functions, 22 are never compiled, and have no verdict: 8 are named ` + "`_`" + `, and 14 are unreachable function literals.

It is also true of the oldest supported release, Go 1.22, for the standard library with its tests: 161,096 calls, and 59,778 in inlined bodies. Of its functions, 37 are never compiled: 24 are named ` + "`_`" + `, and 13 are unreachable function literals.

Bodies of generic functions are compiled in the package that instantiates them. If the package itself does not, Inlinelens compiles an instance to see the verdicts, and says so (*tried with [int]*).
It tries some predeclared types, the types that the constraint lists, and the package's own types. Then it declares types with the methods of the constraints (*tried with [made-up Cloner]*). If no type satisfies the constraints, the calls are unknown.

Elsewhere a call can also be unknown because the compiler gives no column for it. That happens on very long lines and in generated code. The call is unknown if the compiler inlined some of several calls of one function on that line.
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
