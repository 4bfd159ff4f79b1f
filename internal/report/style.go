package report

import (
	"strconv"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
	"github.com/fatih/color"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// A palette holds the SGR sequences of a report, made once: the hot loops only
// append strings. Without colour all of them are empty. Only the sixteen colours
// are used that a terminal's own theme defines.
type palette struct {
	off    string
	file   string // names of files and packages
	name   string // names of functions where they are declared
	quiet  string // what is there for completeness: positions, numbers
	good   string
	bad    string
	error  string
	status [int(inline.StatusUnknown) + 1]string
}

// sgr returns the sequence that turns attributes on.
func sgr(attrs ...color.Attribute) string {
	seq := "\x1b["
	for i, a := range attrs {
		if i > 0 {
			seq += ";"
		}
		seq += strconv.Itoa(int(a))
	}
	return seq + "m"
}

func newPalette(colored bool) *palette {
	if !colored {
		return &palette{}
	}
	p := &palette{
		off:   "\x1b[m",
		file:  sgr(color.Bold, color.Underline),
		name:  sgr(color.Bold),
		quiet: sgr(color.FgHiBlack),
		good:  sgr(color.FgGreen),
		bad:   sgr(color.FgYellow),
		error: sgr(color.Bold, color.FgRed),
	}
	p.status = [...]string{
		inline.StatusInlined:    sgr(color.FgGreen),
		inline.StatusNotInlined: sgr(color.FgYellow),
		inline.StatusDynamic:    sgr(color.FgMagenta),
		inline.StatusIntrinsic:  sgr(color.FgCyan),
		inline.StatusEliminated: sgr(color.FgHiBlack),
		inline.StatusMixed:      sgr(color.FgBlue),
		inline.StatusUnknown:    sgr(color.FgRed),
	}
	return p
}

// statusNames and their width, so that the hot loops need not ask.
var (
	statusNames = func() (names [int(inline.StatusUnknown) + 1]string) {
		for _, s := range inline.Statuses() {
			names[s] = s.String()
		}
		return names
	}()
	statusWidth = func() (w int) {
		for _, n := range statusNames {
			w = max(w, len(n))
		}
		return w
	}()
)

// statusIndex makes s safe as an index: a value outside the known ones, which
// only a mistake elsewhere can produce, is reported as unknown.
func statusIndex(s inline.Status) inline.Status {
	if s == 0 || int(s) >= len(statusNames) {
		return inline.StatusUnknown
	}
	return s
}

// statusName is the status as reports write it.
func statusName(s inline.Status) string { return statusNames[statusIndex(s)] }

const spaces = "                                                                                "

// appendSpaces appends n spaces; none for n <= 0.
func appendSpaces(b []byte, n int) []byte {
	for ; n > len(spaces); n -= len(spaces) {
		b = append(b, spaces...)
	}
	if n > 0 {
		b = append(b, spaces[:n]...)
	}
	return b
}

// width returns the number of terminal cells of s, which has no control characters.
func width(s []byte) int {
	for i, c := range s {
		if c >= utf8.RuneSelf {
			return wideWidth(s, i)
		}
	}
	return len(s)
}

// wideWidth is width for text whose first i bytes are ASCII. Latin letters and
// the lines that draw trees are counted here; the rest is measured in clusters.
func wideWidth(s []byte, i int) int {
	n := i
	for i < len(s) {
		r, size := utf8.DecodeRune(s[i:])
		if r >= 0x300 && (r < '─' || r > '╿') || r == utf8.RuneError || r == 0xad {
			return displaywidth.Bytes(s)
		}
		i += size
		n++
	}
	return n
}

func digits(n int) int {
	d := 1
	for n >= 10 {
		n /= 10
		d++
	}
	return d
}

// appendCost appends "cost/budget".
func appendCost(b []byte, cost, budget int) []byte {
	b = strconv.AppendInt(b, int64(cost), 10)
	b = append(b, '/')
	return strconv.AppendInt(b, int64(budget), 10)
}

// appendGrouped appends n with commas between thousands.
func appendGrouped(b []byte, n int) []byte {
	if n < 1000 {
		return strconv.AppendInt(b, int64(n), 10)
	}
	b = appendGrouped(b, n/1000)
	b = append(b, ',')
	n %= 1000
	return append(b, byte('0'+n/100), byte('0'+n/10%10), byte('0'+n%10))
}
