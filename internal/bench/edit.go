package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/go-json-experiment/json"
)

// An edit is a new text for one file of a package of the standard library,
// given to both sides by -overlay so that no installed file is touched.
type edit struct {
	overlay string // what -overlay names
	file    string // the file that is replaced
	text    string // the file that holds the new text
	mark    string // a function that the edit adds, which a report of it must name
}

// edited makes an edit that nothing has seen before: two functions at the end
// of the package's first file, one calling the other.
func (r *rig) edited(file string) (edit, error) {
	r.edits++
	e := edit{
		file:    file,
		overlay: r.sub(fmt.Sprintf("overlay%d.json", r.edits)),
		text:    r.sub(fmt.Sprintf("edit%d.go", r.edits)),
		mark:    fmt.Sprintf("inlinelensBench%d", r.edits),
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return e, err
	}
	text = fmt.Appendf(text, "\nfunc %[1]s(x []string) int { return %[1]sCallee(x) }\n\nfunc %[1]sCallee(x []string) int { return len(x) }\n", e.mark)
	if err := os.WriteFile(e.text, text, 0o666); err != nil {
		return e, err
	}
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {file: e.text}})
	if err != nil {
		return e, err
	}
	return e, os.WriteFile(e.overlay, replace, 0o666)
}

// A subject is a package of the standard library that is measured.
type subject struct {
	path string
	file string // of the package, below its directory: the one that is edited
	test string // a test file of the package itself; "" where tests are not measured
}

func (r *rig) file(s subject) string {
	return filepath.Join(r.goroot, "src", filepath.FromSlash(s.path), s.file)
}

var (
	netHTTP = subject{path: "net/http", file: "client.go", test: "cookie_test.go"}
	goTypes = subject{path: "go/types", file: "check.go", test: "errors_test.go"}
	ssa     = subject{path: "cmd/compile/internal/ssa", file: "func.go"}
)
