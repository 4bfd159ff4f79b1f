package server

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/handlers"
)

// steps are what may happen in a session, each with how often it does in
// comparison with others. A step says what it did, "" if there was nothing that
// it could be done to.
var steps = []struct {
	weight int
	do     func(*session) string
}{
	{8, stepOpen},
	{4, stepClose},
	{14, stepStatement},
	{6, stepDirective},
	{6, stepDeclaration},
	{5, stepType},
	{4, stepMove},
	{3, stepLines},
	{3, stepWhole},
	{4, stepUndo},
	{16, stepSave},
	{5, stepBreak},
	{5, stepRepair},
	{3, stepNew},
	{2, stepRename},
	{2, stepDelete},
	{4, stepOutside},
	{1, stepCheckout},
	{1, stepDirectory},
	{2, stepModule},
	{4, stepSettings},
	{8, stepAsk},
	{6, stepInterrupt},
}

// step does one of the steps, and says which.
func (s *session) step() string {
	total := 0
	for _, c := range steps {
		total += c.weight
	}
	for {
		n := s.r.IntN(total)
		for _, c := range steps {
			if n -= c.weight; n >= 0 {
				continue
			}
			if did := c.do(s); did != "" {
				return strings.ReplaceAll(did, s.dir+string(filepath.Separator), "")
			}
			break
		}
	}
}

func stepOpen(s *session) string {
	closed := slices.DeleteFunc(s.goFiles(), func(path string) bool { return s.open[path] })
	if len(closed) == 0 || len(s.open) > 7 {
		return ""
	}
	path := pick(s, closed)
	s.e.Open(path)
	s.open[path] = true
	return "open " + path
}

// stepClose closes a file; what was not saved is lost.
func stepClose(s *session) string {
	if len(s.open) < 3 {
		return ""
	}
	path := pick(s, sorted(s.open))
	s.e.Close(path)
	delete(s.open, path)
	return "close " + path
}

// declarations parses a text and returns its functions with bodies, and the
// offset of a position; none if it cannot be parsed.
func declarations(text string) (functions []*ast.FuncDecl, all []ast.Decl, offset func(token.Pos) int) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", text, parser.ParseComments)
	offset = func(p token.Pos) int { return fset.PositionFor(p, false).Offset }
	if err != nil {
		return nil, nil, offset
	}
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
			functions = append(functions, fn)
		}
	}
	return functions, f.Decls, offset
}

// statements go at the beginning of a function's body; N is a number.
var statements = []string{
	"\n\t_ = \"日本語 😀 𝒳\" // N",
	"\n\tif false {\n\t\tprintln(\"dead\", N)\n\t}",
	"\n\tfunc() { defer func() { _ = recover() }() }()",
	"\n\tfor i := range 3 {\n\t\t_ = func() int { return i + N }()\n\t}",
	"\n\tgo func() {}()",
	"\n\t_ = max(N, 2)",
	"\n\t// N is a comment 😀",
	"\n\tvar fN func() int\n\tif fN != nil {\n\t\tfN()\n\t}",
	"\n\tfor range func(yield func(int) bool) { yield(N) } {\n\t}",
	"",
}

// stepStatement edits the body of a function.
func stepStatement(s *session) string {
	path, functions, offset := s.function()
	if path == "" {
		return ""
	}
	fn := pick(s, functions)
	at := offset(fn.Body.Lbrace) + 1
	statement := s.numbered(pick(s, statements)) + "\n"
	s.e.Splice(path, at, at, statement)
	return fmt.Sprintf("statement in %s of %s: %q", fn.Name, path, statement)
}

// function picks an open file that has functions, which it returns too; path is
// "" if there is none.
func (s *session) function() (path string, functions []*ast.FuncDecl, offset func(token.Pos) int) {
	open := s.openFiles()
	if len(open) == 0 {
		return "", nil, nil
	}
	path = pick(s, open)
	functions, _, offset = declarations(s.e.Text(path))
	if len(functions) == 0 {
		return "", nil, nil
	}
	return path, functions, offset
}

func (s *session) numbered(text string) string {
	return strings.ReplaceAll(text, "N", fmt.Sprint(s.count))
}

// stepDirective puts a comment before a function: a directive, or what looks like one.
func stepDirective(s *session) string {
	path, functions, offset := s.function()
	if path == "" {
		return ""
	}
	fn := pick(s, functions)
	at := offset(fn.Type.Func)
	directive := pick(s, []string{"//go:noinline\n", "//go:inline\n", "// go:noinline\n", "//go:noinlin\n", "//go:nosplit\n"})
	s.e.Splice(path, at, at, directive)
	return fmt.Sprintf("%q before %s of %s", directive, fn.Name, path)
}

// stepDeclaration adds a function and calls of it, in the same file and often in
// another one too.
func stepDeclaration(s *session) string {
	path, functions, offset := s.function()
	if path == "" {
		return ""
	}
	name, fn := s.name("added"), pick(s, functions)
	at := offset(fn.Body.Lbrace) + 1
	s.e.Splice(path, at, at, "\n\t"+name+"(1)\n")
	declaration := pick(s, []string{
		"\n\nfunc %s[T any](x T) T { return x }\n",
		"\n\nfunc %s(x int) func() int { return func() int { return x } }\n",
		"\r\n\r\n// 𝒳 is\r\nfunc %s(x int) (y int) {\r\n\tfor y < x {\r\n\t\ty++\r\n\t}\r\n\treturn y\r\n}\r\n",
	})
	end := len(s.e.Text(path))
	s.e.Splice(path, end, end, fmt.Sprintf(declaration, name))
	did := "declare " + name + " in " + path
	for _, other := range s.openFiles() {
		if other == path || filepath.Dir(other) != filepath.Dir(path) || strings.HasSuffix(other, "_test.go") != strings.HasSuffix(path, "_test.go") {
			continue
		}
		if functions, _, offset := declarations(s.e.Text(other)); len(functions) > 0 && s.chance(0.5) {
			at := offset(pick(s, functions).Body.Lbrace) + 1
			s.e.Splice(other, at, at, "\n\t"+name+"(2)\n")
			did += " and call it in " + other
			// It does not compile if this one is lost and the other one saved.
			s.broken[path], s.broken[other] = true, true
			break
		}
	}
	return did
}

// stepType types a comment, letter by letter.
func stepType(s *session) string {
	path, functions, offset := s.function()
	if path == "" {
		return ""
	}
	at := offset(pick(s, functions).Body.Lbrace) + 1
	for _, letter := range "\n\t// größer 😀\n" {
		s.e.Splice(path, at, at, string(letter))
		at += utf8.RuneLen(letter)
	}
	return "type in " + path
}

// stepMove moves a declaration to the end of its file.
func stepMove(s *session) string {
	open := s.openFiles()
	if len(open) == 0 {
		return ""
	}
	path := pick(s, open)
	_, all, offset := declarations(s.e.Text(path))
	movable := slices.DeleteFunc(all, func(d ast.Decl) bool {
		g, ok := d.(*ast.GenDecl)
		return ok && g.Tok == token.IMPORT
	})
	if len(movable) == 0 {
		return ""
	}
	d := pick(s, movable)
	text := s.e.Text(path)
	start, end := offset(d.Pos()), offset(d.End())
	s.e.Splice(path, len(text), len(text), "\n"+text[start:end]+"\n")
	s.e.Splice(path, start, end, "")
	return fmt.Sprintf("move %d bytes in %s", end-start, path)
}

// stepLines gives a file, or a part of it, other ends of lines.
func stepLines(s *session) string {
	open := s.openFiles()
	if len(open) == 0 {
		return ""
	}
	path := pick(s, open)
	text := s.e.Text(path)
	start, end := s.span(text, len(text))
	part := strings.ReplaceAll(text[start:end], "\r\n", "\n")
	if s.chance(0.5) {
		part = strings.ReplaceAll(part, "\n", "\r\n")
	}
	if strings.ContainsRune(text, '`') {
		s.broken[path] = true // the text may be cut at \r, or have raw strings
	}
	s.e.Splice(path, start, end, part)
	return fmt.Sprintf("ends of lines in %s from %d to %d", path, start, end)
}

// span returns the ends of a part of a text of up to n bytes, between characters
// and not within \r\n, where the protocol has no position.
func (s *session) span(text string, n int) (start, end int) {
	fits := func(i int) bool {
		return i == len(text) || utf8.RuneStart(text[i]) && (i == 0 || text[i-1] != '\r' || text[i] != '\n')
	}
	start = s.r.IntN(len(text) + 1)
	end = min(start+s.r.IntN(n+1), len(text))
	for !fits(start) {
		start--
	}
	for !fits(end) {
		end++
	}
	return start, end
}

// stepWhole replaces the whole text of a file.
func stepWhole(s *session) string {
	open := s.openFiles()
	if len(open) == 0 {
		return ""
	}
	path := pick(s, open)
	text := s.e.Text(path)
	if _, all, offset := declarations(text); len(all) > 0 && s.chance(0.5) {
		end := offset(all[len(all)-1].End())
		text = text[:end] + "\n"
	} else {
		text = s.numbered("// Copyright N, größer\n\n") + text
	}
	s.e.SetText(path, text)
	return "replace the text of " + path
}

// stepUndo makes a file's text what is on disk again.
func stepUndo(s *session) string {
	for _, path := range s.openFiles() {
		if text, ok := onDisk(path); ok && text != s.e.Text(path) {
			s.e.SetText(path, text)
			return "undo in " + path
		}
	}
	return ""
}

func stepSave(s *session) string {
	if len(s.open) == 0 {
		return ""
	}
	paths := []string{pick(s, sorted(s.open))}
	if s.chance(0.3) {
		paths = sorted(s.open)
	}
	for _, path := range paths {
		s.e.Save(path)
	}
	if s.chance(0.5) {
		s.e.Changed(paths...) // as editors do that watch files
	}
	return "save " + strings.Join(paths, " ")
}

// stepBreak makes a file one that does not compile, or mostly.
func stepBreak(s *session) string {
	open := s.openFiles()
	if len(open) == 0 {
		return ""
	}
	path := pick(s, open)
	text := s.e.Text(path)
	start, end := s.span(text, 100)
	with := pick(s, []string{"", "}{", "undefined()", "\"", "/*", "`", "\x00", "\nimport \"example.com/none\"\n", "日"})
	s.e.Splice(path, start, end, with)
	s.broken[path] = true
	return fmt.Sprintf("break %s at %d: %q by %q", path, start, text[start:end], with)
}

func stepRepair(s *session) string {
	if len(s.broken) == 0 {
		return ""
	}
	path := pick(s, sorted(s.broken))
	s.repair(path)
	return "repair " + path
}

// newFiles are texts of new files, by name; N is a number.
var newFiles = map[string]string{
	"syntax/newN.go":           "package syntax\n\nfunc genericN[T ~int | ~string](x T) T { return identityN(x) }\n\nfunc identityN[T any](x T) T { return x }\n\nvar _, _ = genericN(1), genericN(\"\")\n",
	"slices/newN.go":           "package slices\n\n// MadeN is new.\nfunc MadeN(x int) int {\n\treturn func() int { return x + N }()\n}\n",
	"syntax/newN_test.go":      "package syntax\n\nimport \"testing\"\n\nfunc TestN(t *testing.T) {\n\tif !IsWordChar('a') {\n\t\tt.Error(\"no\")\n\t}\n}\n",
	"slices/newN_test.go":      "package slices_test\n\nimport \"example.com/random/slices\"\n\nvar _ = slices.Contains([]int{N}, N)\n",
	"syntax/taggedN.go":        "//go:build probe\n\npackage syntax\n\nfunc taggedN() { taggedN() }\n",
	"syntax/systemN_plan9.go":  "package syntax\n\nfunc systemN() { systemN() }\n",
	"slices/emptyN.go":         "",
	"extraN/extraN.go":         "package extra\n\nimport \"example.com/random/syntax\"\n\nvar _ = syntax.IsWordChar('a')\n",
	"slices/größer 😀 %N.go":    "package slices\n\nfunc größerN() int { return 𝒳N() }\n\nfunc 𝒳N() int { return N }\n",
	"slices/otherN.go":         "package other\n",
	"slices/nested/nestedN.go": "package nested\n\nfunc fN() {}\n\nvar _ = func() int { fN(); return N }()\n",
}

// stepNew makes a file, on disk or in the editor.
func stepNew(s *session) string {
	name := pick(s, sorted(newFiles))
	path, text := filepath.Join(s.dir, filepath.FromSlash(s.numbered(name))), s.numbered(newFiles[name])
	if slices.Contains([]string{"slices/otherN.go", "slices/emptyN.go", "extraN/extraN.go"}, name) {
		s.broken[path] = true
	}
	if s.open[path] || s.chance(0.5) {
		s.write(path, text)
		s.e.Changed(path)
		return "new on disk: " + path
	}
	must(s.t, os.MkdirAll(filepath.Dir(path), 0o777))
	s.e.OpenText(path, text)
	s.open[path] = true
	return "new in the editor: " + path
}

// stepRename gives a file another name, as editors do.
func stepRename(s *session) string {
	from := pick(s, s.goFiles())
	if _, ok := onDisk(from); !ok {
		return ""
	}
	base := strings.TrimSuffix(filepath.Base(from), ".go")
	to := filepath.Join(filepath.Dir(from), s.name(pick(s, []string{base, "renamed", "_ignored"}))+pick(s, []string{".go", "_test.go"}))
	if s.open[to] {
		return ""
	}
	text := ""
	if s.open[from] {
		text = s.e.Text(from)
		s.e.Close(from)
		delete(s.open, from)
	}
	wasOpen := text != ""
	must(s.t, os.Rename(from, to))
	if wasOpen {
		s.e.OpenText(to, text)
		s.open[to] = true
	}
	s.e.Changed(from, to)
	s.broken[from], s.broken[to] = true, true
	return "rename " + from + " to " + to
}

// stepDelete deletes a file, which may stay open.
func stepDelete(s *session) string {
	path := pick(s, s.goFiles())
	if _, ok := onDisk(path); !ok {
		return ""
	}
	must(s.t, os.Remove(path))
	did := "delete " + path
	if s.open[path] && s.chance(0.5) {
		did += " and close it"
		s.e.Close(path)
		delete(s.open, path)
	}
	s.e.Changed(path)
	s.broken[path] = true
	return did
}

// stepOutside changes a file as another program would. An editor shows the new
// text where it has no changes of its own.
func stepOutside(s *session) string {
	path := pick(s, s.goFiles())
	text, ok := onDisk(path)
	if !ok {
		return ""
	}
	now := s.numbered("// Generated N.\n\n") + strings.ReplaceAll(text, "//go:noinline\n", "")
	reload := s.open[path] && s.e.Text(path) == text && s.chance(0.7)
	s.write(path, now)
	if reload {
		s.e.SetText(path, now)
	}
	s.e.Changed(path)
	return fmt.Sprintf("change on disk: %s; the editor shows it: %v", path, reload)
}

// stepCheckout makes all files what they were in the beginning, as git would.
func stepCheckout(s *session) string {
	var paths []string
	for _, path := range sorted(s.originals) {
		text, _ := onDisk(path)
		original := s.originals[path]
		if text == original {
			continue
		}
		reload := s.open[path] && s.e.Text(path) == text
		s.write(path, original)
		if reload {
			s.e.SetText(path, original)
		}
		if !s.open[path] || reload {
			delete(s.broken, path)
		}
		paths = append(paths, path)
	}
	if paths == nil {
		return ""
	}
	s.e.Changed(paths...)
	return "check out " + strings.Join(paths, " ")
}

// stepDirectory takes a directory away, and puts it back a little later.
func stepDirectory(s *session) string {
	dir := filepath.Join(s.dir, pick(s, []string{"slices", "syntax"}))
	away := time.Duration(s.r.IntN(300)) * time.Millisecond
	must(s.t, os.Rename(dir, dir+".away"))
	s.e.Changed(dir, dir+".away")
	time.Sleep(away)
	must(s.t, os.Rename(dir+".away", dir))
	s.e.Changed(dir+".away", dir)
	return fmt.Sprintf("take %s away for %v", dir, away)
}

// stepModule changes go.mod, or takes it away.
func stepModule(s *session) string {
	path := filepath.Join(s.dir, "go.mod")
	text := pick(s, []string{
		"module example.com/random\n\ngo 1.25\n", "module example.com/random\n\ngo 1.24.0\n", "module example.com/random\n\ngo 1.26\n",
		"module example.com/random\n\ngo 1.21\n", "module example.com/random\n\ngo 1.999\n", "module example.com/else\n\ngo 1.26\n", "modul\n", "",
	})
	if text == "" {
		os.Remove(path)
	} else {
		s.write(path, text)
	}
	s.broken[path] = true
	s.e.Changed(path)
	return fmt.Sprintf("go.mod: %q", text)
}

// stepSettings changes a setting.
func stepSettings(s *session) string {
	next := maps.Clone(*s.settings.Load())
	change := pick(s, []map[string]any{
		{"trigger": "type"},
		{"trigger": "save"},
		{"tests": false},
		{"tests": true},
		{"build.flags": []string{"-tags=probe"}},
		{"build.flags": []string{"-gcflags=-l=4"}},
		{"build.flags": []string{}},
		{"hints": map[string]any{"statuses": []string{"inlined"}}},
		{"hints": all["inlinelens"].(map[string]any)["hints"]},
		{"hints.place": "end"},
		{"hints.place": "callee"},
		{"hints.style": "full"},
		{"lenses.enabled": false},
		{"lenses.enabled": true},
		{"diagnostics.enabled": false},
		{"diagnostics.enabled": true},
		{"concurrency": 1},
		{"concurrency": 0},
	})
	maps.Copy(next, change)
	s.settings.Store(&next)
	var sent any
	if s.push {
		sent = map[string]any{"inlinelens": next}
	}
	s.e.Notify(protocol.MethodWorkspaceDidChangeConfiguration, map[string]any{"settings": sent})
	return fmt.Sprintf("set %v", change)
}

// questions are what an editor asks of a file.
var questions = []string{
	protocol.MethodTextDocumentInlayHint, protocol.MethodTextDocumentCodeLens, protocol.MethodTextDocumentHover, protocol.MethodTextDocumentCodeAction,
	handlers.MethodCost, handlers.MethodFunctions,
}

// question picks a request, with its parameters.
func (s *session) question() (method string, params map[string]any) {
	path := pick(s, sorted(s.open))
	text := s.e.Text(path)
	start, end := s.span(text, len(text))
	r := s.e.Range(path, start, end)
	return pick(s, questions), map[string]any{
		"textDocument": map[string]any{"uri": uri.File(path)},
		"position":     r.Start, "range": r, "context": map[string]any{"diagnostics": []any{}},
	}
}

// stepAsk asks for something and waits for the answer.
func stepAsk(s *session) string {
	if len(s.open) == 0 {
		return ""
	}
	method, params := s.question()
	if err := s.e.Call(method, params, nil); err != nil && (method != handlers.MethodCost || code(err) != requestFailed) {
		s.t.Errorf("%s: %v", method, err)
	}
	return "ask for " + method
}

// stepInterrupt asks for something and does not wait for the answer.
func stepInterrupt(s *session) string {
	if len(s.open) == 0 {
		return ""
	}
	method, params := s.question()
	after := time.Duration(s.r.IntN(2000)) * time.Microsecond
	s.e.Interrupt(method, params, after)
	return fmt.Sprintf("ask for %s and cancel that after %v", method, after)
}
