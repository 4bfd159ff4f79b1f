package session

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/resolve"
)

// localOf compiles a package and returns its own part.
func localOf(t testing.TB, path string) *resolve.Local {
	t.Helper()
	h, err := NewHost(HostOptions{CacheDir: "off"})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	l, err := Begin(context.Background(), h, load.Config{Dir: t.TempDir()}, []string{path})
	if err != nil {
		t.Fatal(err)
	}
	defer l.End()
	s, err := l.Session()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	k, err := Result(context.Background(), s, Inlining, s.Roots[0])
	if err != nil {
		t.Fatal(err)
	}
	return k.Local
}

func TestCodec(t *testing.T) {
	// Generic code, closures, cgo-free, with instances and nested inlines.
	for _, path := range []string{"slices", "strings", "sync"} {
		want := localOf(t, path)
		if len(want.Sites) == 0 {
			t.Fatalf("%s has no calls", path)
		}
		elsewhere := want.Sites[1] // as with a profile
		want.Sites[0].Elsewhere, want.Sites[0].Unreached = &elsewhere, resolve.Printed{Name: "(*T).M", At: elsewhere.Pos}
		data, err := encodeLocal(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := decodeLocal(data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-kept +read back):\n%s", path, diff)
		}
	}
}

// Bytes that the encoder did not write give an error or some value, no panic.
func FuzzDecode(f *testing.F) {
	data, err := encodeLocal(localOf(f, "errors"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:len(data)/2])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			return
		}
		l, err := decodeLocal(data)
		if (l == nil) == (err == nil) {
			t.Fatalf("neither a value nor an error, or both: %v, %v", l, err)
		}
	})
}
