package advice

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// Limits on what a new function takes and gives. What goes beyond them would keep
// what the program does, but make it slower, or nothing that one wants to read.
const (
	maxParams  = 7
	maxResults = 3
	maxSize    = 128 // bytes of one value
)

// An outlined is a region as a function of its own.
type outlined struct {
	region
	name string
	call Edit   // of the region
	decl string // of the new function, with its comment
}

// outline works out what the region becomes; why says why it cannot be.
func (f *function) outline(r region, used map[string]bool) (o *outlined, why string) {
	returns := anyContains[*ast.ReturnStmt](r.list)
	ends := f.terminates(r.list)
	if ret, ok := r.list[0].(*ast.ReturnStmt); ok && len(ret.Results) == 0 {
		return nil, "there is nothing in it"
	}
	switch {
	case f.jumpsOut(&r) != "":
		return nil, f.jumpsOut(&r)
	case returns && !ends && (!r.tail || f.sig.Results().Len() > 0):
		return nil, "it returns on some ways only"
	case f.forbidden(&r) != "":
		return nil, f.forbidden(&r)
	case anyContains[*ast.DeferStmt](r.list) && !ends && !r.tail:
		return nil, "what it defers would run earlier"
	}
	for _, d := range f.defers {
		if d.Pos() > r.end || d.Pos() < r.start && r.inLoop {
			if anyContains[*ast.DeferStmt](r.list) {
				return nil, "what it defers would run in another order"
			}
		}
	}
	free, why := f.free(&r)
	if why != "" {
		return nil, why
	}
	w := writer{f: f, r: &r, ends: ends, returns: returns, free: free}
	return w.write(used)
}

// forbidden says what in the region cannot be anywhere else.
func (f *function) forbidden(r *region) (why string) {
	for _, s := range r.list {
		depth := 0
		var visit func(n ast.Node) bool
		visit = func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				depth++
				ast.Inspect(n.Body, visit)
				depth--
				return false
			case *ast.CallExpr:
				if depth == 0 && f.builtin(n) == "recover" {
					why = "it calls recover"
				}
			case *ast.Ident:
				switch obj := f.Info.Uses[n].(type) {
				case *types.Func:
					if looksAtCaller(obj) {
						why = fmt.Sprintf("it calls %s, which looks at its caller", obj.Name())
					}
				case *types.Const, *types.TypeName:
					if _, param := obj.Type().(*types.TypeParam); !param && f.within(obj.Pos()) && !r.has(obj.Pos()) {
						why = fmt.Sprintf("it needs %s, which is declared in the function", obj.Name())
					}
				}
			}
			return true
		}
		ast.Inspect(s, visit)
	}
	return why
}

func (f *function) within(pos token.Pos) bool {
	return f.decl.Body.Pos() <= pos && pos < f.decl.Body.End()
}

func (r *region) has(pos token.Pos) bool { return r.start <= pos && pos < r.end }

// A variable is one that the region uses and does not declare.
type variable struct {
	*types.Var
	assigned bool // in the region
	result   bool // it is a named result of the function
}

// free lists the variables that the region uses and does not declare, in the order
// of their declarations.
func (f *function) free(r *region) (list []variable, why string) {
	seen := make(map[*types.Var]bool)
	for _, s := range r.list {
		ast.Inspect(s, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			v := f.local(id)
			if v == nil || seen[v] || r.has(v.Pos()) {
				return true
			}
			seen[v] = true
			u := f.use[v]
			x := variable{Var: v, result: f.isResult(v)}
			for _, at := range u.assigned {
				x.assigned = x.assigned || r.has(at)
			}
			switch {
			case why != "":
			case u.addressed:
				why = fmt.Sprintf("the address of %s is taken, so that it cannot be handed over", v.Name())
			case u.captured && len(u.assigned) > 0:
				why = fmt.Sprintf("a function literal shares the variable %s, which changes", v.Name())
			case x.result && x.assigned && len(f.defers) > 0:
				why = fmt.Sprintf("a deferred call may see the result %s", v.Name())
			case f.nameless(v.Type()) != "":
				why = fmt.Sprintf("the type of %s cannot be written there: %s", v.Name(), f.nameless(v.Type()))
			case locks(v.Type()):
				why = fmt.Sprintf("%s must not be copied", v.Name())
			case !hasTypeParam(v.Type()) && f.Sizes.Sizeof(v.Type()) > maxSize:
				why = fmt.Sprintf("%s is large to be copied", v.Name())
			}
			list = append(list, x)
			return true
		})
	}
	if why != "" {
		return nil, why
	}
	slices.SortFunc(list, func(a, b variable) int { return cmp.Compare(a.Pos(), b.Pos()) })
	return list, ""
}

func (f *function) isResult(v *types.Var) bool {
	for r := range f.sig.Results().Variables() {
		if r == v {
			return true
		}
	}
	return false
}

// A writer writes one outlined region.
type writer struct {
	f             *function
	r             *region
	ends, returns bool
	free          []variable
}

func (w *writer) write(used map[string]bool) (*outlined, string) {
	f, r := w.f, w.r
	method := false
	for _, v := range w.free {
		method = method || v.Var == f.sig.Recv()
	}
	generic := w.mentionsTypeParam()
	if generic && f.sig.RecvTypeParams().Len() > 0 && !method {
		if recv := f.sig.Recv(); recv.Name() == "" || recv.Name() == "_" {
			return nil, "it needs the type parameters of a receiver without a name"
		}
		method = true
	}
	// What the new function gives back: what the old one does, if it ends with the
	// call; otherwise the variables that change.
	whole := w.ends && f.sig.Results().Len() > 0 && (w.returns || !r.alone) || r.tail
	bare := whole && w.bareReturn()
	var kept map[*types.Var]bool
	if whole {
		kept = w.kept(bare)
	}
	var changed []variable
	if !whole && !w.ends {
		for _, v := range w.free {
			if v.assigned {
				changed = append(changed, v)
			}
		}
	}
	if len(changed) > maxResults {
		return nil, fmt.Sprintf("it changes %d variables", len(changed))
	}
	var params []variable
	for _, v := range w.free {
		if v.Var == f.sig.Recv() && method || kept[v.Var] {
			continue
		}
		params = append(params, v)
	}
	if bare {
		for v := range f.sig.Results().Variables() {
			if v.Name() == "_" {
				return nil, "it returns a result without a name"
			}
			if !kept[v] && !containsVar(params, v) {
				if u := f.use[v]; u.addressed || u.captured {
					return nil, fmt.Sprintf("the result %s is shared", v.Name())
				}
				params = append(params, variable{Var: v, result: true})
			}
		}
	}
	if len(params) > maxParams {
		return nil, fmt.Sprintf("it needs %d variables", len(params))
	}
	if twice := w.twice(params, kept); twice != "" {
		return nil, fmt.Sprintf("two variables are named %s", twice)
	}
	o := &outlined{region: *r, name: f.fresh(r.kind, w.ends, method, used)}
	o.decl = w.declare(o.name, shape{method, generic, bare, whole, kept}, params, changed)
	// The call.
	var call strings.Builder
	if _, ok := r.list[0].(*ast.LabeledStmt); ok && r.start == r.list[0].Pos() {
		call.WriteString("\t") // labels are less indented than statements
	}
	for i, v := range changed {
		if i > 0 {
			call.WriteString(", ")
		}
		call.WriteString(v.Name())
	}
	switch {
	case len(changed) > 0:
		call.WriteString(" = ")
	case whole && f.sig.Results().Len() > 0:
		call.WriteString("return ")
	}
	if method {
		call.WriteString(f.sig.Recv().Name() + ".")
	}
	call.WriteString(o.name)
	if tparams := f.sig.TypeParams(); generic && !method && tparams.Len() > 0 {
		names := make([]string, tparams.Len())
		for i := range names {
			names[i] = tparams.At(i).Obj().Name()
		}
		call.WriteString("[" + strings.Join(names, ", ") + "]")
	}
	args := make([]string, len(params))
	for i, v := range params {
		args[i] = v.Name()
	}
	call.WriteString("(" + strings.Join(args, ", ") + ")")
	if w.returns && !r.tail && f.sig.Results().Len() == 0 {
		call.WriteString("\n" + f.indentOf(r.start) + "return")
	}
	o.call = Edit{f.offset(r.start), f.offset(r.end), f.ended(call.String())}
	if o.decl == "" {
		return nil, "it is not formatted by gofmt"
	}
	return o, ""
}

// twice returns a name that two of the new function's variables would have.
func (w *writer) twice(params []variable, kept map[*types.Var]bool) string {
	names := make(map[string]bool)
	for v := range kept {
		names[v.Name()] = true
	}
	for _, v := range params {
		if names[v.Name()] {
			return v.Name()
		}
		names[v.Name()] = true
	}
	return ""
}

func containsVar(list []variable, v *types.Var) bool {
	for i := range list {
		if list[i].Var == v {
			return true
		}
	}
	return false
}

// bareReturn reports whether the region has a return without results of a function
// that has some.
func (w *writer) bareReturn() bool {
	return w.f.sig.Results().Len() > 0 && len(w.bareReturns()) > 0
}

func (w *writer) bareReturns() (list []*ast.ReturnStmt) {
	for _, s := range w.r.list {
		ast.Inspect(s, func(n ast.Node) bool {
			if ret, ok := n.(*ast.ReturnStmt); ok && len(ret.Results) == 0 {
				list = append(list, ret)
			}
			_, literal := n.(*ast.FuncLit)
			return !literal
		})
	}
	return list
}

// kept returns the results that the new function has under their names: they are
// needed, and still zero where the region begins.
func (w *writer) kept(bare bool) map[*types.Var]bool {
	kept := make(map[*types.Var]bool)
	for v := range w.f.sig.Results().Variables() {
		u := w.f.use[v]
		needed := bare || slices.ContainsFunc(w.free, func(x variable) bool { return x.Var == v })
		if needed && v.Name() != "_" && !u.addressed && !u.captured && !slices.ContainsFunc(u.assigned, w.reaches) {
			kept[v] = true
		}
	}
	return kept
}

// reaches reports whether what is assigned at a position may be seen where the
// region begins.
func (w *writer) reaches(at token.Pos) bool {
	r := w.r
	if r.has(at) || at > r.start {
		return r.inLoop
	}
	return !slices.ContainsFunc(w.f.endings, func(b ending) bool {
		return b.start <= at && at < b.end && !(b.start <= r.start && r.start < b.end)
	})
}

// mentionsTypeParam reports whether anything in the region has to do with the
// function's type parameters.
func (w *writer) mentionsTypeParam() bool {
	f := w.f
	if f.sig.TypeParams().Len()+f.sig.RecvTypeParams().Len() == 0 {
		return false
	}
	for v := range f.sig.Results().Variables() {
		if hasTypeParam(v.Type()) {
			return true
		}
	}
	found := false
	for _, s := range w.r.list {
		ast.Inspect(s, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok && !found {
				if t := f.Info.TypeOf(e); t != nil {
					found = hasTypeParam(t)
				}
			}
			return !found
		})
	}
	return found
}

// A shape is what kind of function the new one is.
type shape struct {
	method  bool                // of the receiver
	generic bool                // it has the type parameters
	bare    bool                // it has returns without results, and results
	whole   bool                // it gives back what the function does
	kept    map[*types.Var]bool // results with their names
}

// declare writes the new function. "" means that it is not Go, which would be a bug.
func (w *writer) declare(name string, s shape, params, changed []variable) string {
	f := w.f
	var b bytes.Buffer
	b.WriteString("package p\n\n" + w.comment(name))
	b.WriteString("func ")
	if s.method {
		b.WriteString(f.source(f.decl.Recv) + " ")
	}
	b.WriteString(name)
	if s.generic && !s.method && f.decl.Type.TypeParams != nil {
		b.WriteString(f.source(f.decl.Type.TypeParams))
	}
	b.WriteString("(")
	for i, v := range params {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(v.Name())
		// Neighbours of one type share it, as one writes it by hand.
		if i+1 < len(params) && types.Identical(v.Type(), params[i+1].Type()) && f.write(v.Type()) == f.write(params[i+1].Type()) {
			continue
		}
		b.WriteString(" " + f.write(v.Type()))
	}
	b.WriteString(")")
	switch {
	case s.whole && f.sig.Results().Len() > 0:
		b.WriteString(" ")
		b.WriteString(f.results(s.kept))
	case len(changed) == 1:
		b.WriteString(" " + f.write(changed[0].Type()))
	case len(changed) > 1:
		list := make([]string, len(changed))
		for i, v := range changed {
			list[i] = f.write(v.Type())
		}
		b.WriteString(" (" + strings.Join(list, ", ") + ")")
	}
	b.WriteString(" {\n")
	b.WriteString(w.body(s))
	b.WriteString("\n")
	if len(changed) > 0 {
		list := make([]string, len(changed))
		for i, v := range changed {
			list[i] = v.Name()
		}
		b.WriteString("return " + strings.Join(list, ", ") + "\n")
	}
	b.WriteString("}\n")
	text, err := format.Source(b.Bytes())
	if err != nil {
		return ""
	}
	return f.ended(strings.TrimPrefix(string(text), "package p\n\n"))
}

// body returns the text that moves, with returns as the new function has them.
func (w *writer) body(s shape) string {
	f, r := w.f, w.r
	start := f.offset(r.start)
	text := f.text[start:f.offset(r.end)]
	var edits []Edit
	switch {
	case s.bare && len(s.kept) < f.sig.Results().Len():
		var names []string
		for v := range f.sig.Results().Variables() {
			names = append(names, v.Name())
		}
		for _, ret := range w.bareReturns() {
			edits = append(edits, Edit{f.offset(ret.Pos()) - start, f.offset(ret.End()) - start, "return " + strings.Join(names, ", ")})
		}
	case f.sig.Results().Len() == 0:
		// The last return would be one too many.
		if ret, ok := r.list[len(r.list)-1].(*ast.ReturnStmt); ok {
			at, end := f.offset(ret.Pos())-start, f.offset(ret.End())-start
			if end == len(text) {
				at = len(bytes.TrimRight(text[:at], " \t\r\n"))
			}
			edits = append(edits, Edit{at, end, ""})
		}
	}
	return strings.ReplaceAll(string(Apply(text, edits)), "\r\n", "\n")
}

// comment is what stands above the new function.
func (w *writer) comment(name string) string {
	of := w.f.decl.Name.Name
	what := "a branch"
	switch w.r.kind {
	case ColdPath:
		what = "where " + of + " fails"
		if !w.ends {
			what = "a cold branch of " + of
		}
		return fmt.Sprintf("// %s is %s, kept apart so that %s"+commentEnd+"\n", name, what, of)
	case SlowPath:
		what = "the slow path"
	case Loop:
		what = "the loop"
	case Branch, Unwrap:
	}
	return fmt.Sprintf("// %s is %s of %s, kept apart so that %s"+commentEnd+"\n", name, what, of, of)
}

// results writes the results, those that are kept with their names.
func (f *function) results(kept map[*types.Var]bool) string {
	var list []string
	for _, field := range f.decl.Type.Results.List {
		for i := range max(1, len(field.Names)) {
			name := ""
			if len(kept) > 0 {
				name = "_ "
				if v, ok := f.Info.Defs[field.Names[i]].(*types.Var); ok && kept[v] {
					name = v.Name() + " "
				}
			}
			list = append(list, name+f.source(field.Type))
		}
	}
	if len(list) == 1 && len(kept) == 0 {
		return list[0]
	}
	if len(kept) == len(list) {
		return f.source(f.decl.Type.Results)
	}
	return "(" + strings.Join(list, ", ") + ")"
}

// source returns the text of a node.
func (f *function) source(n ast.Node) string {
	return strings.ReplaceAll(string(f.text[f.offset(n.Pos()):f.offset(n.End())]), "\r\n", "\n")
}

// ended gives lines the ends that those of the file have.
func (f *function) ended(text string) string {
	if i := bytes.IndexByte(f.text, '\n'); i > 0 && f.text[i-1] == '\r' {
		return strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}

// indentOf returns the blanks that a position's line begins with.
func (f *function) indentOf(pos token.Pos) string {
	at := f.offset(pos)
	line := f.text[bytes.LastIndexByte(f.text[:at], '\n')+1 : at]
	return string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
}
