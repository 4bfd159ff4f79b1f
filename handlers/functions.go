package handlers

import (
	"slices"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/nearmiss"
	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/words"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// MethodFunctions is the request that [Functions] answers.
const MethodFunctions = "inlinelens/functions"

// FunctionsParams are those of MethodFunctions.
type FunctionsParams struct {
	// TextDocument names a file of the package that is asked for; nil for all
	// packages with open files.
	TextDocument *protocol.TextDocumentIdentifier `json:"textDocument"`
}

// A FunctionList is what is known of the functions of packages.
type FunctionList struct {
	Packages []PackageItem `json:"packages"`
}

// A PackageItem has the functions of the package in a directory, those of its
// tests included where they are compiled. Words and numbers are those of inlinelens
// report -format json.
type PackageItem struct {
	Path      string            `json:"path"` // import path; "" while it is not known
	Dir       string            `json:"dir"`
	State     string            `json:"state"` // as in inlinelens/status
	Functions []PackageFunction `json:"functions"`
	// NearMisses are those of Functions that are a little over their budget, in the
	// order of reports: most calls for the least overrun first.
	NearMisses []NearMiss            `json:"nearMisses"`
	Calls      map[inline.Status]int `json:"calls"` // by status, without those that the package has none of
}

// A PackageFunction is the verdict on a function of a package.
type PackageFunction struct {
	Name string  `json:"name"` // as the source of the package writes it
	URI  uri.URI `json:"uri"`
	// Range is that of the name, or of a literal's keyword. In a file that is not
	// open it is empty, at the start of the line.
	Range     protocol.Range `json:"range"`
	Known     bool           `json:"known"`
	Inlinable bool           `json:"inlinable"`
	*CostAndBudget
	Reason *ReasonItem `json:"reason,omitzero"`
	Calls  CallCount   `json:"calls"`
}

// A CallCount counts the calls of a function in its package that were not
// eliminated.
type CallCount struct {
	Total   int `json:"total"`
	Inlined int `json:"inlined"`
}

// A NearMiss is a function that is a little over its budget.
type NearMiss struct {
	Function int `json:"function"` // index in the list of functions
	Over     int `json:"over"`
	Calls    int `json:"calls"` // of it in its package, that would be inlined
}

// Functions answers inlinelens/functions for those packages of a snapshot that are
// wanted. open returns the document of a file; nil if it is not open.
// Functions that were edited since they were compiled are left out.
func Functions(s *workspace.Snapshot, wanted, edited func(dir string) bool, open func(path string) *Document, texts func(string) *position.Mapper, enc position.Encoding) FunctionList {
	list := FunctionList{Packages: []PackageItem{}}
	for _, c := range s.Packages {
		if !wanted(c.Dir) {
			continue
		}
		p := PackageItem{
			Path: c.Path, Dir: c.Dir, State: stateOf(c, edited),
			Functions: []PackageFunction{}, NearMisses: []NearMiss{}, Calls: map[inline.Status]int{},
		}
		missed := map[string]int{} // calls, by the near miss that is why they were not inlined
		for _, call := range c.Calls() {
			p.Calls[call.Status]++
			if callee, ok := nearmiss.Callee(call); ok {
				missed[callee]++
			}
		}
		places := functionPlaces{open: open, texts: texts, enc: enc, files: map[string]*openFile{}}
		functions := c.Functions()
		for i := range functions {
			f := &functions[i]
			r, ok := places.find(f.Function)
			if !ok {
				continue
			}
			if over, ok := nearmiss.Over(f.Function); ok {
				p.NearMisses = append(p.NearMisses, NearMiss{Function: len(p.Functions), Over: over, Calls: missed[f.Function.Name]})
			}
			p.Functions = append(p.Functions, packageFunction(f, r, texts, enc))
		}
		rank := func(m NearMiss) nearmiss.Rank {
			return nearmiss.Rank{Name: p.Functions[m.Function].Name, Over: m.Over, Calls: m.Calls}
		}
		slices.SortStableFunc(p.NearMisses, func(x, y NearMiss) int { return nearmiss.Compare(rank(x), rank(y)) })
		list.Packages = append(list.Packages, p)
	}
	return list
}

func packageFunction(f *workspace.PackageFunction, r protocol.Range, texts func(string) *position.Mapper, enc position.Encoding) PackageFunction {
	t := tallyOf(f.CalledFrom)
	item := PackageFunction{
		Name: string(words.AppendShort(nil, f.Function.Name, linkname.Prefix(f.Unit.Path, f.Unit.Name))),
		URI:  uri.File(f.Function.Pos.File), Range: r,
		Known: f.Known, Inlinable: f.Inlinable, CostAndBudget: costAndBudget(f.Cost, f.Budget),
		Calls: CallCount{t.total, t.inlined},
	}
	if f.Reason != nil {
		item.Reason = newReasonItem(f.Reason)
		if loc, ok := locate(texts, f.Reason.At, enc); ok {
			item.Reason.Location = &loc
		}
	}
	return item
}

// functionPlaces finds functions in the texts that the editor shows.
type functionPlaces struct {
	open  func(path string) *Document
	texts func(string) *position.Mapper
	enc   position.Encoding
	files map[string]*openFile // by path
}

// An openFile has the functions of a document; document is nil if it is not open,
// or has no verdicts.
type openFile struct {
	document  *Document
	functions map[functionKey]*workspace.FileFunction
}

// A functionKey tells functions apart that //line directives put to one place.
type functionKey struct {
	pos  inline.Position
	name string
}

func (p *functionPlaces) file(path string) *openFile {
	if f := p.files[path]; f != nil {
		return f
	}
	f := &openFile{functions: map[functionKey]*workspace.FileFunction{}}
	p.files[path] = f
	if d := p.open(path); d != nil && d.File != nil {
		f.document = d
		for i := range d.File.Funcs {
			fn := &d.File.Funcs[i]
			f.functions[functionKey{fn.Function.Pos, fn.Function.Name}] = fn
		}
	}
	return f
}

// find returns the range of a function's name; ok is false if the function was
// edited since it was compiled.
func (p *functionPlaces) find(f *inline.Function) (r protocol.Range, ok bool) {
	file := p.file(f.Pos.File)
	if file.document == nil {
		loc, ok := locate(p.texts, f.Pos, p.enc)
		return loc.Range, ok
	}
	fn := file.functions[functionKey{f.Pos, f.Name}]
	if fn == nil {
		return protocol.Range{}, false
	}
	start, ok := file.document.Shift.Offset(fn.Name.Start)
	return file.document.span(position.Span{Start: start, End: start + fn.Name.End - fn.Name.Start}), ok
}
