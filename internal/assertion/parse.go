package assertion

import (
	"errors"
	"fmt"
	"go/build/constraint"
	"strconv"
	"strings"
	"unicode"
)

// MaxCost is the largest cost that can be asserted: no budget of the compiler is near it.
const MaxCost = 1_000_000

// The forms that messages name as allowed.
const (
	allowedKinds = "inlined, inlinable, cost<=N or exempt"
	exampleCost  = "cost<=60"
)

// parse reads one assertion. Its subject stands behind the kind in a file, and nowhere in
// a directive. A leading dot in a name stands for module.
func parse(text string, inFile bool, module string) (*Assertion, error) {
	if strings.ContainsFunc(text, func(r rune) bool { return r == unicode.ReplacementChar || r != '\t' && unicode.IsControl(r) }) {
		return nil, errors.New("there are characters that are not text")
	}
	text, _, _ = cutWord(text, "//")
	text, reason, because := cutWord(text, "because")
	text, condition, conditional := cutWord(text, "if")
	text, alternative, or := cutWord(text, "or")
	a := &Assertion{}
	words := strings.Fields(text)
	if len(words) == 0 {
		return nil, errors.New("nothing is asserted: want " + allowedKinds)
	}
	if err := a.setKind(words[0]); err != nil {
		return nil, err
	}
	a.Text = strings.Join(words, " ")
	if err := a.setAlternative(or, strings.Join(strings.Fields(alternative), " ")); err != nil {
		return nil, err
	}
	if err := a.setCondition(conditional, strings.TrimSpace(condition)); err != nil {
		return nil, err
	}
	if err := a.setReason(because, strings.TrimSpace(reason)); err != nil {
		return nil, err
	}
	switch {
	case inFile:
		if err := a.setSubject(words[1:], module); err != nil {
			return nil, err
		}
	case len(words) > 1:
		return nil, fmt.Errorf("unexpected %q: a directive is about the statement or function that it stands at, and may go on with %s", words[1], a.goesOnWith())
	}
	return a, nil
}

// cutWord cuts text around a word with blanks, or an end of the text, on both sides.
func cutWord(text, word string) (before, behind string, found bool) {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return text, "", false
		}
		i += from
		end := i + len(word)
		// What a comment says may follow its slashes at once.
		ends := word == "//" || end == len(text) || isBlank(text[end])
		if ends && (i == 0 || isBlank(text[i-1])) {
			return text[:i], text[end:], true
		}
		from = end
	}
}

func isBlank(b byte) bool { return b == ' ' || b == '\t' }

// setKind reads the first word.
func (a *Assertion) setKind(word string) error {
	switch word {
	case "inlined":
		a.Kind = Inlined
	case "inlinable":
		a.Kind = Inlinable
	case "exempt":
		a.Kind = Exempt
	default:
		limit, isCost := strings.CutPrefix(word, "cost<=")
		if !isCost && strings.HasPrefix(word, "cost") {
			return fmt.Errorf("%q: want a cost as in %s, without blanks", word, exampleCost)
		}
		if !isCost {
			return fmt.Errorf("unknown assertion %q: want %s", word, allowedKinds)
		}
		n, err := strconv.Atoi(limit)
		if err != nil || n < 1 || n > MaxCost {
			return fmt.Errorf("%q: want a cost from 1 to %d, as in %s", word, MaxCost, exampleCost)
		}
		a.Kind, a.Max = Cost, n
	}
	return nil
}

func (a *Assertion) setAlternative(or bool, text string) error {
	switch {
	case !or:
	case a.Kind != Inlined:
		return fmt.Errorf("\"or\" does not belong to %s: only inlined may go on with \"or eliminated\"", a.Kind)
	case text != "eliminated":
		return fmt.Errorf("unexpected \"or %s\": want \"or eliminated\"", text)
	default:
		a.OrEliminated = true
		a.Text += " or eliminated"
	}
	return nil
}

func (a *Assertion) setCondition(conditional bool, text string) error {
	if !conditional {
		return nil
	}
	if text == "" {
		return errors.New("there is no condition behind \"if\": want one in the syntax of //go:build, as in \"if arm64 && go1.27\"")
	}
	expr, err := constraint.Parse("//go:build " + text)
	if err != nil {
		return fmt.Errorf("condition %q: %w; want the syntax of //go:build, as in \"if arm64 && go1.27\"", text, err)
	}
	a.When = expr
	a.Text += " if " + expr.String()
	return nil
}

func (a *Assertion) setReason(because bool, text string) error {
	switch {
	case a.Kind == Exempt && text == "":
		return errors.New("an exemption says why, as in \"exempt because it runs once\"")
	case a.Kind != Exempt && because:
		return fmt.Errorf("\"because\" does not belong to %s: only exempt goes on with a reason; write a comment with //", a.Kind)
	case because:
		a.Because = strings.Join(strings.Fields(text), " ")
	}
	return nil
}

// setSubject reads what a line of a file is about.
func (a *Assertion) setSubject(words []string, module string) (err error) {
	var names []string
	arrow := -1
	for _, word := range words {
		if word == "->" {
			if arrow >= 0 {
				return errors.New("there are two \"->\": want CALLER -> CALLEE")
			}
			arrow = len(names)
			continue
		}
		names = append(names, word)
	}
	switch {
	case arrow >= 0 && a.Kind != Inlined && a.Kind != Exempt:
		return fmt.Errorf("%s is about functions, not about calls: want %s FUNCTION", a.Kind, words0(a))
	case arrow >= 0 && (arrow != 1 || len(names) != 2):
		return fmt.Errorf("want %s CALLER -> CALLEE", words0(a))
	case arrow < 0 && len(names) == 0:
		return fmt.Errorf("there is no function: want %s, as in \"%s example.com/m/pkg.F\"", a.wanted(), words0(a))
	case arrow < 0 && len(names) > 1:
		return fmt.Errorf("unexpected %q: want %s, which may go on with %s", names[1], a.wanted(), a.goesOnWith())
	case arrow >= 0:
		if a.Caller, err = ParsePattern(names[0], module); err != nil {
			return err
		}
	}
	a.Callee, err = ParsePattern(names[len(names)-1], module)
	return err
}

// words0 is the first word of the assertion.
func words0(a *Assertion) string {
	word, _, _ := strings.Cut(a.Text, " ")
	return word
}

func (a *Assertion) wanted() string {
	if a.Kind == Inlined || a.Kind == Exempt {
		return fmt.Sprintf("%s FUNCTION or %[1]s CALLER -> CALLEE", words0(a))
	}
	return words0(a) + " FUNCTION"
}

// goesOnWith names what may follow the kind and the subject.
func (a *Assertion) goesOnWith() string {
	switch a.Kind {
	case Inlined:
		return "\"or eliminated\", \"if\" and a condition, or a comment with //"
	case Exempt:
		return "\"if\" and a condition, and \"because\" and a reason"
	}
	return "\"if\" and a condition, or a comment with //"
}
