package docs

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/settings"
	"github.com/inlinelens/inlinelens/internal/words"
)

// These tests hold what users read against the rules of CONTRIBUTING.md: sentences of at
// most 25 words, and one term for one thing.

func TestLanguageOfPages(t *testing.T) {
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(pages) < 10 {
		t.Fatal(pages, err)
	}
	pages = append(pages, "../../README.md", "../../CONTRIBUTING.md", "../../CHANGELOG.md", "../../vscode-extension/README.md")
	for _, page := range pages {
		report(t, page, markdown(read(t, page)))
	}
	const help = "../../editors/nvim/doc/inlinelens.txt"
	report(t, help, plain(read(t, help)))
}

func TestLanguageOfSettings(t *testing.T) {
	for _, s := range settings.All() {
		texts := []string{s.Doc, s.Open, s.Allowed()}
		for _, w := range s.Words {
			texts = append(texts, w.Doc)
		}
		reportMarkdown(t, "setting "+s.Path, texts)
	}
}

func TestLanguageOfVerdicts(t *testing.T) {
	for _, s := range inline.Statuses() {
		reportMarkdown(t, "status "+s.String(), []string{words.Meaning(s)})
	}
	for _, c := range inline.ReasonCodes() {
		reportMarkdown(t, "reason "+string(c.Code), []string{c.Doc, words.Advice(c.Code)})
	}
}

// TestLanguageOfExtension reads the texts of the extension's manifest: titles,
// descriptions, views and the walkthrough.
func TestLanguageOfExtension(t *testing.T) {
	const name = "../../vscode-extension/package.json"
	var manifest any
	if err := json.Unmarshal([]byte(read(t, name)), &manifest); err != nil {
		t.Fatal(err)
	}
	shown := []string{"title", "description", "markdownDescription", "markdownEnumDescriptions", "enumDescriptions", "contents", "altText", "name"}
	var texts []string
	var collect func(key string, v any)
	collect = func(key string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, value := range v {
				collect(key, value)
			}
		case []any:
			for _, value := range v {
				collect(key, value)
			}
		case string:
			if slices.Contains(shown, key) {
				texts = append(texts, v)
			}
		}
	}
	collect("", manifest)
	if len(texts) < 80 {
		t.Fatalf("the manifest has %d texts only", len(texts))
	}
	reportMarkdown(t, name, texts)
}

// TestLanguageOfHovers reads what hovers and explanations say, as the tests of package
// handlers record it.
func TestLanguageOfHovers(t *testing.T) {
	archives, err := filepath.Glob("../../handlers/testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	hovers := 0
	for _, name := range archives {
		for _, f := range txtar.Parse([]byte(read(t, name))).Files {
			if strings.HasPrefix(f.Name, "want/") && (strings.Contains(f.Name, "/hover ") || strings.Contains(f.Name, "/explain ")) {
				hovers++
				report(t, name+": "+f.Name, markdown(string(f.Data)))
			}
		}
	}
	if hovers < 100 {
		t.Errorf("there are %d hovers only", hovers)
	}
}

// TestFaults holds that the rules find what they are for.
func TestFaults(t *testing.T) {
	long := strings.Repeat("word ", maxWords) + "end."
	for text, want := range map[string]int{
		long:                                1,
		"A short one. " + long:              1,
		strings.Repeat("word ", 24) + "end": 0,
		strings.Repeat("`some code` ", 25):  0,
		"| a | b |\n|---|---|\n| " + long + " | short |\n":                                               1,
		"- " + strings.Repeat("word ", 20) + "\n- " + long:                                               1,
		"```\n" + long + "\n```\n":                                                                       0,
		"The cost is taken apart, and the overrun is 4.":                                                 2,
		"The setting `hints.overrun` is a name.":                                                         0,
		"[" + strings.Repeat("word ", 20) + "](https://a.example/" + "x) " + strings.Repeat("word ", 10): 1,
	} {
		if got := faults(markdown(text)); len(got) != want {
			t.Errorf("%q has %q, want %d", text, got, want)
		}
	}
	if got := faults(plain("Short.\n\n  -flag   " + long + "\n          and more\n")); len(got) != 1 {
		t.Errorf("plain: %q", got)
	}
}

func report(t *testing.T, where string, pieces []string) {
	t.Helper()
	for _, fault := range faults(pieces) {
		t.Errorf("%s: %s", strings.TrimPrefix(where, "../../"), fault)
	}
}

func reportMarkdown(t *testing.T, where string, texts []string) {
	t.Helper()
	for _, text := range texts {
		report(t, where, markdown(text))
	}
}
