package docs

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/inlinelens/inlinelens/internal/load"
)

// flagsPage returns docs/flags.md.
func flagsPage() string {
	var b strings.Builder
	b.WriteString(flagsIntro)
	b.WriteString("\n| flag | here | |\n|---|---|---|\n")
	for _, f := range load.BuildFlags() {
		fmt.Fprintf(&b, "| `-%s` | %s | %s |\n", f.Name, f.Use, cmp.Or(f.Doc, "As for `go build`."))
	}
	b.WriteString(flagsCompiler)
	return b.String()
}

const flagsIntro = `# Build flags

The verdicts are those of the build that ` + "`go build`" + ` would make of the same packages. Its flags come from these places; as for the go command, a later one wins:

1. ` + "`GOFLAGS`" + `: in the file that ` + "`go env -w`" + ` writes, in the environment, in the setting ` + "`build.env`" + `;
2. the command line, or the setting ` + "`build.flags`" + `, then ` + "`build.pgo`" + `.

In an editor, each package is built as ` + "`go build`" + ` builds it when it alone is named.
`

const flagsCompiler = `
## Flags of the compiler

` + "`-gcflags`" + ` may come several times, and the last one that names a package counts: ` + "`-gcflags=FLAGS`" + ` for the packages on the command line (in an editor: the package of the file), ` + "`-gcflags=PATTERN=FLAGS`" + ` for those of a pattern such as ` + "`all`, `std`, `./...` or `example.com/shop/...`" + `.

The compiler gets the flags that change what it does: ` + "`-l`, `-N`, `-B`, `-spectre`, `-d=...`" + ` and others. Left out are those that only change what it prints or writes, such as ` + "`-m`, `-S`, `-W`, `-json` and `-cpuprofile`" + `.
Flags that are the go command's to set, such as ` + "`-o`, `-p` and `-importcfg`" + `, are an error, and so is ` + "`-pgoprofile`: use `-pgo`" + `.

With ` + "`-l`" + ` nothing is inlined: the calls are ` + "`not-inlined`, with the reason [`inlining-off`](verdicts.md#inlining-off)" + `. ` + "`-l=4`" + ` inlines more, as calls in a function's body then cost 1 instead of 57.

## Coverage

` + "`go build -cover`" + ` puts counters into the source of the main module's packages before the compiler sees it. They cost, so that some functions are no longer inlined. What is shown are the verdicts of a build without ` + "`-cover`" + `; a note says so.
`
