package handlers

import (
	"strings"
	"unicode"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/internal/settings"
	"github.com/inlinelens/inlinelens/internal/words"
)

// The commands of workspace/executeCommand. The prefix keeps them apart from
// those of other servers, gopls above all. All but CommandPreset, CommandRecompile,
// CommandToggleHints and CommandAddTags take one argument, a [Place].
const (
	CommandExplain     = "inlinelens.explain"     // returns all that is known of a call or function
	CommandShowCalls   = "inlinelens.showCalls"   // returns a [CallList]
	CommandShowCost    = "inlinelens.showCost"    // shows or hides the cost of each line of a function
	CommandAdvise      = "inlinelens.advise"      // waits for the changes that make a function inlinable
	CommandPreset      = "inlinelens.preset"      // shows the hints of a preset: its argument, or the next
	CommandToggleHints = "inlinelens.toggleHints" // shows or hides all hints
	CommandRecompile   = "inlinelens.recompile"   // compiles again what open files need
	CommandAddTags     = "inlinelens.addTags"     // compiles with build tags: its arguments, texts
)

// Commands lists the names of all commands.
func Commands() []string {
	return []string{CommandExplain, CommandShowCalls, CommandShowCost, CommandAdvise, CommandPreset, CommandToggleHints, CommandRecompile, CommandAddTags}
}

// A Place is what a command is about: a position in a document, as in the params
// of a request.
type Place struct {
	TextDocument protocol.TextDocumentIdentifier `json:"textDocument"`
	Position     protocol.Position               `json:"position"`
}

// ParsePlace reads the arguments of a command; ok is false if they are not one place.
func ParsePlace(args []protocol.LSPAny) (p Place, ok bool) {
	if len(args) != 1 || protocol.Unmarshal(args[0], &p) != nil || p.TextDocument.URI == "" {
		return Place{}, false
	}
	return p, true
}

// command makes a command about a position in d.
func (d *Document) command(name, title string, at protocol.Position) protocol.Command {
	return protocol.Command{Title: title, Command: name, Arguments: placeArguments(d.URI, at)}
}

// A HintState says which calls have hints: the result of CommandPreset, and a part of
// inlinelens/status.
type HintState struct {
	Preset string `json:"preset"` // a name; "" if the settings differ from all presets
	Title  string `json:"title"`  // "what stays"
}

// Hints returns the state of resolved settings.
func Hints(h settings.Hints) HintState {
	p, _ := settings.PresetOf(h.Preset)
	return HintState{Preset: h.Preset, Title: p.Title}
}

// ParsePreset reads the arguments of CommandPreset: the name of a preset, or none. ok is
// false if they are something else.
func ParsePreset(args []protocol.LSPAny) (name string, ok bool) {
	if len(args) == 0 {
		return "", true
	}
	if protocol.Unmarshal(args[0], &name) != nil {
		return "", false
	}
	_, ok = settings.PresetOf(name)
	return name, ok && len(args) == 1
}

// ParseTags reads the arguments of CommandAddTags; ok is false if they are not build
// tags.
func ParseTags(args []protocol.LSPAny) (tags []string, ok bool) {
	for _, raw := range args {
		var tag string
		if protocol.Unmarshal(raw, &tag) != nil || !isTag(tag) {
			return nil, false
		}
		tags = append(tags, tag)
	}
	return tags, len(tags) > 0
}

// isTag reports whether the go command takes a text for a build tag.
func isTag(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool {
		return r != '_' && r != '.' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}) < 0
}

func tagsArguments(tags []string) []protocol.LSPAny {
	args := make([]protocol.LSPAny, len(tags))
	for i, tag := range tags {
		args[i], _ = protocol.Marshal(tag) // a string can always be encoded
	}
	return args
}

func placeArguments(u uri.URI, at protocol.Position) []protocol.LSPAny {
	b, err := protocol.Marshal(Place{TextDocument: protocol.TextDocumentIdentifier{URI: u}, Position: at})
	if err != nil { // strings and numbers can always be encoded
		return nil
	}
	return []protocol.LSPAny{b}
}

// Explain answers CommandExplain: all that is known of the call or function at a
// position, or of the function around it, or why that is nothing; ok is false where
// there is none. current is false if there is no verdict on the text as it is: work
// that is under way may find one. uncounted says why it is not known what the function
// costs; nil if it is.
func Explain(d *Document, at protocol.Position, uncounted error) (content protocol.MarkupContent, current, ok bool) {
	f, ok := d.findLast(at)
	if ok && f.call == nil && f.function == nil {
		f.function = f.around
	}
	if !ok || f.call == nil && f.function == nil {
		if err := d.lackAt(at); err != nil {
			return d.lackPage(err), false, true
		}
		return protocol.MarkupContent{}, false, false
	}
	p := page{markdown: d.Client.Markdown}
	d.write(&p, f, fullExtent)
	d.asOf(&p, f.edited)
	if uncounted != nil {
		p.paragraph()
		p.text("Its cost by line is not known: " + uncounted.Error() + ".")
	}
	if f.call != nil {
		p.paragraph()
		p.strong(f.call.Status.String())
		p.text(": " + words.Meaning(f.call.Status) + ".")
	}
	return p.content(), !f.edited && !d.outdated(), true
}
