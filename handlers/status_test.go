package handlers

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/settings"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

func TestStatus(t *testing.T) {
	a := &workspace.Current{Dir: "/src/a", Path: "m/a", State: workspace.StateFresh, Go: "go1.26.8", GOOS: "linux", GOARCH: "amd64", Took: 1500 * time.Microsecond, Units: []*inline.Package{{Calls: []inline.Call{
		{Status: inline.StatusInlined}, {Status: inline.StatusNotInlined}, {Status: inline.StatusDynamic},
	}}}}
	b := &workspace.Current{Dir: "/src/b", Path: "m/b", State: workspace.StateFresh, Partial: true}
	c := &workspace.Current{Dir: "/src/c", State: workspace.StateFailed, Errors: []inline.Error{
		{Pos: inline.Position{File: "/src/c/c.go", Line: 2, Col: 10}, Message: "undefined: x"},
		{Message: "another"},
	}}
	e := &workspace.Current{Dir: "/src/e", State: workspace.StateFailed, Errors: []inline.Error{{Message: "go: not found"}}}
	f := &workspace.Current{Dir: "/src/f", State: workspace.StateCompiling}
	snapshot := &workspace.Snapshot{
		Packages: []*workspace.Current{a, b, c, e, f},
		Files: map[string]*workspace.File{
			"/src/a/z.go": {Name: "/src/a/z.go", Package: a, Note: "excluded by its name"},
			"/src/a/b.go": {Name: "/src/a/b.go", Package: a, Note: "excluded by a constraint"},
			"/src/a/a.go": {Name: "/src/a/a.go", Package: a},
		},
	}
	texts := func(string) *position.Mapper { return position.NewMapper([]byte("package c\nvar 𝐱 = x\n")) }
	edited := func(dir string) bool { return dir != "/src/a" }
	got, err := protocol.Marshal(Status(snapshot, settings.Default().Hints.Resolve(settings.PresetStays), edited, texts, position.UTF16))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"hints":{"preset":"stays","title":"what stays"},"packages":[` +
		`{"dir":"/src/a","path":"m/a","state":"fresh","files":[` +
		`{"uri":"file:///src/a/b.go","note":"excluded by a constraint"},{"uri":"file:///src/a/z.go","note":"excluded by its name"}],` +
		`"go":"go1.26.8","goos":"linux","goarch":"amd64","tookMs":1,"calls":3,"hinted":1},` +
		`{"dir":"/src/b","path":"m/b","state":"stale","partial":true,"tookMs":0,"calls":0,"hinted":0},` +
		`{"dir":"/src/c","state":"failed","error":{"message":"undefined: x","location":{"uri":"file:///src/c/c.go",` +
		`"range":{"start":{"line":1,"character":7},"end":{"line":1,"character":7}}}},"errors":2,"tookMs":0,"calls":0,"hinted":0},` +
		`{"dir":"/src/e","state":"failed","error":{"message":"go: not found"},"errors":1,"tookMs":0,"calls":0,"hinted":0},` +
		`{"dir":"/src/f","state":"compiling","tookMs":0,"calls":0,"hinted":0}]}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("status (-want +got):\n%s", diff)
	}
}
