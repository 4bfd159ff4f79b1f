package evidence

import (
	"golang.org/x/arch/arm64/arm64asm"
	"golang.org/x/arch/x86/x86asm"
)

// An operation is what matters of one decoded instruction.
type operation struct {
	size   uint64
	call   bool
	target uint64 // of a direct call; 0 for an indirect one
}

// disassemble fills f.Calls and f.Lines. A byte sequence that the disassembler
// does not know (AVX instructions, mostly) is passed over up to the next
// address in the line table, where an instruction is known to begin. A direct
// call whose target is no function's entry is taken for such a mistake.
func (b *Binary) disassemble(f *Function, lines *lineTable) {
	f.Lines = map[Line]bool{}
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
	return op, true
}

// decodeARM64 never fails for want of knowledge: every instruction has four
// bytes, so one that is not known is no call and is passed over.
func decodeARM64(code []byte, pc uint64) (operation, bool) {
	if len(code) < 4 {
		return operation{}, false
	}
	op := operation{size: 4}
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
