package inline

import "fmt"

// A Status is the verdict on one call.
type Status uint8

// The statuses. There is no zero status, so that a forgotten one is seen.
const (
	_                Status = iota
	StatusInlined           // the callee's body replaced the call
	StatusNotInlined        // a static callee, still a call
	StatusDynamic           // through an interface, a func value or a type parameter
	StatusIntrinsic         // replaced by instructions
	StatusEliminated        // dead code: the compiler dropped it
	StatusMixed             // differs between instances of a generic caller
	StatusUnknown           // not known; the reason says why
)

var statusNames = [...]string{
	StatusInlined:    "inlined",
	StatusNotInlined: "not-inlined",
	StatusDynamic:    "dynamic",
	StatusIntrinsic:  "intrinsic",
	StatusEliminated: "eliminated",
	StatusMixed:      "mixed",
	StatusUnknown:    "unknown",
}

// Statuses lists every status in the order of their declaration.
func Statuses() []Status {
	return []Status{StatusInlined, StatusNotInlined, StatusDynamic, StatusIntrinsic, StatusEliminated, StatusMixed, StatusUnknown}
}

func (s Status) String() string {
	if int(s) < len(statusNames) && statusNames[s] != "" {
		return statusNames[s]
	}
	return fmt.Sprintf("Status(%d)", uint8(s))
}

// ParseStatus returns the status that String would print as name.
func ParseStatus(name string) (Status, error) {
	for _, s := range Statuses() {
		if s.String() == name {
			return s, nil
		}
	}
	return 0, fmt.Errorf("unknown status %q: want one of %v", name, Statuses())
}

// MarshalText makes a status a word in JSON.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *Status) UnmarshalText(text []byte) error {
	v, err := ParseStatus(string(text))
	if err != nil {
		return err
	}
	*s = v
	return nil
}
