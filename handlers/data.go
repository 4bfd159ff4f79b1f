package handlers

import (
	"encoding/json"
	"strconv"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// Data is what a hint or a lens carries to its resolve request: enough to find
// again what it is about, and to see whether that is still current.
type Data struct {
	URI uri.URI `json:"uri"`
	// Serial is workspace.Current's at the time of the answer.
	Serial uint64 `json:"serial"`
	// At are the offsets in the compiled text: a call's Paren, a function's Name.Start.
	At []int `json:"at"`
}

// ParseData reads the data of a hint or a lens that the editor sent back; ok is
// false if this server did not make it.
func ParseData(raw protocol.LSPAny) (data Data, ok bool) {
	if err := json.Unmarshal(raw, &data); err != nil {
		return Data{}, false
	}
	return data, data.URI != ""
}

// dataSize is about what the Data of something at one offset takes, in bytes,
// without the URI.
const dataSize = 48

// appendData appends the Data of something at offsets of d. quoted is the document's
// URI as JSON: a file has thousands of hints, and one URI.
func (d *Document) appendData(b, quoted []byte, at ...int) []byte {
	b = append(b, `{"uri":`...)
	b = append(b, quoted...)
	b = append(b, `,"serial":`...)
	b = strconv.AppendUint(b, d.serial(), 10)
	b = append(b, `,"at":[`...)
	for i, offset := range at {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(offset), 10)
	}
	return append(b, "]}"...)
}

// quotedURI is the document's URI as JSON.
func (d *Document) quotedURI() []byte {
	b, err := json.Marshal(string(d.URI))
	if err != nil { // a string can always be encoded
		return []byte(`""`)
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
	return data.URI == d.URI && data.Serial == d.serial() && d.File != nil && d.Shift != nil
}
