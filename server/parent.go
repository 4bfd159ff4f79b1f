package server

import (
	"fmt"
	"time"

	"go.uber.org/zap"
)

// parentInterval is how often the client's process is looked for.
const parentInterval = 3 * time.Second

// watchParent ends the connection when the client's process is gone: where
// another process holds the other end of the input, that does not end.
func (s *server) watchParent(pid int) {
	// A client in another container has a number that means nothing here.
	if !alive(pid) {
		s.log.Warn("the client's process cannot be seen from here, so that its end cannot be either", zap.Int("pid", pid))
		return
	}
	s.background.Go(func() {
		tick := time.NewTicker(parentInterval)
		defer tick.Stop()
		for {
			select {
			case <-s.ctx.Done():
				return
			case <-tick.C:
				if !alive(pid) {
					s.end(fmt.Errorf("the client's process %d is gone", pid))
					return
				}
			}
		}
	})
}
