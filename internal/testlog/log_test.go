package main

import (
	"strings"
	"testing"
)

func TestLog(t *testing.T) {
	const pass = `{"Action":"run","Package":"p/q","Test":"TestA"}
{"Action":"output","Package":"p/q","Test":"TestA","Output":"    a_test.go:7: 12 of 12\n"}
{"Action":"output","Package":"p/q","Test":"TestA","Output":"--- PASS: TestA (0.00s)\n"}
{"Action":"pass","Package":"p/q","Test":"TestA","Elapsed":0}
{"Action":"output","Package":"p/q","Output":"ok  \tp/q\t0.1s\n"}
{"Action":"pass","Package":"p/q","Elapsed":0.1}
`
	const skip = `{"Action":"output","Package":"p/q","Test":"TestB","Output":"    b_test.go:3: no compiler\n"}
{"Action":"skip","Package":"p/q","Test":"TestB"}
`
	const fail = `{"Action":"output","Package":"p/r","Test":"TestC","Output":"    c_test.go:3: got 1\n"}
{"Action":"fail","Package":"p/r","Test":"TestC"}
{"Action":"output","Package":"p/r","Output":"FAIL\tp/r\t0.1s\n"}
{"Action":"fail","Package":"p/r","Elapsed":0.1}
`
	const died = `{"Action":"output","Package":"p/r","Test":"TestD","Output":"panic: out of paper\n"}
{"Action":"fail","Package":"p/r","Elapsed":0.1}
`
	const broken = `{"ImportPath":"p/s","Action":"build-output","Output":"s.go:1:1: expected 'package'\n"}
{"ImportPath":"p/s","Action":"build-fail"}
{"Action":"fail","Package":"p/s","Elapsed":0,"FailedBuild":"p/s"}
`
	for _, test := range []struct {
		name, in string
		good     bool
		want     []string
	}{
		{"pass", pass, true, []string{"ok  \tp/q\t0.10s", "PASS\n1 passed, 0 failed, 0 skipped; packages tested: 1"}},
		{"skip fails", pass + skip, false, []string{"no compiler", "SKIPPED p/q.TestB", "FAIL\n1 passed, 0 failed, 1 skipped"}},
		{"fail", pass + fail, false, []string{"got 1", "FAILED  p/r.TestC", "1 passed, 1 failed, 0 skipped; packages tested: 2"}},
		{"died", pass + died, false, []string{"out of paper", "FAILED  p/r\n"}},
		{"broken build", pass + broken, false, []string{"expected 'package'", "[build of p/s failed]", "FAILED  p/s"}},
		{"nothing", "", false, []string{"0 passed"}},
		{"the go command's own words", "go: no such tool\n", false, []string{"go: no such tool"}},
		{"no tests is no skip", pass + `{"Action":"skip","Package":"p/t"}`, true, []string{"[no test files]", "PASS"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			l := log{out: &out}
			if err := l.read(strings.NewReader(test.in)); err != nil {
				t.Fatal(err)
			}
			if good := l.summary(); good != test.good {
				t.Errorf("good = %v, want %v", good, test.good)
			}
			for _, want := range test.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("output lacks %q:\n%s", want, out.String())
				}
			}
		})
	}
}
