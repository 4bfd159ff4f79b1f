package handlers

import (
	"go.lsp.dev/protocol"
)

// Data is what a hint or a lens carries to its resolve request: enough to find
// again what it is about, and to see whether that is still current.
type Data struct {
	// URI is the document's, as the editor wrote it.
	URI string `json:"uri"`
	// Serial is workspace.Current's at the time of the answer.
	Serial uint64 `json:"serial"`
	// At are the offsets in the compiled text: a call's Paren, a function's Name.Start.
	At []int `json:"at"`
}

// ParseData reads the data of a hint or a lens that the editor sent back; ok is
// false if this server did not make it.
func ParseData(raw protocol.LSPAny) (data Data, ok bool) {
	if err := protocol.Unmarshal(raw, &data); err != nil {
		return Data{}, false
	}
	return data, data.URI != ""
}

// data returns the Data of something at offsets of the compiled text.
func (d *Document) data(at ...int) protocol.LSPAny {
	b, err := protocol.Marshal(&Data{URI: string(d.URI), Serial: d.serial(), At: at})
	if err != nil { // strings and numbers can always be encoded
		return nil
	}
	return b
}

// serial is the serial of what d shows; 0 while nothing is known.
func (d *Document) serial() uint64 {
	if d.File == nil || d.File.Package == nil {
		return 0
	}
	return d.File.Package.Serial
}

// resolves reports whether data is about what d shows now.
func (d *Document) resolves(data Data) bool {
	return data.URI == string(d.URI) && data.Serial == d.serial() && d.File != nil && d.Shift != nil
}
