package server

import (
	"slices"

	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/position"
)

// A client is what the other end of the connection supports, as it said in
// initialize. Nothing else is offered or sent to it.
type client struct {
	// folder is the URI of the first folder of the workspace; "" if it has none.
	folder   string
	encoding position.Encoding

	hints, lenses, hovers, actions, diagnostics, commands bool
	// markdown says that hovers may be in Markdown; otherwise they are plain text.
	markdown bool
	// resolvesHints says that it asks for what a hint lacks when it is needed.
	resolvesHints bool
	// versionedEdits says that an edit may name the version of the text.
	versionedEdits bool
	// showsDisabled says that it shows code actions that cannot be taken.
	showsDisabled bool
	// refreshHints and refreshLenses say that it may be asked to ask again.
	refreshHints, refreshLenses bool
	// configuration says that settings can be asked for.
	configuration bool
	// watches and follows say that it can be asked to tell of changed files, and
	// of changed settings.
	watches, follows bool
	progress         bool
	// showsCompiles says that it wants to be told by progress, too, what is being compiled.
	showsCompiles bool
	// relatedInformation says that it shows places that belong to a diagnostic.
	relatedInformation bool
	// versions says that diagnostics may name the version of the text.
	versions bool
	// status says that it takes inlinelens/status, and tellsLack that it wants to be told
	// by diagnostics, too, why there are no verdicts.
	status, tellsLack bool
	// reopens says that it asks for code actions again when it has run CommandAdvise.
	reopens bool
}

func newClient(p *protocol.InitializeParams) client {
	c := &p.Capabilities
	text, workspace, window := orZero(c.TextDocument), orZero(c.Workspace), orZero(c.Window)
	offered := orZero(c.General).PositionEncodings
	r := client{
		folder: folderOf(p),
		// Either of two capabilities tells; some clients have only the second.
		hints:              text.InlayHint != nil || workspace.InlayHint != nil,
		lenses:             text.CodeLens != nil || workspace.CodeLens != nil,
		hovers:             text.Hover != nil,
		actions:            text.CodeAction != nil && text.CodeAction.CodeActionLiteralSupport.CodeActionKind.ValueSet != nil,
		diagnostics:        text.PublishDiagnostics != nil,
		commands:           workspace.ExecuteCommand != nil,
		markdown:           slices.Contains(orZero(text.Hover).ContentFormat, protocol.MarkupKindMarkdown),
		resolvesHints:      text.InlayHint != nil && slices.Contains(text.InlayHint.ResolveSupport.Properties, "tooltip"),
		showsDisabled:      text.CodeAction != nil && orZero(text.CodeAction.DisabledSupport),
		versionedEdits:     orZero(orZero(workspace.WorkspaceEdit).DocumentChanges),
		refreshHints:       orZero(orZero(workspace.InlayHint).RefreshSupport),
		refreshLenses:      orZero(orZero(workspace.CodeLens).RefreshSupport),
		configuration:      orZero(workspace.Configuration),
		watches:            orZero(orZero(workspace.DidChangeWatchedFiles).DynamicRegistration),
		follows:            orZero(orZero(workspace.DidChangeConfiguration).DynamicRegistration),
		progress:           orZero(window.WorkDoneProgress),
		relatedInformation: orZero(orZero(text.PublishDiagnostics).RelatedInformation),
		versions:           orZero(orZero(text.PublishDiagnostics).VersionSupport),
	}
	switch {
	case slices.Contains(offered, protocol.PositionEncodingKindUTF8):
		r.encoding = position.UTF8
	case slices.Contains(offered, protocol.PositionEncodingKindUTF16):
		r.encoding = position.UTF16
	case slices.Contains(offered, protocol.PositionEncodingKindUTF32):
		r.encoding = position.UTF32
	}
	var experimental struct {
		Inlinelens struct {
			Status      bool `json:"status"`
			Diagnostics bool `json:"diagnostics"`
			Advice      bool `json:"advice"`
			Progress    bool `json:"progress"`
		} `json:"inlinelens"`
	}
	// What lenses and actions are good for, some clients run without having said so.
	r.commands = r.commands || r.lenses || r.actions
	r.status = protocol.Unmarshal(c.Experimental, &experimental) == nil && experimental.Inlinelens.Status
	r.reopens = experimental.Inlinelens.Advice
	r.tellsLack = !r.status || experimental.Inlinelens.Diagnostics
	r.showsCompiles = r.progress && (!r.status || experimental.Inlinelens.Progress)
	return r
}

// folderOf returns the URI of the first folder of the workspace; "" if it has none.
func folderOf(p *protocol.InitializeParams) string {
	if folders, ok := p.WorkspaceFolders.Get(); ok && len(folders) > 0 {
		return string(folders[0].URI)
	}
	return string(orZero(p.RootURI)) //lint:ignore SA1019 older clients have nothing else
}

// handlers is what handlers need to know of it.
func (c *client) handlers() handlers.Client {
	return handlers.Client{Markdown: c.markdown, ResolvesHints: c.resolvesHints, VersionedEdits: c.versionedEdits, ShowsDisabled: c.showsDisabled, TellsLack: c.tellsLack, RelatedInformation: c.relatedInformation}
}

// orZero returns what p points to, or the zero value where a client left it out.
func orZero[T any](p *T) T {
	if p == nil {
		return *new(T)
	}
	return *p
}

// capabilities are what the server offers to the client.
func (c *client) capabilities() protocol.ServerCapabilities {
	yes := new(true)
	r := protocol.ServerCapabilities{
		PositionEncoding: protocol.PositionEncodingKind(c.encoding.String()),
		TextDocumentSync: &protocol.TextDocumentSyncOptions{
			OpenClose: yes,
			Change:    new(protocol.TextDocumentSyncKindIncremental),
			// With the text, so that both ends have the same again after a save.
			Save: &protocol.SaveOptions{IncludeText: yes},
		},
		Workspace: &protocol.WorkspaceOptions{
			WorkspaceFolders: &protocol.WorkspaceFoldersServerCapabilities{
				Supported: yes, ChangeNotifications: protocol.Boolean(true),
			},
		},
	}
	if c.hints {
		r.InlayHintProvider = &protocol.InlayHintOptions{ResolveProvider: yes}
	}
	if c.lenses {
		r.CodeLensProvider = &protocol.CodeLensOptions{ResolveProvider: yes}
	}
	if c.hovers {
		r.HoverProvider = protocol.Boolean(true)
	}
	if c.actions {
		r.CodeActionProvider = &protocol.CodeActionOptions{CodeActionKinds: handlers.CodeActionKinds()}
	}
	if c.commands {
		r.ExecuteCommandProvider = protocol.ExecuteCommandOptions{Commands: handlers.Commands()}
	}
	return r
}
