package prove

import (
	"slices"
	"testing"

	"github.com/inlinelens/inlinelens/internal/gorelease"
)

func TestOr(t *testing.T) {
	for value, want := range map[string]string{"": "portion", "0": "portion", "1": "all"} {
		t.Setenv("INLINELENS_PROVE", value)
		if got := Or("portion", "all"); got != want {
			t.Errorf("INLINELENS_PROVE=%s: %s, want %s", value, got, want)
		}
	}
}

func TestReleases(t *testing.T) {
	all := Releases()
	for i, toolchain := range all {
		if want := gorelease.Oldest + gorelease.Release(i); toolchain != "local" && gorelease.Of(toolchain) != want {
			t.Errorf("%s stands for %v", toolchain, want)
		}
	}
	if want := int(gorelease.Newest - gorelease.Oldest + 1); len(all) != want {
		t.Errorf("%d releases of %d are tested", len(all), want)
	}
	if all[0] != Oldest || all[len(all)-1] != Newest || !slices.Contains(all, "local") {
		t.Errorf("%v do not begin with %s, end with %s and have the local one", all, Oldest, Newest)
	}
	want := slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == Oldest || s == Newest || s == "local" })
	if got := Between(); !slices.Equal(got, want) {
		t.Errorf("between: %v, want %v", got, want)
	}
}
