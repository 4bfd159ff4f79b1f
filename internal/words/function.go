package words

import "github.com/inlinelens/inlinelens/internal/inline"

// NearOverrun is the largest overrun of a near miss.
const NearOverrun = 20

// AppendFunctionWhy appends what stands behind a verdict on a function: the
// reason, and what else bears on it, as in ": cost 150 exceeds budget 80".
func AppendFunctionWhy(b []byte, f *inline.Function) []byte {
	if f.Reason != nil {
		b = append(b, ": "...)
		b = AppendPlain(b, f.Reason.Message)
	}
	if f.Hot {
		b = append(b, ", hot in the profile"...)
	}
	if f.Probe && len(f.Instances) > 0 {
		b = append(b, ", not instantiated here, tried with ["...)
		for i, arg := range f.Instances[0].TypeArgs {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = AppendPlain(b, arg)
		}
		b = append(b, ']')
	}
	if f.Tested {
		b = append(b, ", instantiated only by its tests"...)
	}
	return b
}

// InstancesDiffer reports whether the verdicts on the instances of a generic
// function are not all the same, so that each needs a word of its own.
func InstancesDiffer(f *inline.Function) bool {
	for i := range f.Instances {
		a, b := &f.Instances[0], &f.Instances[i]
		if a.Inlinable != b.Inlinable || a.Cost != b.Cost || a.Budget != b.Budget {
			return true
		}
	}
	return false
}

// AppendTypeArgs appends "[int, *Node]", or the shape when the arguments are not known.
func AppendTypeArgs(b []byte, args []string, shape string) []byte {
	b = append(b, '[')
	if len(args) == 0 {
		b = AppendPlain(b, shape)
	}
	for i, a := range args {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = AppendPlain(b, a)
	}
	return append(b, ']')
}

// Variant says which files of a package a unit adds: "" for the package itself.
func Variant(variant string) string {
	switch variant {
	case "test":
		return "its _test.go files"
	case "xtest":
		return "external test"
	}
	return variant
}
