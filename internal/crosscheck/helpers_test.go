package crosscheck

import (
	"go/version"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/inlinelens/inlinelens/internal/prove"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// portion is what stands for std where the tests do not try everything. It has every
// kind of verdict, reason and part of a cost that larger packages have (go/types, of
// which the compiler prints most): crypto/x509 has literals that cost too much.
var portion = []string{"net/http", "crypto/x509", "encoding/json", "math/big", "text/template", "compress/flate", "reflect", "runtime", "slices", "strconv", "os", "time"}

// costPortion is what stands for std where costs are taken apart. net/http and
// crypto/x509 have no part that the others lack.
var costPortion = portion[2:]

// patterns are the packages of std of which the compiler's output is read.
func patterns() []string { return prove.Or(portion, []string{"std"}) }

// witnesses are the releases of which the compiler's output over std is read: the
// oldest and the newest always, those between where the tests try everything.
func witnesses() []string {
	return prove.Or([]string{prove.Oldest, prove.Newest}, prove.Releases())
}

// goroot is where the toolchain of a release is, with its sources.
func goroot(t testing.TB, release string) string {
	t.Helper()
	return strings.TrimSpace(goCommand(t, t.TempDir(), []string{"GOTOOLCHAIN=" + release}, "env", "GOROOT"))
}

// languageVersion is that of a release's toolchain: "1.26".
func languageVersion(t testing.TB, release string) string {
	t.Helper()
	v := strings.TrimSpace(goCommand(t, t.TempDir(), []string{"GOTOOLCHAIN=" + release}, "env", "GOVERSION"))
	return strings.TrimPrefix(version.Lang(v), "go")
}

func itoa(n int) string { return strconv.Itoa(n) }

func sortedSet(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}
