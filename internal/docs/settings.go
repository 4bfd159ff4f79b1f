package docs

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/inlinelens/inlinelens/internal/settings"
)

// settingsPage returns docs/settings.md.
func settingsPage() string {
	var b strings.Builder
	b.WriteString(settingsIntro)
	b.WriteString("\n| setting | default | |\n|---|---|---|\n")
	for _, s := range settings.All() {
		first, _, _ := strings.Cut(s.Doc, ". ")
		fmt.Fprintf(&b, "| [`%s`](#%s) | %s | %s. |\n", s.Path, anchor(s.Path), brief(s), strings.TrimSuffix(first, "."))
	}
	for _, s := range settings.All() {
		fmt.Fprintf(&b, "\n### %s\n\n%s\n", s.Path, s.Doc)
		if len(s.Words) > 0 && s.Words[0].Doc != "" {
			b.WriteString("\n| value | |\n|---|---|\n")
			for _, w := range s.Words {
				fmt.Fprintf(&b, "| `%s` | %s |\n", w.Word, w.Doc)
			}
		}
		if s.Open != "" {
			fmt.Fprintf(&b, "\nValue: %s. Default: `null`, which means %s.\n", valueOf(s), s.Open)
			continue
		}
		fmt.Fprintf(&b, "\nValue: %s. Default: `%s`.\n", valueOf(s), spaced(s.Default()))
	}
	b.WriteString(settingsHints)
	return b.String()
}

// brief returns a setting's default for the table.
func brief(s settings.Setting) string {
	if text := spaced(s.Default()); len(text) <= 30 {
		return "`" + text + "`"
	}
	return "[see below](#" + anchor(s.Path) + ")"
}

// valueOf says what a setting can be, as far as the table of its words does not.
func valueOf(s settings.Setting) string {
	if len(s.Words) > 0 && s.Words[0].Doc != "" {
		if s.Type() == settings.TypeList {
			return "a list of these"
		}
		return "one of these"
	}
	return s.Allowed()
}

// spaced returns a list or object with blanks behind its commas, so that lines
// can break; the defaults have no commas in texts.
func spaced(value jsontext.Value) string { return strings.ReplaceAll(string(value), ",", ", ") }

// anchor returns the fragment that Markdown renderers give to a heading.
func anchor(heading string) string {
	return strings.ToLower(strings.ReplaceAll(heading, ".", ""))
}

// settingsSchema returns docs/settings.schema.json: a JSON schema of the object
// that VS Code keeps, with the full names as keys. Its properties have the form of
// "contributes.configuration" in an extension's package.json.
func settingsSchema() (string, error) {
	properties := &object{}
	for i, s := range settings.All() {
		p := property(s)
		p.add("order", i+1) // of a page of settings, which would be by name otherwise
		properties.add(settings.Section+"."+s.Path, p)
	}
	schema := &object{}
	schema.add("$schema", "http://json-schema.org/draft-07/schema#")
	schema.add("title", "Inlinelens")
	schema.add("type", "object")
	schema.add("properties", properties)
	text, err := json.Marshal(schema, jsontext.WithIndent("  "))
	return string(text) + "\n", err
}

// property returns the schema of one setting.
func property(s settings.Setting) *object {
	p := &object{}
	text := &object{}
	text.add("type", "string")
	if len(s.Words) > 0 {
		var words, docs []string
		for _, w := range s.Words {
			words = append(words, w.Word)
			docs = append(docs, w.Doc)
		}
		text.add("enum", words)
		if docs[0] != "" {
			text.add("markdownEnumDescriptions", docs)
		}
	}
	switch s.Type() {
	case settings.TypeBool:
		p.add("type", "boolean")
	case settings.TypeNumber:
		p.add("type", "integer")
		p.add("minimum", 0)
		p.add("maximum", s.Max)
	case settings.TypeDuration:
		p.add("type", []string{"string", "integer"})
		p.add("pattern", `^([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h))+$`)
		p.add("minimum", 0)
		p.add("maximum", s.Max)
	case settings.TypeText:
		p = text
	case settings.TypeList:
		p.add("type", "array")
		p.add("items", text)
		if len(s.Words) > 0 {
			p.add("uniqueItems", true)
		}
	case settings.TypeMap:
		p.add("type", "object")
		p.add("additionalProperties", text)
	}
	doc := s.Doc
	if s.Open != "" {
		p.allowNull(s.Open)
		doc += " If not set (`null`): " + s.Open + "."
	}
	p.add("default", s.Default())
	p.add("markdownDescription", absolute(doc))
	return p
}

// allowNull lets the value that a schema describes be null, too, which means something.
func (o *object) allowNull(meaning string) {
	for i, name := range o.names {
		switch name {
		case "type":
			o.values[i] = []any{o.values[i], "null"}
		case "enum":
			words := anys(o.values[i])
			o.values[i] = append([]any{nil}, words...)
			o.add("enumItemLabels", append([]any{"not set"}, words...)) // VS Code would show null
		case "markdownEnumDescriptions":
			o.values[i] = append([]any{meaning}, anys(o.values[i])...)
		}
	}
}

func anys(words any) []any {
	var all []any
	for _, w := range words.([]string) {
		all = append(all, w)
	}
	return all
}

// absolute gives links to pages of docs/ an address that holds in an editor.
func absolute(doc string) string {
	return pageLink.ReplaceAllString(doc, "](https://github.com/inlinelens/inlinelens/blob/main/docs/$1")
}

var pageLink = regexp.MustCompile(`\]\(([a-z]+\.md)`)

// An object is a JSON object whose members keep their order.
type object struct {
	names  []string
	values []any
}

func (o *object) add(name string, value any) {
	o.names = append(o.names, name)
	o.values = append(o.values, value)
}

// MarshalJSONTo writes the members in the order in which they were added.
func (o *object) MarshalJSONTo(e *jsontext.Encoder) error {
	if err := e.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	for i, name := range o.names {
		if err := e.WriteToken(jsontext.String(name)); err != nil {
			return err
		}
		if err := json.MarshalEncode(e, o.values[i]); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return e.WriteToken(jsontext.EndObject)
}

const settingsIntro = `# Settings of the language server

Each setting has a name such as ` + "`hints.enabled`" + `. How you write it depends on the editor:

- VS Code: ` + "`\"inlinelens.hints.enabled\": false`" + ` in the settings file.
- Editors that send an object, such as Neovim and Helix: ` + "`{\"hints\": {\"enabled\": false}}`" + ` or ` + "`{\"hints.enabled\": false}`" + `. If the editor needs a section name, it is ` + "`inlinelens`" + `.
- The same object can be sent as initialization options at the start.

A change takes effect at once. If a value is not valid, the server says which values are, and the setting keeps its last value. The other settings still apply. A setting that is ` + "`null`" + ` gets its default.

` + "`go test ./internal/docs -update`" + ` writes this page and its JSON schema, [settings.schema.json](settings.schema.json).
`

var settingsHints = `
## Why the hints are as they are

All calls whose callee is known have a mark. A check mark means that the call is gone; a cross means that it is still there, and why. The table shows how many hints each choice gives in two packages of the standard library.
It counts their non-test files (go1.26.8, linux/amd64): hints for each 100 lines, and hints on a screen of 50 lines.

| hints at | net/http: per 100 lines | screens without | screens with more than 5 | go/types: per 100 lines | screens without | screens with more than 5 |
|---|---|---|---|---|---|---|
| every call | 14.9 | 11 % | 59 % | 18.4 | 7 % | 67 % |
| ` + "`inlined`" + ` | 7.0 | 18 % | 21 % | 7.1 | 20 % | 20 % |
| ` + "`dynamic`" + ` | 1.9 | 60 % | 2 % | 1.4 | 66 % | 1 % |
| ` + "`not-inlined`, `mixed`" + ` | 6.0 | 24 % | 15 % | 9.4 | 15 % | 34 % |
| the same, with the reasons of ` + "`near-misses`" + ` | 4.7 | 29 % | 10 % | 8.4 | 18 % | 29 % |
| and at most 58 over budget | 1.3 | 63 % | 1 % | 2.3 | 54 % | 3 % |
| and at most 20 over budget: ` + "`near-misses`" + ` | 0.6 | 80 % | 0 % | 1.3 | 65 % | 1 % |
| the same and ` + "`unhandled-op`" + ` | 1.3 | 64 % | 0 % | 2.1 | 53 % | 2 % |

- **Marks are small.** An inlined call has one character. A call that was not inlined has the cost and the budget, because they decide. The marks differ by shape, because hints have no color of their own.
  Sentences (` + "`hints.style`" + ` is ` + "`full`" + `) appear at the end of the line, so that they do not separate a name from its arguments.
- **Dynamic calls, intrinsics and eliminated calls have no mark.** The source shows whether a call goes through an interface, and such calls are seldom changed for inlining.
- **A call made by a go or defer statement has only a cross.** The statement is the reason.
- **` + "`near-misses`" + ` is for finding work.** Most callees that are too expensive are far over budget. In net/http, 1,344 calls have that reason, and at 818 of them the callee costs more than twice its budget. A function at 86 of 80 is news.
  Reports use the same limit of 20, and most near misses are in the reader's own package. In the two packages, 463 calls have a callee that is at most 20 over budget. Of these, 382 call a function of the same package.
  For callees 21 to 58 over budget, it is only 216 of 438 calls. A good second choice for ` + "`hints.overrun`" + ` is 58, because leaving out one call saves that much.
- **` + "`unhandled-op`" + ` is not a near miss.** The statement is seldom the only obstacle. In go/types, the callee's body has more than 10 lines at 185 of 187 such calls.
  In net/http, 16 such callees have a body of at most 5 lines, and 14 of them lock and unlock a mutex. These two calls alone cost more than the budget, with or without ` + "`defer`" + `.

Hovers, code lenses and call lists cover every call, whatever the hints show.

These pictures show real code with the default hints, in a dark, a light and a high contrast theme:

| code | dark | light | high contrast |
|---|---|---|---|
` + hintPictures("net/http", "net-http") + hintPictures("gin 1.12", "gin") +
	hintPictures("nats-server 2.15", "nats-server") + hintPictures("a web handler", "handler")

// hintPictures is a row of the table of pictures, which scripts/pictures.sh takes.
func hintPictures(code, file string) string {
	row := "| " + code
	for _, theme := range []string{"dark", "light", "contrast"} {
		row += " | [picture](pictures/hints/" + file + "-" + theme + ".png)"
	}
	return row + " |\n"
}
