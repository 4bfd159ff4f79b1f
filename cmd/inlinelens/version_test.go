package main

import (
	"runtime/debug"
	"testing"
)

// TestVersionOf has what the go command writes into programs that it builds in a
// checkout, without one, and from a downloaded module.
func TestVersionOf(t *testing.T) {
	for _, test := range []struct{ version, revision, modified, want string }{
		{"", "", "", "(devel)"},
		{"(devel)", "", "", "(devel)"},
		{"(devel)", "40e7afb3653233c0695981ce85449a13f0812413", "false", "(devel) (commit 40e7afb36532)"},
		{"v0.0.0-20261128090000-40e7afb36532", "40e7afb3653233c0695981ce85449a13f0812413", "false", "v0.0.0-20261128090000-40e7afb36532 (commit 40e7afb36532)"},
		{"v0.0.0-20261128090000-40e7afb36532+dirty", "40e7afb3653233c0695981ce85449a13f0812413", "true", "v0.0.0-20261128090000-40e7afb36532+dirty (commit 40e7afb36532, with local changes)"},
		{"v1.2.3", "40e7afb3653233c0695981ce85449a13f0812413", "false", "v1.2.3 (commit 40e7afb36532)"},
		{"v1.2.4-0.20261128090000-40e7afb36532", "", "", "v1.2.4-0.20261128090000-40e7afb36532 (commit 40e7afb36532)"}, // go install ...@main
		{"v1.2.3", "", "", "v1.2.3"}, // go install ...@latest
	} {
		info := &debug.BuildInfo{Main: debug.Module{Version: test.version}}
		if test.revision != "" {
			info.Settings = []debug.BuildSetting{{Key: "vcs.revision", Value: test.revision}, {Key: "vcs.modified", Value: test.modified}}
		}
		if got := versionOf(info); got != test.want {
			t.Errorf("%+v: got %q, want %q", test, got, test.want)
		}
	}
}
