package words

import (
	"strings"
	"testing"
)

// TestHidden holds that neither what is printed nor messages pass on what steers a
// terminal or turns the text around.
func TestHidden(t *testing.T) {
	for _, hidden := range []string{"\x1b[31m", "\x00", "\r", "\u009b31m", "\u202e", "\u2066", "\u200f", "\u061c", "\u2028", "\xff"} {
		in := "a" + hidden + "b\u00e9\u05d0"
		var b strings.Builder
		if n, err := PlainWriter(&b).Write([]byte(in + "\tc\n")); err != nil || n != len(in)+3 {
			t.Fatal(n, err)
		}
		plain := string(AppendPlain(nil, in))
		if b.String() != plain+"\tc\n" {
			t.Errorf("%q: the writer makes %q, AppendPlain %q", in, b.String(), plain)
		}
		if strings.Contains(plain, hidden) || !strings.HasPrefix(plain, "a\ufffd") || !strings.HasSuffix(plain, "b\u00e9\u05d0") {
			t.Errorf("%q became %q", in, plain)
		}
	}
}
