package server

import (
	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/handlers"
)

// requests are the methods that are answered, notifications those that are not.
var (
	requests      map[string]method
	notifications map[string]method
)

func init() {
	requests = map[string]method{
		protocol.MethodInitialize:              ordered(initialize),
		protocol.MethodShutdown:                ordered(shutdown),
		protocol.MethodTextDocumentInlayHint:   request(inlayHint),
		protocol.MethodInlayHintResolve:        request(inlayHintResolve),
		protocol.MethodTextDocumentCodeLens:    request(codeLens),
		protocol.MethodCodeLensResolve:         request(codeLensResolve),
		protocol.MethodTextDocumentHover:       request(hover),
		protocol.MethodTextDocumentCodeAction:  request(codeAction),
		protocol.MethodWorkspaceExecuteCommand: request(executeCommand),
		handlers.MethodCalls:                   request(calls),
		handlers.MethodCost:                    request(cost),
		handlers.MethodFunctions:               request(functions),
		handlers.MethodPackageCalls:            request(packageCalls),
	}
	notifications = map[string]method{
		protocol.MethodInitialized:                        notification(initialized),
		protocol.MethodExit:                               notification(exit),
		protocol.MethodTextDocumentDidOpen:                notification(didOpen),
		protocol.MethodTextDocumentDidChange:              notification(didChange),
		protocol.MethodTextDocumentDidSave:                notification(didSave),
		protocol.MethodTextDocumentDidClose:               notification(didClose),
		protocol.MethodWorkspaceDidChangeConfiguration:    notification(didChangeConfiguration),
		protocol.MethodWorkspaceDidChangeWatchedFiles:     notification(didChangeWatchedFiles),
		protocol.MethodWorkspaceDidChangeWorkspaceFolders: notification(didChangeWorkspaceFolders),
		protocol.MethodWindowWorkDoneProgressCancel:       notification(workDoneProgressCancel),
		protocol.MethodCancelRequest:                      notification(cancelRequest),
	}
}
