package similar

import (
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	for want, test := range map[string]struct{ names, like string }{
		"-formt":   {"-format -from -tree", "-format"},
		"reprot":   {"report explain serve", "report"},
		"nope":     {"report explain serve demo", ""},
		"Parse":    {"parse Parser Pause Print", "parse"},
		"same.go":  {"some.go name.go other.go", "name.go some.go"},
		"x":        {"z yyy y", "y z"},
		"here":     {"hero herd her hers heres", "her herd heres"},
		"-staus":   {"-tags -status", "-status"},
		"":         {"a", "a"},
		"longname": {"longnames longnamed longnameds lognames langname", "langname longnamed longnames"},
	} {
		s := New(want)
		for _, n := range strings.Fields(test.names) {
			s.Add(n)
			s.Add(n) // once more changes nothing
		}
		if got := strings.Join(s.Names(), " "); got != test.like {
			t.Errorf("like %q are %q, want %q", want, got, test.like)
		}
	}
}

func TestFunctions(t *testing.T) {
	names := []string{"net/http.(*Client).Do", "net/http.NewRequest", "net/http.(*Transport).RoundTrip", "example.com/v2.Map[go.shape.int]"}
	for want, like := range map[string]string{
		"Client.Doo":               "net/http.(*Client).Do",
		"(*Client).do":             "net/http.(*Client).Do",
		"http.Client.Doo":          "net/http.(*Client).Do",
		"net/http.(*Clinet).Do":    "net/http.(*Client).Do",
		"Server.RoundTrip":         "net/http.(*Transport).RoundTrip",
		"NewReqest":                "net/http.NewRequest",
		"Mop[int]":                 "example.com/v2.Map[go.shape.int]",
		"Unlike":                   "",
		"net/https.NewRequest":     "net/http.NewRequest",
		"example.com/v2.Map":       "example.com/v2.Map[go.shape.int]",
		"NewRequestWithoutContext": "",
	} {
		s := New(want)
		for _, n := range names {
			s.AddFunction(n)
		}
		if got := strings.Join(s.Names(), " "); got != like {
			t.Errorf("like %q are %q, want %q", want, got, like)
		}
	}
}

func TestDidYouMean(t *testing.T) {
	for want, names := range map[string][]string{
		"": nil, "; did you mean a?": {"a"}, "; did you mean a or b?": {"a", "b"}, "; did you mean a, b or c?": {"a", "b", "c"},
	} {
		if got := DidYouMean(names); got != want {
			t.Errorf("%q: got %q, want %q", names, got, want)
		}
	}
}
