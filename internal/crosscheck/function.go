package crosscheck

import (
	"debug/dwarf"
	"fmt"
	"sort"
	"strings"
)

// A Function is one function of a binary: its machine code exists.
type Function struct {
	Name    string // link name: net/http.(*Client).Do, p.Max[go.shape.int]
	Entry   uint64 // address of the first instruction
	End     uint64 // address behind the last
	Inlined []*Body
	Calls   []Instruction   // the CALL instructions, by address
	Refers  map[uint64]bool // addresses that the code calls or takes, and what the data has there: functions are among them
	Lines   map[Line]bool   // every line of source that an instruction belongs to, outside of inlined bodies

	// Undecoded counts the places at which the disassembler knew no instruction
	// and went on at the next one that the line table names.
	Undecoded int
}

// A Line is a line of a source file, as the linker names it.
type Line struct {
	File string
	Line int // 1-based
}

// A Body is the body of a callee that stands at the place of its call. A body
// of which the optimizer left no instruction may be missing.
type Body struct {
	Callee string // link name
	At     Line   // of the call, in the function, or in the body, around this one
	Inside []*Body

	ranges [][2]uint64
}

// An Instruction is a CALL instruction.
type Instruction struct {
	PC     uint64
	Target string  // link name; "" for a call through a register or memory
	At     Line    // in the source of the innermost body, or of the function
	Within []*Body // the inlined bodies that it is in, outermost first
}

// Functions returns the functions of one package, by address. Instances of
// generic functions belong to the package that asked for them. It returns no
// error for a package that the binary does not have, but nothing else either.
func (b *Binary) Functions(pkg string) ([]*Function, error) {
	var funcs []*Function
	for _, unit := range b.units[pkg] {
		fs, err := b.unitFunctions(unit)
		if err != nil {
			return nil, fmt.Errorf("functions of %s: %w", pkg, err)
		}
		funcs = append(funcs, fs...)
	}
	sort.Slice(funcs, func(i, j int) bool { return funcs[i].Entry < funcs[j].Entry })
	return funcs, nil
}

func (b *Binary) unitFunctions(unit *dwarf.Entry) ([]*Function, error) {
	lines, err := b.readLines(unit)
	if err != nil {
		return nil, err
	}
	r := b.dwarf.Reader()
	r.Seek(unit.Offset)
	if _, err := r.Next(); err != nil {
		return nil, err
	}
	var funcs []*Function
	for {
		e, err := r.Next()
		if err != nil {
			return nil, err
		}
		if e == nil || e.Tag == 0 || e.Tag == dwarf.TagCompileUnit {
			break
		}
		low, ok := e.Val(dwarf.AttrLowpc).(uint64)
		if e.Tag != dwarf.TagSubprogram || !ok {
			r.SkipChildren()
			continue
		}
		f := &Function{Name: b.nameOf(e), Entry: low, End: high(e, low)}
		if e.Children {
			if f.Inlined, err = b.readBodies(r, lines); err != nil {
				return nil, fmt.Errorf("%s: %w", f.Name, err)
			}
		}
		if f.Name != "" && f.End > f.Entry {
			b.disassemble(f, lines)
			funcs = append(funcs, f)
		}
	}
	return funcs, nil
}

// readBodies reads the children of the entry that r has just returned, down to
// the end of their list. Bodies inside of lexical blocks count as the function's.
func (b *Binary) readBodies(r *dwarf.Reader, lines *lineTable) ([]*Body, error) {
	var bodies []*Body
	for {
		e, err := r.Next()
		if err != nil {
			return nil, err
		}
		if e == nil || e.Tag == 0 {
			return bodies, nil
		}
		var inside []*Body
		if e.Children {
			if inside, err = b.readBodies(r, lines); err != nil {
				return nil, err
			}
		}
		switch e.Tag {
		case dwarf.TagInlinedSubroutine:
			line, _ := e.Val(dwarf.AttrCallLine).(int64)
			body := &Body{Callee: b.nameOf(e), At: Line{lines.fileOf(e.Val(dwarf.AttrCallFile)), int(line)}, Inside: inside}
			if body.ranges, err = b.dwarf.Ranges(e); err != nil {
				return nil, err
			}
			bodies = append(bodies, body)
		default:
			bodies = append(bodies, inside...)
		}
	}
}

// nameOf returns the link name of a subprogram or an inlined subroutine.
func (b *Binary) nameOf(e *dwarf.Entry) string {
	if name, ok := e.Val(dwarf.AttrName).(string); ok {
		return plainName(name)
	}
	if origin, ok := e.Val(dwarf.AttrAbstractOrigin).(dwarf.Offset); ok {
		return b.abstract[origin]
	}
	return ""
}

// plainName drops the linker's mark of the calling convention.
func plainName(name string) string {
	name = strings.TrimSuffix(name, ".abiinternal")
	return strings.TrimSuffix(name, ".abi0")
}

// high returns the address behind the last instruction of e.
func high(e *dwarf.Entry, low uint64) uint64 {
	switch v := e.Val(dwarf.AttrHighpc).(type) {
	case uint64:
		return v
	case int64: // a length, since DWARF 4
		return low + uint64(v)
	}
	return low
}

// within returns the chain of bodies around pc, outermost first.
func within(bodies []*Body, pc uint64) []*Body {
	for _, body := range bodies {
		for _, r := range body.ranges {
			if r[0] <= pc && pc < r[1] {
				return append([]*Body{body}, within(body.Inside, pc)...)
			}
		}
	}
	return nil
}
