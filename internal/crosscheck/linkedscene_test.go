package crosscheck

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// A scene is what is known of one function: its machine code and its calls.
type scene struct {
	fn    *Function
	calls map[Line][]*inline.Call
}

func (c *comparison) pkg(p *inline.Package, funcs []*Function) {
	scenes := map[string]*scene{}
	for _, f := range funcs {
		c.functions++
		c.undecoded += f.Undecoded
	}
	for name, f := range c.originals(p.Go, funcs) {
		scenes[name] = &scene{fn: f, calls: map[Line][]*inline.Call{}}
	}
	list := instances(p.Calls, func(name string) bool { return scenes[name] != nil })
	for _, call := range list {
		if s := scenes[call.Caller]; s != nil {
			at := lineOf(call)
			s.calls[at] = append(s.calls[at], call)
		}
	}
	for _, call := range list {
		name := call.Status.String()
		if call.Status == inline.StatusUnknown {
			c.unknown[fmt.Sprintf("%s in %s:%d", call.Callee, filepath.Base(call.Pos.File), call.Pos.Line)]++
		}
		if call.Via != "" {
			name += " (" + call.Via + ")"
		}
		o := c.of[name]
		if o == nil {
			o = &outcome{}
			c.of[name] = o
		}
		s := scenes[call.Caller]
		if s == nil {
			o.silent++ // the linker dropped the caller, or it only exists inlined
			continue
		}
		verdict, against := c.judge(s, call, scenes)
		switch {
		case against != "":
			o.contradicted++
			c.against = append(c.against, fmt.Sprintf("%s: %s:%d:%d: %s calls %s: %s, but %s",
				p.Path, call.Pos.File, call.Pos.Line, call.Pos.Col, call.Caller, call.Callee, name, against))
		case verdict:
			o.confirmed++
			c.misjudge(s, call, scenes)
		default:
			o.silent++
		}
		// The tree of a call in a generic function is not told apart by instance.
		if against == "" && call.Status == inline.StatusInlined && !strings.Contains(call.Caller, "[") {
			c.nested(p, s, call)
		}
	}
	for _, s := range scenes {
		c.account(p, s)
	}
}

// instances replaces calls in generic functions by one call for each instance
// of which the binary has code.
func instances(calls []inline.Call, exists func(string) bool) []*inline.Call {
	var list []*inline.Call
	for i := range calls {
		call := &calls[i]
		found := false
		for _, inst := range call.Instances {
			caller := withArgs(call.Caller, inst.Shape)
			if inst.Shape == "" || !exists(caller) {
				continue
			}
			found = true
			one := *call
			one.Caller, one.Callee, one.Status, one.Instances, one.Inlines = caller, inst.Callee, inst.Status, nil, nil
			list = append(list, &one)
		}
		if !found {
			list = append(list, call)
		}
	}
	return list
}

// misjudge turns a confirmed verdict into its opposite: the binary must
// contradict that. It shows that the comparison can fail.
func (c *comparison) misjudge(s *scene, call *inline.Call, scenes map[string]*scene) {
	if call.Via != "" || s.others(call) > 0 {
		return
	}
	wrong := *call
	switch call.Status {
	case inline.StatusInlined:
		wrong.Status = inline.StatusNotInlined
	case inline.StatusNotInlined:
		wrong.Status = inline.StatusInlined
	default:
		return
	}
	c.wrong++
	if _, against := c.judge(s, &wrong, scenes); against != "" {
		c.caught++
	}
}

func lineOf(call *inline.Call) Line { return Line{call.Pos.File, call.Pos.Line} }

// judge says whether the machine code shows what the verdict on a call says;
// against is set if it shows the opposite, beyond doubt.
func (c *comparison) judge(s *scene, call *inline.Call, scenes map[string]*scene) (confirmed bool, against string) {
	if call.Via == "go" || call.Via == "defer" {
		return judgeWrapped(s, call, scenes)
	}
	at := lineOf(call)
	bodies := s.bodies(at, call.Callee)
	direct := s.direct(at, call.Callee)
	others := s.others(call)
	switch call.Status {
	case inline.StatusInlined:
		if len(bodies) > 0 {
			return true, ""
		}
		if direct > others {
			return false, "there is a CALL of it"
		}
	case inline.StatusNotInlined:
		if len(bodies) > 0 && others == 0 {
			return false, "its body stands there"
		}
		return direct > 0, ""
	case inline.StatusDynamic:
		if call.Callee != "" && len(bodies) > 0 && others == 0 {
			return false, "its body stands there"
		}
		return s.indirect(at) > 0, ""
	case inline.StatusIntrinsic:
		if len(bodies) > 0 && others == 0 {
			return false, "its body stands there"
		}
		if direct > others {
			if guarded(call.Callee) {
				c.guarded[call.Callee]++
				return true, ""
			}
			return false, "there is a CALL of it"
		}
		return s.fn.Lines[at], ""
	case inline.StatusEliminated:
		if call.Callee != "" && len(bodies) > 0 && others == 0 {
			return false, "its body stands there"
		}
		if call.Callee != "" && direct > others {
			return false, "there is a CALL of it"
		}
		return true, ""
	}
	return false, ""
}

// judgeWrapped judges the call of a go or defer statement: it is made in a
// wrapper, a function of its own named after the function around.
func judgeWrapped(s *scene, call *inline.Call, scenes map[string]*scene) (confirmed bool, against string) {
	at := lineOf(call)
	kind := map[string]string{"go": ".gowrap", "defer": ".deferwrap"}[call.Via]
	for name, w := range scenes {
		rest, ok := strings.CutPrefix(name, call.Caller+kind)
		if !ok || strings.Trim(rest, "0123456789") != "" {
			continue
		}
		bodies, direct := w.bodies(at, call.Callee), w.direct(at, call.Callee)
		switch {
		case call.Wrapped && direct > 0 && len(bodies) == 0:
			return false, "the statement's wrapper has a CALL of it"
		case !call.Wrapped && len(bodies) > 0 && len(s.calls[at]) == 1:
			return false, "its body stands in the statement's wrapper"
		case call.Wrapped && len(bodies) > 0, !call.Wrapped && direct > 0:
			return true, ""
		}
	}
	return false, ""
}

// guarded reports whether the compiler checks, for this intrinsic, that the
// machine has the instruction, and else calls the function.
func guarded(callee string) bool {
	return strings.HasPrefix(callee, "math.") || strings.HasPrefix(callee, "math/bits.")
}

// bodies returns the inlined bodies of callee at a line of the function itself.
func (s *scene) bodies(at Line, callee string) []*Body {
	var list []*Body
	for _, b := range s.fn.Inlined {
		if b.At == at && sameCallee(b.Callee, callee) {
			list = append(list, b)
		}
	}
	return list
}

// direct counts the CALLs of callee at a line of the function itself.
func (s *scene) direct(at Line, callee string) int {
	n := 0
	for _, i := range s.fn.Calls {
		if len(i.Within) == 0 && i.Target != "" && i.At == at && withoutArgs(i.Target) == withoutArgs(callee) {
			n++
		}
	}
	return n
}

// indirect counts the CALLs through a register or memory at a line of the function itself.
func (s *scene) indirect(at Line) int {
	n := 0
	for _, i := range s.fn.Calls {
		if len(i.Within) == 0 && i.Target == "" && i.At == at {
			n++
		}
	}
	return n
}

// others counts the further calls of the same callee on the line: they may be
// what the machine code shows.
func (s *scene) others(call *inline.Call) int {
	n := 0
	for _, o := range s.calls[lineOf(call)] {
		if o.Pos != call.Pos && sameCallee(o.Callee, call.Callee) {
			n++
		}
	}
	return n
}

// account checks that every inlined body at a line of the function belongs to
// a call that is said to be inlined.
func (c *comparison) account(p *inline.Package, s *scene) {
	for _, b := range s.fn.Inlined {
		calls := s.calls[b.At]
		if len(calls) == 0 {
			continue // no call of the source: a wrapper, or generated code
		}
		c.bodies++
		found := false
		for _, call := range calls {
			if sameCallee(call.Callee, b.Callee) && (call.Status == inline.StatusInlined || call.Status == inline.StatusMixed || call.Wrapped) {
				found = true
			}
		}
		if found {
			c.explained++
		} else {
			c.against = append(c.against, fmt.Sprintf("%s: %s:%d: in %s stands the body of %s, and no verdict says so", p.Path, b.At.File, b.At.Line, s.fn.Name, b.Callee))
		}
	}
}
