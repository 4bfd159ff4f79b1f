package words

import "github.com/inlinelens/inlinelens/internal/inline"

// AppendName appends the short name of what is called, or in parentheses what
// stands for one where the callee has no name.
func AppendName(b []byte, callee string, r *inline.Reason, pkg string) []byte {
	if callee != "" {
		return AppendShort(b, callee, pkg)
	}
	if r != nil && r.Code == inline.CodeFuncValue {
		return append(b, "(function value)"...)
	}
	return append(b, "(no name)"...)
}

// AppendFacts appends what is known of a call besides its status and reason, with
// sep before the first fact and commas between them.
func AppendFacts(b []byte, sep string, c *inline.Call, pkg string) []byte {
	if c.Devirtualized != "" {
		b = append(b, sep...)
		b = append(b, "devirtualized to "...)
		b = AppendShort(b, c.Devirtualized, pkg)
		sep = ", "
	}
	if c.Wrapped && c.Reason == nil {
		b = append(b, sep...)
		b = append(b, "inlined into the wrapper of the "...)
		b = append(b, c.Via...)
		b = append(b, " statement"...)
		sep = ", "
	}
	if c.Hot {
		b = append(b, sep...)
		b = append(b, "hot in the profile"...)
	}
	return b
}
