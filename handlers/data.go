package handlers

import (
	"hash/maphash"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"go.lsp.dev/protocol"
)

// Data is what a hint or a lens carries to its resolve request: enough to find
// again what it is about, and to see whether that is still there. It is sent as one
// string, "TEXT AT,AT URI": an answer can have thousands, and objects would be two
// fifths of the time that it takes.
type Data struct {
	// URI is the document's, as the editor wrote it.
	URI string
	// Text identifies the compiled text. Verdicts may be newer than the answer: those of
	// the same text are told, and the editor need not have asked again in between.
	Text uint64
	// At are the offsets in the compiled text: a call's Paren, a function's Name.Start.
	At []int
}

// ParseData reads the data of a hint or a lens that the editor sent back; ok is
// false if this server did not make it.
func ParseData(raw protocol.LSPAny) (data Data, ok bool) {
	b, err := jsontext.AppendUnquote(nil, []byte(raw))
	if err != nil {
		return Data{}, false
	}
	text, rest, _ := strings.Cut(string(b), " ")
	at, uri, _ := strings.Cut(rest, " ")
	data.URI = uri
	if data.Text, err = strconv.ParseUint(text, 10, 64); err != nil {
		return Data{}, false
	}
	for offset := range strings.SplitSeq(at, ",") {
		n, err := strconv.Atoi(offset)
		if err != nil {
			return Data{}, false
		}
		data.At = append(data.At, n)
	}
	return data, uri != ""
}

// A dataWriter makes the Data of one answer. They share their memory.
type dataWriter struct {
	prefix, suffix string // what all have, as JSON
	memory         []byte
}

// newDataWriter returns a writer for about n things of d.
func newDataWriter(d *Document, n int) *dataWriter {
	quoted, err := jsontext.AppendQuote(nil, string(d.URI))
	if err != nil { // it is not UTF-8: the replacement character stands for what is not
		quoted, _ = jsontext.AppendQuote(nil, strings.ToValidUTF8(string(d.URI), "\uFFFD"))
	}
	w := &dataWriter{prefix: `"` + strconv.FormatUint(d.textID(), 10) + " ", suffix: " " + string(quoted[1:])}
	const digits = 8 // of an offset and its comma
	w.memory = make([]byte, 0, n*(len(w.prefix)+digits+len(w.suffix)))
	return w
}

// data returns the Data of something at offsets of the compiled text.
func (w *dataWriter) data(at ...int) protocol.LSPAny {
	begin := len(w.memory)
	w.memory = append(w.memory, w.prefix...)
	for i, n := range at {
		if i > 0 {
			w.memory = append(w.memory, ',')
		}
		w.memory = strconv.AppendInt(w.memory, int64(n), 10)
	}
	w.memory = append(w.memory, w.suffix...)
	return protocol.LSPAny(w.memory[begin:len(w.memory):len(w.memory)])
}

var textSeed = maphash.MakeSeed()

// textID identifies the compiled text that d shows, in this process; 0 while nothing is known.
func (d *Document) textID() uint64 {
	if d.File == nil || d.File.Package == nil {
		return 0
	}
	return maphash.Bytes(textSeed, d.File.Text)
}

// resolves reports whether data is about the text whose verdicts d shows now.
func (d *Document) resolves(data Data) bool {
	return data.URI == string(d.URI) && data.Text == d.textID() && d.File != nil && d.Shift != nil
}
