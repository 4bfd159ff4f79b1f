package evidence

import (
	"go/version"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// goroot is where the toolchain is that runs this test, with its sources.
func goroot(t testing.TB) string {
	t.Helper()
	return strings.TrimSpace(goCommand(t, "", []string{"GOTOOLCHAIN=local"}, "env", "GOROOT"))
}

// languageVersion is that of the toolchain which runs this test: "1.26".
func languageVersion(t testing.TB) string {
	t.Helper()
	v := strings.TrimSpace(goCommand(t, "", []string{"GOTOOLCHAIN=local"}, "env", "GOVERSION"))
	return strings.TrimPrefix(version.Lang(v), "go")
}

func itoa(n int) string { return strconv.Itoa(n) }

func sortedSet(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}
