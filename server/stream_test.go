package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"go.lsp.dev/jsonrpc2"
	"go.uber.org/zap"
)

// frame is a message as it is sent.
func frame(body string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body) }

// TestStream sends what an input holds through a stream: which methods get
// through, with which error the input ends, and what is answered.
func TestStream(t *testing.T) {
	const a, b = `{"jsonrpc":"2.0","method":"a"}`, `{"jsonrpc":"2.0","id":7,"method":"b","params":{"x":"Content-Length: 5"}}`
	huge := fmt.Sprintf(`{"jsonrpc":"2.0","method":"%s"}`, strings.Repeat("x", maxMessage))
	for _, test := range []struct {
		name, input string
		want        string   // the methods that get through
		end         error    // io.EOF if it is nil
		answers     []string // code, id and message of each answer
	}{
		{name: "two", input: frame(a) + frame(b), want: "a b"},
		{name: "nothing", input: ""},
		{name: "other fields", input: "Content-Type: x; charset=utf-8\r\ncontent-length:" + fmt.Sprint(len(a)) + "\nX-Y: z\n\n" + a, want: "a"},
		{name: "white space around", input: frame(" \n" + a + "\r\n\t "), want: "a"},
		{name: "not JSON", input: frame(`{"jsonrpc":"2.0","method":"a",}`) + frame(b), want: "b", answers: []string{"-32700 null not JSON"}},
		{name: "empty", input: frame("") + frame(b), want: "b", answers: []string{"-32700 null not JSON"}},
		{name: "JSON that is no object", input: frame(`5`) + frame(`null`) + frame(`"x"`) + frame(b), want: "b", answers: []string{
			"-32600 null no request", "-32600 null no request", "-32600 null no request",
		}},
		{name: "batch", input: frame("["+a+"]") + frame(" []") + frame(b), want: "b", answers: []string{"-32600 null batches", "-32600 null batches"}},
		{name: "other version", input: frame(`{"jsonrpc":"1.0","id":"x","method":"a"}`) + frame(b), want: "b", answers: []string{`-32600 "x" no request`}},
		{name: "no method", input: frame(`{"jsonrpc":"2.0","id":3}`), answers: []string{"-32600 3 no request"}},
		{name: "method of another type", input: frame(`{"jsonrpc":"2.0","id":3,"method":1}`), answers: []string{"-32600 3 no request"}},
		{name: "id of another type", input: frame(`{"jsonrpc":"2.0","id":{},"method":"a"}`), answers: []string{"-32600 null no request"}},
		{name: "fraction as id", input: frame(`{"jsonrpc":"2.0","id":1.5,"method":"a"}`), answers: []string{"-32600 null no request"}},
		{name: "id beyond what fits", input: frame(`{"jsonrpc":"2.0","id":99999999999999999999,"method":"a"}`), answers: []string{"-32600 null no request"}},
		// A response that is not well formed must not be answered: the client
		// would take that for an answer to a request of its own.
		{name: "bad responses", input: frame(`{"jsonrpc":"2.0","id":3,"result":1,"error":{}}`) + frame(`{"jsonrpc":"2.0","error":null}`) + frame(b), want: "b"},
		{name: "request and response in one", input: frame(`{"jsonrpc":"2.0","id":3,"method":"a","result":1}`), answers: []string{"-32600 3 no request"}},

		{name: "empty lines between", input: frame(a) + "\n\r\n" + frame(b), want: "a b"},
		{name: "garbage before", input: "\x00\xff garbage\n: \n\n" + frame(a), want: "a", answers: []string{"-32700 null skipped 14 bytes"}},
		{name: "no length", input: "Content-Type: x\r\n\r\n" + a + "\r\n" + frame(b), want: "b", answers: []string{"-32700 null skipped"}},
		{name: "negative length", input: "Content-Length: -5\r\n\r\n" + a + frame(b), want: "b", answers: []string{"-32700 null skipped"}},
		{name: "shorter than it says", input: "Content-Length: 200\r\n\r\n" + a + frame(b) + frame(a) + frame(b), want: "b a b", answers: []string{"-32700 null not JSON"}},
		{name: "longer than it says", input: "Content-Length: 20\r\n\r\n" + a + frame(b), want: "b", answers: []string{"-32700 null not JSON"}},
		{name: "too long", input: frame(huge) + frame(b), want: "b", answers: []string{"-32600 null larger"}},
		{name: "far too long", input: "Content-Length: 99999999999999999999999\r\n\r\n" + frame(b), want: "b", answers: []string{"-32600 null larger"}},
		{name: "long garbage", input: strings.Repeat("x", 100_000) + frame(b), want: "b", answers: []string{"-32700 null skipped 100000 bytes"}},
		{name: "long garbage in lines", input: strings.Repeat(strings.Repeat("x", 70)+"\n", 5000) + frame(b), want: "b", answers: []string{"-32700 null skipped"}},

		{name: "ends in a header", input: frame(a) + "Content-Len", want: "a", end: io.ErrUnexpectedEOF},
		{name: "ends behind a header", input: "Content-Length: 5\r\n", end: io.ErrUnexpectedEOF},
		{name: "ends in a body", input: "Content-Length: 500\r\n\r\n" + a, end: io.ErrUnexpectedEOF},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.end == nil {
				test.end = io.EOF
			}
			conn := &loop{Reader: strings.NewReader(test.input)}
			if len(test.input) < 1000 {
				conn.Reader = iotest.OneByteReader(conn.Reader)
			}
			methods, err := readAll(conn)
			if got := strings.Join(methods, " "); got != test.want || !errors.Is(err, test.end) {
				t.Errorf("got %q and %v, want %q and %v", got, err, test.want, test.end)
			}
			answers := refusals(t, conn.written)
			if len(answers) != len(test.answers) {
				t.Fatalf("answers: %q, want %q", answers, test.answers)
			}
			for i, want := range test.answers {
				code, message, _ := strings.Cut(want, " ")
				id, message, _ := strings.Cut(message, " ")
				if got := answers[i]; !strings.HasPrefix(got, code+" "+id+" ") || !strings.Contains(got, message) {
					t.Errorf("answer: %s, want %s", got, want)
				}
			}
		})
	}
}

// readAll reads all messages, and returns their methods.
func readAll(conn io.ReadWriteCloser) (methods []string, err error) {
	s := newStream(conn, zap.NewNop())
	defer s.Close()
	for {
		msg, _, err := s.Read(context.Background())
		if err != nil {
			return methods, err
		}
		if r, ok := msg.(jsonrpc2.RequestMessage); ok {
			methods = append(methods, strings.Clone(r.Method()))
		}
	}
}

// refusals returns code, id and message of the error responses in what was written.
func refusals(t *testing.T, written []byte) []string {
	t.Helper()
	s := jsonrpc2.NewHeaderStream(&loop{Reader: strings.NewReader(string(written))})
	var all []string
	for {
		msg, _, err := s.Read(context.Background())
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		r, ok := msg.(*jsonrpc2.Response)
		if !ok {
			t.Fatalf("wrote a %T", msg)
		}
		var e *jsonrpc2.Error
		if !errors.As(r.Err(), &e) {
			t.Fatalf("wrote %v", r)
		}
		id := fmt.Sprintf("%v", r.ID())
		if r.ID().IsString() {
			id = fmt.Sprintf("%q", r.ID())
		}
		all = append(all, fmt.Sprintf("%d %s %s", e.Code, id, e.Message))
	}
}

// TestStreamWrite writes messages of many sizes, and reads them back.
func TestStreamWrite(t *testing.T) {
	conn := &loop{}
	s := newStream(conn, zap.NewNop())
	var want []string
	for _, size := range []int{0, 1, 50, 5000, 2 * keptBuffer, 10} {
		method := "m" + strings.Repeat("x", size)
		want = append(want, method)
		if _, err := s.Write(context.Background(), jsonrpc2.NewNotification(method, nil)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := readAll(&loop{Reader: strings.NewReader(string(conn.written))})
	if err != io.EOF || strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("read back %d messages and %v", len(got), err)
	}
}

// FuzzStream holds that whatever comes, the stream ends with the input, and that
// a good message that follows gets through.
func FuzzStream(f *testing.F) {
	f.Add("Content-Length: 30\r\n\r\n" + `{"jsonrpc":"2.0","method":"a"}`)
	f.Add("Content-Length: 1\r\n\r\n{" + "Content-Length: 99\r\n\r\n[")
	f.Add("\n\r\n: x\r\nContent-Length: 0\r\n\r\n")
	f.Fuzz(func(t *testing.T, input string) {
		const last = `{"jsonrpc":"2.0","method":"last"}`
		// One message may lie about its length and swallow what follows it.
		conn := &loop{Reader: strings.NewReader(input + frame(last) + frame(last))}
		methods, err := readAll(conn)
		if err != io.EOF && err != io.ErrUnexpectedEOF {
			t.Fatal(err)
		}
		if err == io.EOF && (len(methods) == 0 || methods[len(methods)-1] != "last") {
			t.Errorf("methods: %q", methods)
		}
	})
}

// TestStreamUTF8 holds that messages with what is not UTF-8 are read, and that
// what is sent is valid JSON.
func TestStreamUTF8(t *testing.T) {
	conn := &loop{Reader: strings.NewReader(frame("{\"jsonrpc\":\"2.0\",\"id\":\"a\xff\",\"method\":\"b\",\"params\":{\"x\":\"\xc3(\"}}"))}
	s := newStream(conn, zap.NewNop())
	msg, _, err := s.Read(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	call, ok := msg.(jsonrpc2.RequestMessage)
	if !ok || call.Method() != "b" || string(call.Params()) != "{\"x\":\"\uFFFD(\"}" {
		t.Errorf("read %v", msg)
	}
	sent := []jsonrpc2.Message{
		jsonrpc2.NewResponse(jsonrpc2.NewNumberID(1), jsonrpc2.RawMessage("\"\xff\""), nil),
		jsonrpc2.NewResponse(jsonrpc2.NewStringID("\xff"), nil, jsonrpc2.NewError(jsonrpc2.InvalidParams, "no file \xff.go")),
	}
	for _, msg := range sent {
		if _, err := s.Write(context.Background(), msg); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	out := string(conn.written)
	if !utf8.ValidString(out) {
		t.Errorf("not UTF-8: %q", out)
	}
	for range sent {
		header, rest, _ := strings.Cut(out, "\r\n\r\n")
		var n int
		if _, err := fmt.Sscanf(header, "Content-Length: %d", &n); err != nil || n > len(rest) {
			t.Fatalf("%q: %v", header, err)
		}
		if !jsontext.Value(rest[:n]).IsValid() || !strings.Contains(rest[:n], "\uFFFD") {
			t.Errorf("sent %q", rest[:n])
		}
		out = rest[n:]
	}
}
