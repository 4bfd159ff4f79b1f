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

Inlinelens shows the verdicts of the build that ` + "`go build`" + ` would make of the same packages. Its flags come from these places. If a flag comes twice, the later place wins, as for the go command:

1. ` + "`GOFLAGS`" + `: in the file that ` + "`go env -w`" + ` writes, in the environment, or in the setting ` + "`build.env`" + `;
2. the command line, or the setting ` + "`build.flags`" + `, then ` + "`build.pgo`" + `.

In an editor, each package is built as by ` + "`go build`" + ` with that package alone.
`

const flagsCompiler = `
## Flags of the compiler

` + "`-gcflags`" + ` may be given several times; the last one that matches a package applies to it. ` + "`-gcflags=FLAGS`" + ` matches the packages on the command line, or in an editor the package of the file. ` + "`-gcflags=PATTERN=FLAGS`" + ` matches the packages of a pattern such as ` + "`all`, `std`, `./...` or `example.com/shop/...`" + `.

The compiler gets the flags that change what it does: ` + "`-l`, `-N`, `-B`, `-spectre`, `-d=...`" + ` and others. Flags that change only its output are left out, such as ` + "`-m`, `-S`, `-W`, `-json` and `-cpuprofile`" + `.
Flags that the go command sets are an error, such as ` + "`-o`, `-p` and `-importcfg`" + `. So is ` + "`-pgoprofile`: use `-pgo`" + ` instead.

With ` + "`-l`" + ` nothing is inlined: the calls are ` + "`not-inlined`, with the reason [`inlining-off`](verdicts.md#inlining-off)" + `. ` + "`-l=4`" + ` inlines more, because a call in a function's body then costs 2 instead of 58.

## Coverage

` + "`go build -cover`" + ` adds counters to the source of the main module's packages before the compiler reads it. They have a cost, so some functions are no longer inlined. Inlinelens shows the verdicts of a build without ` + "`-cover`" + `, and a note says so.
`
