package gc

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// remarkFlags ask for the remarks. -L adds the place in the compiled file to
// positions that a //line directive moved.
var remarkFlags = []string{"-m=2", "-L"}

// importCfgFile is a file that each compile has.
const importCfgFile = "importcfg"

// command writes the files that the compiler needs into dir, which is the
// compile's own, and returns the arguments of the compiler.
func (job *Job) command(dir string, extra ...string) ([]string, error) {
	importCfg := filepath.Join(dir, importCfgFile)
	if err := os.WriteFile(importCfg, job.importCfg(), 0o600); err != nil {
		return nil, err
	}
	args := []string{
		// The compiler removes this file when it fails, so it must be ours.
		"-o", filepath.Join(dir, "out.o"),
		"-p", job.ImportPath,
		"-importcfg", importCfg,
		"-nolocalimports",
	}
	if job.EmbedCfg != nil {
		embedCfg := filepath.Join(dir, "embedcfg")
		if err := os.WriteFile(embedCfg, job.EmbedCfg, 0o600); err != nil {
			return nil, err
		}
		args = append(args, "-embedcfg", embedCfg)
	}
	if job.Lang != "" {
		args = append(args, "-lang="+job.Lang)
	}
	if job.Std {
		// Also tells the compiler which packages are the runtime's (-+).
		args = append(args, "-std")
	}
	if job.Complete {
		args = append(args, "-complete")
	}
	if job.PGOProfile != "" {
		args = append(args, "-pgoprofile="+job.PGOProfile, "-d=pgodebug=1")
	}
	args = append(args, job.Flags...)
	// Behind the caller's flags, so that these win.
	args = append(args, extra...)
	args = append(args, "-trimpath="+job.trimPath(), "--")
	for _, f := range job.Files {
		if actual, ok := job.Replace[f]; ok {
			f = actual
		}
		args = append(args, f)
	}
	return args, nil
}

// importCfg returns the file that tells the compiler where its imports are.
func (job *Job) importCfg() []byte {
	var b strings.Builder
	for _, path := range slices.Sorted(maps.Keys(job.ImportMap)) {
		fmt.Fprintf(&b, "importmap %s=%s\n", path, job.ImportMap[path])
	}
	for _, path := range slices.Sorted(maps.Keys(job.PackageFile)) {
		fmt.Fprintf(&b, "packagefile %s=%s\n", path, job.PackageFile[path])
	}
	return []byte(b.String())
}

// trimPath returns rules that give each replaced file its own name back, as
// the go command does for overlays. Names that the rules cannot express are
// left to the parser, which maps them too: the compiler applies the rules to
// remarks, but not to errors.
func (job *Job) trimPath() string {
	var rules []string
	for _, f := range job.Files {
		actual, ok := job.Replace[f]
		if !ok || strings.ContainsAny(actual+f, ";") || strings.Contains(actual+f, "=>") {
			continue
		}
		rules = append(rules, actual+"=>"+f)
	}
	return strings.Join(rules, ";")
}

// maxArgs is the length of a command line, in bytes, from which on it is
// handed over in a file. Windows allows 32 KiB.
const maxArgs = 30 << 10

// shorten replaces args by a response file in dir when they are too long for a
// command line. The compiler reads one argument a line, with \\ for a
// backslash and \n for a line feed.
func shorten(dir string, args []string) ([]string, error) {
	n := 0
	for _, a := range args {
		n += len(a) + 1
	}
	if n < maxArgs {
		return args, nil
	}
	var b strings.Builder
	escape := strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	for _, a := range args {
		escape.WriteString(&b, a)
		b.WriteByte('\n')
	}
	file := filepath.Join(dir, "args")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		return nil, err
	}
	return []string{"@" + file}, nil
}
