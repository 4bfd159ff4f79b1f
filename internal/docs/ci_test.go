package docs

import (
	"fmt"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/compare"
)

// TestRulesOfCI holds that docs/ci.md ends with the list of rules.
func TestRulesOfCI(t *testing.T) {
	const name, mark = "../../docs/ci.md", "<!-- rules: go test ./internal/docs -update -->\n"
	before, _, ok := strings.Cut(read(t, name), mark)
	if !ok {
		t.Fatalf("%s has no line %s", name, mark)
	}
	b := strings.Builder{}
	b.WriteString(before + mark + "\n| rule | meaning |\n|---|---|\n")
	for _, r := range compare.Rules() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", r.Rule, r.Doc)
	}
	upToDate(t, name, b.String())
}
