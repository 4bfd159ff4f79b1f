package crosscheck

import (
	"encoding/binary"

	"golang.org/x/arch/arm64/arm64asm"
	"golang.org/x/arch/x86/x86asm"
)

// An operation is what matters of one decoded instruction.
type operation struct {
	size   uint64
	call   bool
	target uint64 // of a direct call, or the address that is taken; 0 for none
}

// disassemble fills f.Calls, f.Refers and f.Lines. A byte sequence that the disassembler
// does not know (AVX instructions, mostly) is passed over up to the next
// address in the line table, where an instruction is known to begin. A direct
// call whose target is no function's entry is taken for such a mistake.
func (b *Binary) disassemble(f *Function, lines *lineTable) {
	f.Lines, f.Refers = map[Line]bool{}, map[uint64]bool{}
	base := b.text.Addr
	if f.Entry < base || f.End > base+uint64(len(b.code)) {
		return
	}
	for pc := f.Entry; pc < f.End; {
		op, ok := b.decode(b.code[pc-base:f.End-base], pc)
		at := lines.lineOf(pc)
		bodies := within(f.Inlined, pc)
		if len(bodies) == 0 && at.Line > 0 {
			f.Lines[at] = true
		}
		if !ok {
			f.Undecoded++
			next, known := lines.after(pc)
			if !known || next <= pc {
				return
			}
			pc = next
			continue
		}
		if op.target != 0 {
			f.Refers[op.target], f.Refers[b.word(op.target)] = true, true
		}
		if op.call {
			target := ""
			if op.target != 0 {
				target = b.symbolAt(op.target)
			}
			if op.target == 0 || target != "" {
				f.Calls = append(f.Calls, Instruction{PC: pc, Target: target, At: at, Within: bodies})
			}
		}
		pc += op.size
	}
}

func (b *Binary) decode(code []byte, pc uint64) (operation, bool) {
	if b.GOARCH == "arm64" {
		return decodeARM64(code, pc)
	}
	return decodeAMD64(code, pc)
}

func decodeAMD64(code []byte, pc uint64) (operation, bool) {
	inst, err := x86asm.Decode(code, 64)
	if err != nil || inst.Len == 0 {
		return operation{}, false
	}
	op := operation{size: uint64(inst.Len), call: inst.Op == x86asm.CALL}
	if rel, ok := inst.Args[0].(x86asm.Rel); ok && op.call {
		op.target = uint64(int64(pc) + int64(inst.Len) + int64(rel))
	}
	if mem, ok := inst.Args[1].(x86asm.Mem); ok && inst.Op == x86asm.LEA && mem.Base == x86asm.RIP {
		op.target = uint64(int64(pc) + int64(inst.Len) + int64(int32(mem.Disp))) // Decode leaves out the sign
	}
	return op, true
}

// decodeARM64 never fails for want of knowledge: every instruction has four
// bytes, so one that is not known is no call and is passed over.
func decodeARM64(code []byte, pc uint64) (operation, bool) {
	if len(code) < 4 {
		return operation{}, false
	}
	op := operation{size: 4, target: addressARM64(code, pc)}
	inst, err := arm64asm.Decode(code)
	if err != nil {
		return op, true
	}
	op.call = inst.Op == arm64asm.BL || inst.Op == arm64asm.BLR
	if rel, ok := inst.Args[0].(arm64asm.PCRel); ok && op.call {
		op.target = uint64(int64(pc) + int64(rel))
	}
	return op, true
}

// addressARM64 returns the address that a pair of instructions takes, ADRP with the
// page and ADD with the place in it; 0 if they are no such pair.
func addressARM64(code []byte, pc uint64) uint64 {
	if len(code) < 8 {
		return 0
	}
	adrp, add := binary.LittleEndian.Uint32(code), binary.LittleEndian.Uint32(code[4:])
	register := adrp & 0x1f
	if adrp&0x9f000000 != 0x90000000 || add&0xffc00000 != 0x91000000 || add>>5&0x1f != register {
		return 0
	}
	page := int64(int32(adrp>>5&0x7ffff<<2|adrp>>29&3)<<11) >> 11 // 21 bits with a sign
	return pc&^0xfff + uint64(page<<12) + uint64(add>>10&0xfff)
}
