// Command install builds the gopls that tests have beside the server, unless it is
// there, and prints its path.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/inlinelens/inlinelens/internal/gopls"
)

func main() {
	path, err := gopls.Install(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, "install:", err)
		os.Exit(1)
	}
	fmt.Println(path)
}
