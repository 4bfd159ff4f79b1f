package server

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.uber.org/zap"
)

const (
	// maxMessage is the largest body of a message, in bytes, that is read: many
	// times a generated Go file with every byte escaped.
	maxMessage = 64 << 20
	// keptBuffer is the largest buffer, in bytes, that is kept for the next
	// message.
	keptBuffer = 1 << 20
	// maxHeader is how far into a line of the header its end is looked for.
	maxHeader = 4096
)

// A stream reads and writes the messages of the base protocol: a header with
// Content-Length, an empty line, and JSON.
//
// The connection that reads from it ends at the first message that it does not
// understand. So that it need not, the stream answers those itself, and Read
// returns the next one that is well formed. After a message that is shorter or
// longer than its header says, it finds the next by its header: JSON has no line
// breaks inside strings, hence no line that reads like one.
type stream struct {
	conn io.ReadWriteCloser
	log  *zap.Logger

	from restoredReader
	in   *bufio.Reader // of from
	body bytes.Buffer  // of the message that was read last
	// refused says that the message before what is read now was refused.
	refused bool

	done chan struct{} // closed when there is nothing more to read
	end  sync.Once

	out   outbox
	close func() error
}

// newStream returns a stream, which has a goroutine until it is closed.
func newStream(conn io.ReadWriteCloser, log *zap.Logger) *stream {
	s := &stream{conn: conn, log: log, from: restoredReader{reader: conn}, done: make(chan struct{})}
	s.in = bufio.NewReaderSize(&s.from, 16*maxHeader)
	s.out.start(conn)
	s.close = sync.OnceValue(func() error {
		s.out.finish()
		return conn.Close()
	})
	return s
}

// Close waits a little until what was written has gone out, and closes the
// connection below.
func (s *stream) Close() error { return s.close() }

// Read returns the next well-formed message and the bytes that it took. What it
// refers to is valid until the next Read.
func (s *stream) Read(ctx context.Context) (jsonrpc2.Message, int64, error) {
	for {
		n, err := s.readFrame(ctx)
		if err != nil {
			s.end.Do(func() { close(s.done) })
			return nil, 0, err
		}
		body := validUTF8(s.body.Bytes())
		msg, refusal := decode(body)
		if msg != nil {
			return msg, n, nil
		}
		if !isJSON(body) {
			// A length that is too large takes in what follows. That must not be lost: the
			// client would wait for its answer forever.
			if i := frameHeader.FindIndex(body); i != nil {
				s.unread(body[i[0]:])
			}
		}
		s.refuse(refusal)
	}
}

// readFrame reads the body of the next message that is not too large, and
// returns the bytes that it took.
func (s *stream) readFrame(ctx context.Context) (int64, error) {
	if s.body.Cap() > keptBuffer {
		s.body = bytes.Buffer{}
	}
	for {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		length, header, err := s.readHeader()
		if err != nil {
			return 0, err
		}
		if length > maxMessage {
			// What follows is skipped in search of the next header, since the
			// length may be wrong.
			s.refuse(&refusal{err: jsonrpc2.Errorf(jsonrpc2.InvalidRequest,
				"a message of %d bytes is larger than the %d that are accepted", length, maxMessage)})
			continue
		}
		s.body.Reset()
		if _, err := io.CopyN(&s.body, s.in, length); err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return 0, err
		}
		return header + length, nil
	}
}

var (
	// frameHeader is what a message begins with.
	frameHeader = regexp.MustCompile(`(?i)Content-Length:[ \t]*([0-9]+)[ \t]*\r?\n`)
	// headerLine is any line of a header.
	headerLine = regexp.MustCompile(`^[A-Za-z-]+:`)
)

// readHeader reads a header, skipping what is none, and returns the length that
// it gives and its own, both in bytes.
func (s *stream) readHeader() (length, size int64, err error) {
	length = -1
	skipped := 0
	for {
		line, err := s.readLine()
		if err != nil {
			if err == io.EOF && (length >= 0 || len(line) > 0) {
				err = io.ErrUnexpectedEOF
			}
			return 0, 0, err
		}
		size += int64(len(line))
		if line[len(line)-1] != '\n' { // a piece of a line that is too long for a header
			skipped += len(line)
			length = -1
			continue
		}
		field := frameHeader.FindSubmatchIndex(line)
		switch {
		case field != nil:
			skipped += field[0]
			if length, err = strconv.ParseInt(string(line[field[2]:field[3]]), 10, 64); err != nil {
				length = math.MaxInt64
			}
		case len(bytes.TrimRight(line, "\r\n")) == 0:
			if length < 0 {
				continue
			}
			if skipped > 0 && !s.refused {
				s.refuse(&refusal{err: jsonrpc2.Errorf(jsonrpc2.ParseError, "skipped %d bytes that are no message", skipped)})
			}
			s.refused = false
			return length, size, nil
		case !headerLine.Match(line):
			skipped += len(line)
			length = -1
		}
	}
}

// readLine returns the next line with its end, valid until the next read; of a
// very long line it returns the pieces. With io.EOF comes what there was.
func (s *stream) readLine() ([]byte, error) {
	for want := 1; ; {
		b, err := s.in.Peek(want)
		b, _ = s.in.Peek(max(len(b), s.in.Buffered()))
		n := len(b)
		if i := bytes.IndexByte(b, '\n'); i >= 0 {
			n, err = i+1, nil
		} else if err == nil && n >= maxHeader {
			n -= len("Content-Length: 123456789012345678\r") // it may end with the start of a header
		} else if err == nil {
			want = n + 1
			continue
		}
		if _, discarded := s.in.Discard(n); discarded != nil {
			return nil, discarded
		}
		return b[:n], err
	}
}

// unread puts b before what is still to be read.
func (s *stream) unread(b []byte) {
	buffered, _ := s.in.Peek(s.in.Buffered())
	s.from.rest = slices.Concat(b, buffered, s.from.rest)
	s.in.Reset(&s.from)
}

// Write has a message written, and returns its size in bytes. It does not wait
// for the client: who reads, here and there, would wait for each other.
func (s *stream) Write(_ context.Context, msg jsonrpc2.Message) (int64, error) {
	body := validUTF8(jsonrpc2.AppendMessage(nil, msg))
	frame := fmt.Appendf(nil, "Content-Length: %d\r\n\r\n", len(body))
	frame = append(frame, body...)
	return int64(len(frame)), s.out.put(frame)
}

// validUTF8 returns a message in which what is not UTF-8 is replaced. JSON is
// UTF-8, but names of files and texts need not be.
func validUTF8(body []byte) []byte {
	if utf8.Valid(body) {
		return body
	}
	return bytes.ToValidUTF8(body, []byte("\uFFFD"))
}

// A refusal is the answer to a message that never reaches a handler.
type refusal struct {
	id  jsonrpc2.ID // the zero ID where the message has none that can be read
	err *jsonrpc2.Error
	// silent says that nobody waits for the answer: the message was a response.
	silent bool
}

// refuse logs a refusal, and sends it if anybody waits for it.
func (s *stream) refuse(r *refusal) {
	s.refused = true
	s.log.Warn("refused a message", zap.String("why", r.err.Message))
	if r.silent {
		return
	}
	if _, err := s.Write(context.Background(), jsonrpc2.NewResponse(r.id, nil, r.err)); err != nil {
		s.log.Warn("could not answer", zap.Error(err))
	}
}

// isJSON reports whether body is a JSON value. That names may come twice is left to
// what reads it, as everywhere in the protocol.
func isJSON(body []byte) bool {
	return jsontext.Value(body).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// decode returns the message that body holds, or why there is none.
func decode(body []byte) (jsonrpc2.Message, *refusal) {
	if !isJSON(body) {
		return nil, &refusal{err: jsonrpc2.NewError(jsonrpc2.ParseError, "the message is not JSON")}
	}
	if bytes.TrimLeft(body, " \t\r\n")[0] == '[' {
		return nil, &refusal{err: jsonrpc2.NewError(jsonrpc2.InvalidRequest,
			"the language server protocol has no batches: send the messages one by one")}
	}
	msg, err := jsonrpc2.DecodeMessage(body)
	if err == nil {
		return msg, nil
	}
	r := &refusal{err: jsonrpc2.NewError(jsonrpc2.InvalidRequest, "the message is no request, notification or response of JSON-RPC 2.0")}
	var parts struct {
		ID     jsontext.Value `json:"id"`
		Method jsontext.Value `json:"method"`
		Result jsontext.Value `json:"result"`
		Error  jsontext.Value `json:"error"`
	}
	if protocol.Unmarshal(body, &parts) == nil {
		r.id = parseID(parts.ID)
		r.silent = parts.Method == nil && (parts.Result != nil || parts.Error != nil)
	}
	return nil, r
}

// parseID returns the identifier that raw JSON holds, the zero ID if it is none.
func parseID(raw jsontext.Value) jsonrpc2.ID {
	var number int64
	if protocol.Unmarshal(raw, &number) == nil && !bytes.Equal(raw, []byte("null")) {
		return jsonrpc2.NewNumberID(number)
	}
	var text *string
	if protocol.Unmarshal(raw, &text) == nil && text != nil {
		return jsonrpc2.NewStringID(*text)
	}
	return jsonrpc2.ID{}
}

// A restoredReader reads what was put back, then from the reader.
type restoredReader struct {
	rest   []byte
	reader io.Reader
}

func (s *restoredReader) Read(p []byte) (int, error) {
	if len(s.rest) == 0 {
		s.rest = nil
		return s.reader.Read(p)
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}
