package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/google/renameio/v2/maybe"
	"github.com/spf13/cobra"

	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/regular"
	"github.com/inlinelens/inlinelens/internal/report"
)

// outputFlags are the flags of the commands that judge, check and diff, for what they
// write.
type outputFlags struct {
	format, color *value
	files         outputFiles
	top           number
	// elsewhere says that the sources are not those on disk, but those of a commit: columns
	// in other units than bytes are then not known.
	elsewhere bool
}

// topDefault is how many causes, and findings of each, are shown.
const topDefault = 10

// register gives a command the flags, in the group Output. It comes before the build
// flags: go build has an -o that means nothing here.
func (o *outputFlags) register(cmd *cobra.Command) {
	o.format = &value{text: "text", kind: "string", parse: oneOf(report.JudgmentFormats())}
	o.color = &value{text: "auto", kind: "string", parse: oneOf(colors)}
	o.top = number{n: topDefault, what: "causes"}
	flags := cmd.Flags()
	flags.Var(o.format, "format", "output `format`: "+wrapList(strings.Join(report.JudgmentFormats(), ", ")))
	flags.Var(&o.files, "o", "write a `format=file` as well; may be given several times")
	flags.Var(&o.top, "top", "show the `N` worst causes, and N findings of each, in text and\nMarkdown (10 by default; 0 shows all)")
	flags.Var(o.color, "color", colorUsage)
	setGroup(flags, "Output", "format", "o", "top", "color")
	complete(cmd, "format", report.JudgmentFormats())
	complete(cmd, "color", colors)
}

// write writes a judgment to standard output and to the files, and returns how the
// command ends: nil, errFindings or errUnjudged if all could be written. A reader that has
// seen enough of standard output changes nothing of that. A command is what a person typed
// after the program's name.
func (o *outputFlags) write(cmd *cobra.Command, s *commandRun, cfg load.Config, command string, j *compare.Judgment) error {
	out := terminalOf(cmd.OutOrStdout()).colored(o.color.text)
	root, link := repository(cfg.Dir, os.Getenv)
	options := report.JudgmentOptions{
		Command: command, Version: versionOf(buildInfo()), Dir: cfg.Dir, Root: root, Link: link, Top: o.top.n,
		ReadFile: o.reader(cfg),
	}
	shown := options
	shown.Color, shown.Width = out.color, out.width
	err := report.WriteJudgment(o.format.text, s.stdout, shown, j)
	if errors.Is(err, syscall.EPIPE) {
		err = nil
	}
	for _, f := range o.files {
		var text bytes.Buffer
		wrong := report.WriteJudgment(f.format, &text, options, j)
		if wrong == nil {
			wrong = replaceFile(f.name, text.Bytes())
		}
		if wrong != nil {
			err = errors.Join(err, fmt.Errorf("flag -o: %w", wrong))
		}
	}
	if err != nil {
		return err
	}
	switch j.Exit() {
	case compare.ExitFindings:
		return errFindings
	case compare.ExitUnjudged:
		return errUnjudged
	}
	return nil
}

// reader returns a reader of the sources that were compiled. What is wrong with a file of
// -overlay is for the loader to say.
func (o *outputFlags) reader(cfg load.Config) func(string) ([]byte, error) {
	if o.elsewhere {
		return func(name string) ([]byte, error) {
			return nil, fmt.Errorf("%s is not read: it is that of a commit", name)
		}
	}
	var replace map[string]string
	for _, flag := range cfg.BuildFlags {
		if name, ok := strings.CutPrefix(flag, "-overlay="); ok {
			replace, _ = load.ReadOverlay(cfg.Dir, name)
		}
	}
	return func(name string) ([]byte, error) {
		if other, ok := replace[filepath.Clean(name)]; ok {
			name = other
		}
		return regular.ReadFile(name)
	}
}

// outputFiles is the flag -o.
type outputFiles []outputFile

type outputFile struct{ format, name string }

func (o *outputFiles) Type() string { return "string" }

func (o *outputFiles) String() string {
	var texts []string
	for _, f := range *o {
		texts = append(texts, f.format+"="+f.name)
	}
	return strings.Join(texts, " ")
}

// Set takes one more file. That it can be written is looked at before any work is done.
func (o *outputFiles) Set(s string) error {
	format, name, ok := strings.Cut(s, "=")
	if !ok || name == "" {
		return fmt.Errorf("want format=file, as in sarif=inlinelens.sarif, not %q; -format chooses what standard output has", s)
	}
	if err := oneOf(report.JudgmentFormats())(format); err != nil {
		return err
	}
	for _, f := range *o {
		if f.name == name {
			return fmt.Errorf("%s is named twice", name)
		}
	}
	*o = append(*o, outputFile{format, name})
	return nil
}

// check holds that the files can be there. It comes after the directory was changed.
func (o *outputFlags) check() error {
	for _, f := range o.files {
		dir := filepath.Dir(f.name)
		switch info, err := os.Stat(dir); {
		case err != nil:
			return fmt.Errorf("flag -o: %w; make the directory first", err)
		case !info.IsDir():
			return fmt.Errorf("flag -o: %s is not a directory", dir)
		}
		if info, err := os.Stat(f.name); err == nil && info.IsDir() {
			return fmt.Errorf("flag -o: %s is a directory", f.name)
		}
	}
	return nil
}

// replaceFile writes a file in one step, so that nobody reads half of it. What a link
// leads to is replaced, not the link; a pipe or a device is written to.
func replaceFile(name string, text []byte) error {
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	}
	info, err := os.Stat(name)
	if err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = f.Write(text)
		return errors.Join(err, f.Close())
	}
	perm := os.FileMode(0o666)
	if err == nil {
		perm = info.Mode().Perm()
	}
	return maybe.WriteFile(name, text, perm)
}

// repository returns the root of the repository around dir, dir itself where there is
// none, and its address in a browser, "" where that is not known. The runners of GitHub
// and GitLab say both.
func repository(dir string, env func(string) string) (root, link string) {
	root = dir
	for at := dir; ; {
		if _, err := os.Stat(filepath.Join(at, ".git")); err == nil {
			root = at
			break
		}
		parent := filepath.Dir(at)
		if parent == at {
			break
		}
		at = parent
	}
	inside := func(around string) bool {
		if around == "" {
			return false
		}
		rel, err := filepath.Rel(around, dir)
		return err == nil && filepath.IsLocal(rel)
	}
	if around := env("GITHUB_WORKSPACE"); inside(around) {
		root = filepath.Clean(around)
		if server, name, commit := env("GITHUB_SERVER_URL"), env("GITHUB_REPOSITORY"), env("GITHUB_SHA"); server != "" && name != "" && commit != "" {
			link = server + "/" + name + "/blob/" + commit + "/"
		}
	}
	if around := env("CI_PROJECT_DIR"); inside(around) {
		root = filepath.Clean(around)
		if project, commit := env("CI_PROJECT_URL"), env("CI_COMMIT_SHA"); project != "" && commit != "" {
			link = project + "/-/blob/" + commit + "/"
		}
	}
	return root, link
}
