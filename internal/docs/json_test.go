package docs

import (
	"os"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
)

// TestJSONPage holds that docs/json.md names every field that the printers'
// golden files have.
func TestJSONPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/json.md")
	if err != nil {
		t.Fatal(err)
	}
	var golden []byte
	for _, name := range []string{"shop.json", "judgment.json"} {
		text, err := os.ReadFile("../report/testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		golden = append(golden, text...)
	}
	fields := map[string]bool{}
	var collect func(v any)
	collect = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, value := range v {
				fields[name] = true
				collect(value)
			}
		case []any:
			for _, value := range v {
				collect(value)
			}
		}
	}
	for line := range strings.Lines(string(golden)) {
		var object map[string]any
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		collect(object)
	}
	if len(fields) < 20 {
		t.Errorf("the golden files have %d fields only: %v", len(fields), fields)
	}
	for name := range fields {
		if !strings.Contains(string(page), "`"+name+"`") {
			t.Errorf("docs/json.md says nothing of the field %q", name)
		}
	}
}
