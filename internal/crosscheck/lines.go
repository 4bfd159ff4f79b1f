package crosscheck

import (
	"debug/dwarf"
	"errors"
	"fmt"
	"io"
	"sort"
)

// A lineTable maps the addresses of one compile unit to lines of source.
type lineTable struct {
	rows  []row // by address
	files []*dwarf.LineFile
}

type row struct {
	addr uint64
	at   Line
	end  bool // behind the end of a sequence: addr belongs to no line
}

func (b *Binary) readLines(unit *dwarf.Entry) (*lineTable, error) {
	lr, err := b.dwarf.LineReader(unit)
	if err != nil {
		return nil, fmt.Errorf("line table: %w", err)
	}
	t := &lineTable{}
	if lr == nil {
		return t, nil
	}
	var e dwarf.LineEntry
	for {
		err := lr.Next(&e)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("line table: %w", err)
		}
		r := row{addr: e.Address, end: e.EndSequence}
		if e.File != nil {
			r.at = Line{e.File.Name, e.Line}
		}
		t.rows = append(t.rows, r)
	}
	t.files = lr.Files()
	sort.SliceStable(t.rows, func(i, j int) bool { return t.rows[i].addr < t.rows[j].addr })
	return t, nil
}

// fileOf returns the name of the file with the number v of a call_file attribute.
func (t *lineTable) fileOf(v any) string {
	if n, ok := v.(int64); ok && n >= 0 && int(n) < len(t.files) && t.files[n] != nil {
		return t.files[n].Name
	}
	return ""
}

// index returns the index of the last row at or before pc, -1 if there is none.
// Of several rows at one address the last counts, as in the line table itself.
func (t *lineTable) index(pc uint64) int {
	return sort.Search(len(t.rows), func(i int) bool { return t.rows[i].addr > pc }) - 1
}

// lineOf returns the line that the instruction at pc belongs to.
func (t *lineTable) lineOf(pc uint64) Line {
	if i := t.index(pc); i >= 0 && !t.rows[i].end {
		return t.rows[i].at
	}
	return Line{}
}

// after returns the first address behind pc that the table names.
func (t *lineTable) after(pc uint64) (uint64, bool) {
	if i := t.index(pc) + 1; i < len(t.rows) {
		return t.rows[i].addr, true
	}
	return 0, false
}
