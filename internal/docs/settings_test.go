package docs

import (
	"regexp"
	"slices"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/inlinelens/inlinelens/internal/settings"
)

var relativeLink = regexp.MustCompile(`\]\([^):]*\)`)

func TestSettingsPages(t *testing.T) {
	schema, err := settingsSchema()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"../../docs/settings.md":          settingsPage(),
		"../../docs/settings.schema.json": schema,
	} {
		upToDate(t, name, want)
	}
}

// TestSchemaDefaults merges the defaults of the schema, as an editor sends them
// that knows only the schema.
func TestSchemaDefaults(t *testing.T) {
	text, err := settingsSchema()
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Properties map[string]struct {
			Default jsontext.Value `json:"default"`
			Type    any            `json:"type"`
			Enum    []any          `json:"enum"`
			Labels  []string       `json:"enumItemLabels"`
			Doc     string         `json:"markdownDescription"`
		} `json:"properties"`
	}
	if err := json.Unmarshal([]byte(text), &schema); err != nil {
		t.Fatal(err)
	}
	members := map[string]jsontext.Value{}
	for name, p := range schema.Properties {
		if p.Type == nil {
			t.Errorf("%s has no type", name)
		}
		if slices.Contains(p.Enum, nil) && len(p.Labels) != len(p.Enum) {
			t.Errorf("%s: VS Code shows null for %q", name, p.Labels)
		}
		if relativeLink.MatchString(p.Doc) {
			t.Errorf("%s has a link that leads nowhere in an editor: %s", name, p.Doc)
		}
		members[name] = p.Default
	}
	if len(members) != len(settings.All()) {
		t.Errorf("the schema has %d settings of %d", len(members), len(settings.All()))
	}
	raw, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	var none settings.Settings
	got, problems := none.Merge(raw)
	if len(problems) > 0 {
		t.Error(problems)
	}
	if diff := cmp.Diff(settings.Default(), got); diff != "" {
		t.Error(diff)
	}
}
