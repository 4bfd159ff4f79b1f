package server

import (
	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
)

// A codec writes and reads what messages carry with the protocol's own encoding,
// which knows its union types.
type codec struct{}

func (codec) Marshal(v any) ([]byte, error) { return protocol.Marshal(v) }

func (codec) Unmarshal(data []byte, v any) error { return protocol.Unmarshal(data, v) }

// decodeParams decodes the parameters of a message into v. That there are none
// is the same as an empty object.
func decodeParams(params jsonrpc2.RawMessage, v any) error {
	if len(params) == 0 {
		params = jsonrpc2.RawMessage("{}")
	}
	if err := protocol.Unmarshal(params, v); err != nil {
		return jsonrpc2.Errorf(jsonrpc2.InvalidParams, "the parameters are not those of the method: %v", err)
	}
	return nil
}
