package gorelease

import (
	"strings"
	"testing"
)

func TestMinor(t *testing.T) {
	for toolchain, want := range map[string]int{
		"go1": 0, "go1.4": 4, "go1.21.13": 21, "go1.21rc2": 21, "go1.22": 22, "go1.26.8": 26, "go1.27rc1": 27,
		"go1.26.1 X:nodwarf5": 26, "go1.27-devel_0123abc": 27, "devel go1.28-0123abc Thu Nov 26 2026": 28,
		"go1.26.8-fips": 26, "go2.0": -1, "devel +0123abc": -1, "gccgo": -1, "": -1, "go1.": -1, "go1.999999999999999999999": -1,
	} {
		got, ok := Minor(toolchain)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("Minor(%q) = %d, want %d", toolchain, got, want)
		}
	}
}

func TestKnown(t *testing.T) {
	for toolchain, want := range map[string]string{
		"go1": "old", "go1.21rc2": "old", "go1.22rc1": "known", "go1.27.99": "known", "devel go1.27-0123abc": "known",
		"go1.28": "unknown", "devel go1.28-0123abc": "unknown", "go1.28rc1": "unknown", "go2.0": "unknown", "mine": "unknown", "": "known",
	} {
		got := "known"
		switch message := Unknown(toolchain); {
		case TooOld(toolchain):
			got = "old"
		case message != "":
			got = "unknown"
			if !strings.HasPrefix(message, toolchain+" is not a known Go release") {
				t.Errorf("%q: %q", toolchain, message)
			}
		}
		if got != want {
			t.Errorf("%q is %s, want %s", toolchain, got, want)
		}
	}
}
