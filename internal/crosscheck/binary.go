package crosscheck

import (
	"debug/dwarf"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
	"sort"
)

// A Binary is a linked Go program with its DWARF data. It reads ELF files only:
// other object formats are refused by Open. It is not safe for concurrent use.
type Binary struct {
	GOARCH string // "amd64" or "arm64"

	file     *elf.File
	dwarf    *dwarf.Data
	text     *elf.Section
	code     []byte    // of text
	data     []section // with what variables and constants are initialised to
	symbols  []symbol
	units    map[string][]*dwarf.Entry // compile units by name, which is the package's import path
	abstract map[dwarf.Offset]string   // names of the functions that inlined bodies and outlined copies refer to
}

type section struct {
	addr uint64
	data []byte
}

// A symbol is the entry of one function.
type symbol struct {
	addr uint64
	name string
}

// Open reads the tables of the binary at path. It fails when the file is no ELF
// file, has no DWARF data (-ldflags=-w, or a test binary that was built to be
// run at once), or is for a machine other than amd64 and arm64.
func Open(path string) (*Binary, error) {
	f, err := elf.Open(path)
	if err != nil {
		if _, statErr := os.Stat(path); statErr == nil {
			err = fmt.Errorf("not an ELF file: %w", err)
		}
		return nil, fmt.Errorf("read binary %s: %w", path, err)
	}
	b := &Binary{file: f}
	if err := b.load(); err != nil {
		f.Close()
		return nil, fmt.Errorf("read binary %s: %w", path, err)
	}
	return b, nil
}

// Close closes the file.
func (b *Binary) Close() error { return b.file.Close() }

func (b *Binary) load() error {
	switch b.file.Machine {
	case elf.EM_X86_64:
		b.GOARCH = "amd64"
	case elf.EM_AARCH64:
		b.GOARCH = "arm64"
	default:
		return fmt.Errorf("no disassembler for machine %v", b.file.Machine)
	}
	b.text = b.file.Section(".text")
	if b.text == nil {
		return fmt.Errorf("no .text section")
	}
	var err error
	if b.code, err = b.text.Data(); err != nil {
		return err
	}
	for _, s := range b.file.Sections {
		if s.Type == elf.SHT_PROGBITS && s.Flags&elf.SHF_ALLOC != 0 && s != b.text {
			data, err := s.Data()
			if err != nil {
				return err
			}
			b.data = append(b.data, section{s.Addr, data})
		}
	}
	if b.dwarf, err = b.file.DWARF(); err != nil {
		return fmt.Errorf("no DWARF data: %w", err)
	}
	syms, err := b.file.Symbols()
	if err != nil {
		return err
	}
	for _, s := range syms {
		if elf.ST_TYPE(s.Info) == elf.STT_FUNC {
			b.symbols = append(b.symbols, symbol{s.Value, plainName(s.Name)})
		}
	}
	sort.Slice(b.symbols, func(i, j int) bool { return b.symbols[i].addr < b.symbols[j].addr })
	return b.loadUnits()
}

// loadUnits finds the compile units and the names of all abstract functions:
// an inlined body may refer to one in a unit other than its own.
func (b *Binary) loadUnits() error {
	b.units = map[string][]*dwarf.Entry{}
	b.abstract = map[dwarf.Offset]string{}
	r := b.dwarf.Reader()
	for {
		e, err := r.Next()
		if err != nil {
			return fmt.Errorf("read DWARF data: %w", err)
		}
		if e == nil {
			break
		}
		switch e.Tag {
		case dwarf.TagCompileUnit:
			name, _ := e.Val(dwarf.AttrName).(string)
			b.units[name] = append(b.units[name], e)
		case dwarf.TagSubprogram:
			if name, ok := e.Val(dwarf.AttrName).(string); ok {
				b.abstract[e.Offset] = plainName(name)
			}
			r.SkipChildren()
		default:
			r.SkipChildren()
		}
	}
	if len(b.units) == 0 {
		return fmt.Errorf("no compile units in the DWARF data")
	}
	return nil
}

// Units returns the import paths of the packages that the binary has code of.
func (b *Binary) Units() []string {
	names := make([]string, 0, len(b.units))
	for name := range b.units {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// word returns the word that the data has at addr, 0 if there is none.
func (b *Binary) word(addr uint64) uint64 {
	for _, s := range b.data {
		if addr >= s.addr && addr+8 <= s.addr+uint64(len(s.data)) {
			return binary.LittleEndian.Uint64(s.data[addr-s.addr:])
		}
	}
	return 0
}

// symbolAt returns the name of the function that begins at addr, "" if none does.
func (b *Binary) symbolAt(addr uint64) string {
	i := sort.Search(len(b.symbols), func(i int) bool { return b.symbols[i].addr >= addr })
	if i < len(b.symbols) && b.symbols[i].addr == addr {
		return b.symbols[i].name
	}
	return ""
}
