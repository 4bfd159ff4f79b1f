package report

import (
	"slices"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// A selector decides what of each package is shown. It remembers one package:
// the one whose test variant may follow.
//
// A test variant compiles the files of its package once more, beside the
// _test.go files. Its report is therefore limited to the files that the package
// itself did not have: each source file is reported once, with the verdicts of
// the build that ships. An external test shares no file with its package.
type selector struct {
	filter *Filter

	path   string // of the package whose files are known
	files  map[string]bool
	errors []inline.Error
}

// A fileView is the part of one file that is shown. The slices belong to the package.
type fileView struct {
	file      string            // absolute
	functions []inline.Function // all of the file; ask shown
	calls     []inline.Call     // all of the file; ask shown
}

// newErrors returns the errors of p that are to be shown: all but those that its
// package has had already.
func (s *selector) newErrors(p *inline.Package) []inline.Error {
	if p.Variant == "" || s.path != p.Path {
		s.path = p.Path
		s.files = nil
		s.errors = nil
		if p.Variant == "" {
			s.errors = slices.Clone(p.Errors)
		}
		return p.Errors
	}
	var errs []inline.Error
	for _, e := range p.Errors {
		if !slices.Contains(s.errors, e) {
			errs = append(errs, e)
		}
	}
	return errs
}

// views yields the files of p that are to be shown, in order. A file may still
// have nothing in it that passes the filter.
func (s *selector) views(p *inline.Package, yield func(fileView) error) error {
	functions, calls := p.Functions, p.Calls
	known := s.files
	if p.Variant == "" {
		s.files = map[string]bool{}
	}
	for len(functions) > 0 || len(calls) > 0 {
		var file string
		switch {
		case len(functions) == 0:
			file = calls[0].Pos.File
		case len(calls) == 0:
			file = functions[0].Pos.File
		default:
			file = min(functions[0].Pos.File, calls[0].Pos.File)
		}
		v := fileView{file: file}
		n := 0
		for n < len(functions) && functions[n].Pos.File == file {
			n++
		}
		v.functions, functions = functions[:n], functions[n:]
		n = 0
		for n < len(calls) && calls[n].Pos.File == file {
			n++
		}
		v.calls, calls = calls[:n], calls[n:]
		if p.Variant == "" {
			s.files[file] = true
		} else if known[file] {
			continue
		}
		if !s.filter.file(file) {
			continue
		}
		if err := yield(v); err != nil {
			return err
		}
	}
	return nil
}

// A span is the extent of a function in its file.
type span struct {
	start, end inline.Position
}

func spanOf(f *inline.Function) span {
	s := span{f.Pos, f.End}
	if s.end.Line == 0 { // no end known: the place alone
		s.end = s.start
		s.end.Col++
	}
	s.end.File = s.start.File
	return s
}

func (s span) contains(p inline.Position) bool {
	return s.start.Compare(p) <= 0 && p.Compare(s.end) < 0
}

// functionShown reports whether the function passes by its own name. With a
// filter on calls, functions are only shown for their calls.
func (s *selector) functionShown(f *inline.Function) bool {
	return !s.filter.onlyCalls() && s.filter.Func.Match(f.Name)
}
