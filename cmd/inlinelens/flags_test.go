package main

import (
	"io"
	"strings"
	"testing"
)

func TestGoFlags(t *testing.T) {
	for _, test := range [][2]string{
		{"", ""},
		{"report -format json", "report --format json"},
		{"report -format=json x", "report --format=json x"},
		{"report --format json", "report --format json"},
		{"report -race ./...", "report --race ./..."},
		{"report -race=false -tags a,b .", "report --race=false --tags a,b ."},
		{"report -C dir", "report --C dir"},
		// The value of a flag is not a flag, whatever it looks like.
		{"report -func -format -status x", "report --func -format --status x"},
		{"report -func -- x", "report --func -- x"},
		{"report -- -format", "report -- -format"},
		{"report -", "report -"},
		{"-h", "-h"},
		{"report -h", "report -h"},
		{"report -help", "report --help"},
		{"report -nosuch x", "report --nosuch x"},
		{"-format report", "--format report"}, // not a flag of the root
	} {
		root := newRoot(io.Discard, io.Discard)
		got := strings.Join(goFlags(root, strings.Fields(test[0])), " ")
		if got != test[1] {
			t.Errorf("%q became %q, want %q", test[0], got, test[1])
		}
	}
}
