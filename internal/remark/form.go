package remark

import (
	"bytes"
	"slices"
	"strconv"
)

// The forms below were collected from the sources of the compilers of go1.22
// to go1.27: every print that -m=2 or -d=pgodebug=1 turns on. The comments name
// the function that prints, in cmd/compile/internal.

// A form is a remark that begins with certain words. soft says that others
// may begin with them too.
type form struct {
	prefix []byte
	parse  func(p *parser, rest []byte, line Line) (Remark, bool)
	soft   bool
}

var remarkForms = []form{
	{prefix: []byte("can inline "), parse: (*parser).canInline},           // inline.noteInlinableFunc
	{prefix: []byte("cannot inline "), parse: (*parser).cannotInline},     // inline.CanInline, canInlineCallExpr, CanInlineFuncs (recursive)
	{prefix: []byte("inlining call to "), parse: (*parser).inliningCall},  // inline.mkinlcall
	{prefix: []byte("devirtualizing "), parse: devirtualizing(HowStatic)}, // devirtualize.StaticCall
	{prefix: []byte("partially devirtualizing "), parse: devirtualizing(HowPartial)},
	{prefix: []byte("PGO devirtualizing interface call "), parse: devirtualizing(HowPGOInterface)}, // devirtualize.ProfileGuided
	{prefix: []byte("PGO devirtualizing function call "), parse: devirtualizing(HowPGOFunc)},
	{prefix: []byte("function "), parse: (*parser).bigCaller, soft: true},                    // interleaved
	{prefix: []byte("skip inlining within testing.B.loop for "), parse: (*parser).benchLoop}, // interleaved, go1.24 and go1.25
}

// ignoredPrefixes begin remarks that can come before escape analysis.
var ignoredPrefixes = [][]byte{
	[]byte("cannot devirtualize "),         // devirtualize.StaticCall
	[]byte("should not PGO devirtualize "), // devirtualize.shouldPGODevirt
	[]byte("imprecise interface call"),     // noder
	[]byte("expr is unknown to bloop pass"),
	[]byte("unrecognized shape for assign list stmt for blank assignment"), // bloop
	[]byte("hot-callsite identified "),
}

// ignoredSuffixes end them.
var ignoredSuffixes = []string{
	" will be kept alive", // bloop: a name, "expr", "dereference", "function result", "function arg"
}

// stopPrefixes begin remarks of escape analysis and of what comes after it.
var stopPrefixes = [][]byte{
	[]byte("leaking param: "),
	[]byte("leaking param content: "),
	[]byte("moved to heap: "),
	[]byte("mutates param: "),
	[]byte("calls param: "),
	[]byte("zero-copy string->[]byte conversion"),
	[]byte("  flow: "),
	[]byte("    from "),
	[]byte("  warning: truncated explanation"),
	[]byte("index bounds check elided"),   // walk
	[]byte("slice: omit slice operation"), // walk
}

// stopSuffixes end remarks of escape analysis that begin with an expression.
var stopSuffixes = []string{
	" escapes to heap",
	" escapes to heap:",
	" does not escape",
	" does not escape, mutate, or call",
}

// isStop reports whether text is a remark of escape analysis or of a later
// phase. None of these can be printed before all inlining of the package is
// done: the packages escape and walk run on the whole package, after it.
func isStop(text []byte, line Line) bool {
	for _, prefix := range stopPrefixes {
		if bytes.HasPrefix(text, prefix) {
			return true
		}
	}
	for _, suffix := range stopSuffixes {
		if line.hasSuffix(text, suffix) {
			return true
		}
	}
	end := text
	if line.Cut {
		end = line.Tail
	}
	switch {
	case bytes.HasPrefix(text, []byte("parameter ")) && bytes.Contains(end, []byte(" with derefs=")): // "parameter x leaks to {heap} for f with derefs=0:"
	case bytes.HasSuffix(end, []byte(":")) && bytes.Contains(end, []byte(" escapes to heap in ")): // "&x escapes to heap in f:"
	case bytes.HasSuffix(end, []byte(")")) && bytes.Contains(end, []byte(" capturing by ")) && bytes.Contains(end, []byte("(addr=")): // "f capturing by ref: x (addr=false assign=true width=8)"
	case bytes.Contains(text, []byte(" ignoring self-assignment in ")):
	case bytes.HasPrefix(text, []byte("assuming ")) && bytes.HasSuffix(end, []byte(" is unsafe uintptr")):
	case bytes.HasPrefix(text, []byte("marking ")) && (bytes.HasSuffix(end, []byte(" as escaping uintptr")) || bytes.HasSuffix(end, []byte(" as escaping ...uintptr"))):
	default:
		return false
	}
	return true
}

var (
	withCost    = []byte(" with cost ")
	withScore   = []byte(" with score ")
	colonBlank  = []byte(": ")
	toWord      = []byte(" to ")
	intoWord    = []byte(" into ")
	hash        = []byte("#")
	recursive   = ": repeated recursive cycle"
	tooComplex  = []byte("function too complex: cost ")
	exceeds     = []byte(" exceeds budget ")
	bigSuffix   = " considered 'big'; reducing max cost of inlinees"
	hotNode     = []byte("hot-node enabled increased budget=")
	hotNodeFunc = []byte(" for func=")
	hotBudget   = []byte("hot-budget check allows inlining for call ")
	hotCost     = []byte(" (cost ")
	hotAt       = []byte(") at ")
	hotCaller   = []byte(" in function ")
)

// canInline reads "NAME with cost N as: TYPE { BODY }". The type and the body
// are not kept.
func (p *parser) canInline(rest []byte, _ Line) (Remark, bool) {
	i := indexOutside(rest, withCost)
	if i <= 0 {
		return Remark{}, false
	}
	cost, after, ok := leadingInt(rest[i+len(withCost):])
	if !ok || !bytes.HasPrefix(after, []byte(" as:")) {
		return Remark{}, false
	}
	return Remark{Kind: CanInline, Name: p.name(rest[:i]), Cost: cost}, true
}

// cannotInline reads "NAME: REASON" and "NAME into CALLER: repeated recursive cycle".
func (p *parser) cannotInline(rest []byte, line Line) (Remark, bool) {
	i := indexOutside(rest, colonBlank)
	if i <= 0 || line.Cut {
		return Remark{}, false
	}
	name, reason := rest[:i], rest[i+2:]
	if string(rest[i:]) == recursive {
		if j := indexOutside(name, intoWord); j > 0 && j+len(intoWord) < len(name) {
			return Remark{Kind: RecursiveCycle, Name: p.name(name[:j]), Text: p.name(name[j+len(intoWord):])}, true
		}
	}
	r := Remark{Kind: CannotInline, Name: p.name(name), Text: p.intern(reason)}
	if numbers, ok := bytes.CutPrefix(reason, tooComplex); ok {
		if cost, after, ok := leadingInt(numbers); ok {
			if after, ok := bytes.CutPrefix(after, exceeds); ok {
				if budget, after, ok := leadingInt(after); ok && len(after) == 0 {
					r.Cost, r.Budget = cost, budget
				}
			}
		}
	}
	return r, true
}

// inliningCall reads "NAME" and "NAME with score N".
func (p *parser) inliningCall(rest []byte, line Line) (Remark, bool) {
	if line.Cut {
		return Remark{}, false
	}
	r := Remark{Kind: InliningCall}
	if i := lastIndexOutside(rest, withScore); i > 0 {
		if score, after, ok := leadingInt(rest[i+len(withScore):]); ok && len(after) == 0 {
			rest, r.Score = rest[:i], score
		}
	}
	r.Name = p.name(rest)
	return r, len(rest) > 0
}

// devirtualizing reads "EXPR to TYPE" and "EXPR to FUNC".
func devirtualizing(how How) func(*parser, []byte, Line) (Remark, bool) {
	return func(p *parser, rest []byte, line Line) (Remark, bool) {
		i := lastIndexOutside(rest, toWord)
		if i <= 0 || i+len(toWord) == len(rest) || line.Cut {
			return Remark{}, false
		}
		return Remark{Kind: Devirtualizing, Name: p.intern(rest[:i]), Text: p.intern(rest[i+len(toWord):]), How: how}, true
	}
}

// bigCaller reads "NAME considered 'big'; ...".
func (p *parser) bigCaller(rest []byte, line Line) (Remark, bool) {
	name, ok := bytes.CutSuffix(rest, []byte(bigSuffix))
	if !ok || len(name) == 0 || line.Cut {
		return Remark{}, false
	}
	return Remark{Kind: BigCaller, Name: p.name(name)}, true
}

// benchLoop reads what the loop's node is printed as: "for loop".
func (p *parser) benchLoop(rest []byte, line Line) (Remark, bool) {
	return Remark{Kind: BenchLoop, Text: p.intern(rest)}, len(rest) > 0 && !line.Cut
}

// parseHot reads what -d=pgodebug=1 prints, in which no position comes first.
func (p *parser) parseHot(line Line) (Remark, lineClass) {
	b := line.Head
	switch {
	case line.Cut:
	case bytes.HasPrefix(b, []byte("hot-callsite-thres-from-CDF=")), bytes.HasPrefix(b, []byte("hot-big check disallows inlining for call ")):
		return Remark{}, classIgnored
	case bytes.HasPrefix(b, hotNode):
		budget, after, ok := leadingInt(b[len(hotNode):])
		if name, found := bytes.CutPrefix(after, hotNodeFunc); ok && found && len(name) > 0 {
			return Remark{Kind: HotCallee, Name: p.name(name), Budget: budget}, classRemark
		}
	case bytes.HasPrefix(b, hotBudget):
		if r, ok := p.hotCall(b[len(hotBudget):]); ok {
			return r, classRemark
		}
	}
	return Remark{}, classUnknown
}

// hotCall reads "CALLEE (cost N) at POS in function CALLER".
func (p *parser) hotCall(b []byte) (Remark, bool) {
	i := indexOutside(b, hotCost)
	if i <= 0 {
		return Remark{}, false
	}
	cost, after, ok := leadingInt(b[i+len(hotCost):])
	if !ok {
		return Remark{}, false
	}
	after, ok = bytes.CutPrefix(after, hotAt)
	if !ok {
		return Remark{}, false
	}
	// The position comes first, and its file may be named anything; so may a
	// struct tag in the caller's name, but not without a position before it.
	for from := 0; ; {
		j := bytes.Index(after[from:], hotCaller)
		if j < 0 {
			return Remark{}, false
		}
		at, caller := after[:from+j], after[from+j+len(hotCaller):]
		if pos, ok := parsePos(at, p.knownFiles()); ok && len(caller) > 0 {
			r := Remark{Kind: HotCall, Name: p.name(b[:i]), Cost: cost, Text: p.name(caller)}
			p.setPos(&r, pos)
			return r, true
		}
		from += j + 1
	}
}

// name returns the name of a function without what Go 1.27 puts behind the name
// of a closure's copy to tell it from others: "f.func1#XPl/3YLu2ZI=#". Some remarks
// have it and others do not.
func (p *parser) name(b []byte) string {
	const digits = 12 // of base64, for 8 bytes
	if before, after, ok := bytes.Cut(b, hash); ok && len(after) > digits && after[digits] == hash[0] {
		return p.intern(slices.Concat(before, after[digits+1:]))
	}
	return p.intern(b)
}

// leadingInt reads the decimal number with which b begins.
func leadingInt(b []byte) (n int, after []byte, ok bool) {
	i := 0
	if i < len(b) && b[i] == '-' {
		i++
	}
	for i < len(b) && '0' <= b[i] && b[i] <= '9' {
		i++
	}
	n, err := strconv.Atoi(string(b[:i]))
	return n, b[i:], err == nil
}
