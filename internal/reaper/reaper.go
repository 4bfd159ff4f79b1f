// Package reaper ends what a killed process leaves behind.
//
// The kernel ends the compilers that this program starts together with it. What the
// go command starts it does not end, and no process can do anything when it is
// killed. So another process of this program waits for that, and then ends
// whatever has a mark in its environment that only its descendants have. On
// Windows the system itself does so, with a job.
package reaper

import (
	"fmt"
	"math/rand/v2"
	"os"
)

// Command is the argument with which this program is the process that waits; the
// mark follows.
const Command = "reap-leftovers"

// markVar is the variable of the environment by which descendants are known.
const markVar = "INLINELENS_PROCESS"

// Mark marks this process's environment, and so that of all processes that are
// started from now on, and returns the mark.
func Mark() (string, error) {
	mark := fmt.Sprintf("%d-%x", os.Getpid(), rand.Uint64())
	return mark, os.Setenv(markVar, mark)
}
