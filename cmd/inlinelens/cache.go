package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/inlinelens/inlinelens/internal/store"
)

func newCache() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "cache [clean]",
		Short: "show or clean the cache",
		Long: `Cache prints the directory and the size of the cache. Inlinelens keeps there what
the compiler said, so that a package is not compiled again. It removes what has not
been used for five days, and keeps at most 512 MB. INLINELENS_CACHE names another
directory by an absolute path, or is "off" for no cache.

  inlinelens cache        print the directory and its size
  inlinelens cache clean  remove everything that inlinelens keeps there

The exit status is 0 on success, and 2 if the cache could not be read or cleaned.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			return onCache(cmd, "read", store.UsageOf, func(dir string, used store.Usage) string {
				return fmt.Sprintf("%s\n%s\n", dir, usage(used))
			})
		},
	}
	cmd.AddCommand(&cobra.Command{
		Use:   "clean",
		Short: "remove everything that inlinelens keeps in its cache",
		Long: `Clean removes everything that inlinelens keeps in its cache, and says how much that
was. Other files in the directory stay. A server that is running goes on.

The exit status is 0 on success, and 2 if something could not be removed.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return onCache(cmd, "clean", store.Clean, func(dir string, used store.Usage) string {
				return fmt.Sprintf("removed %s from %s\n", usage(used), dir)
			})
		},
	})
	return cmd
}

// onCache does something with the directory of the cache, and prints what that gave.
func onCache(cmd *cobra.Command, verb string, do func(dir string) (store.Usage, error), text func(dir string, used store.Usage) string) error {
	dir, err := store.CacheDir()
	if err != nil {
		return err
	}
	if dir == "off" {
		_, err := fmt.Fprintln(cmd.OutOrStdout(), "there is no cache: INLINELENS_CACHE is \"off\"")
		return err
	}
	used, err := do(dir)
	if err != nil {
		return fmt.Errorf("cannot %s the cache %s: %w", verb, dir, err)
	}
	_, err = fmt.Fprint(cmd.OutOrStdout(), text(dir, used))
	return err
}

// usage says how much is kept: "12.3 MB in 456 files".
func usage(u store.Usage) string {
	files := "files"
	if u.Files == 1 {
		files = "file"
	}
	return fmt.Sprintf("%.1f MB in %d %s", float64(u.Bytes)/1e6, u.Files, files)
}
