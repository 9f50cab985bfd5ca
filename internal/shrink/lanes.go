package shrink

import (
	"context"
)

// ahead is how many candidates are tried for each lane before the first of them
// is decided.
const ahead = 3

// first tries candidates, several at once, and returns the first in their order
// that is taken or is left undecided for want of time; nil if all are refused or put
// off. Those tried before it are handed to commit, in order; what came of those after
// it is forgotten, so that the outcome is that of one lane.
func (s *shrinking) first(ctx context.Context, next func() *trial, commit func(*trial)) *trial {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type ended struct {
		trial *trial
		lane  Runner
	}
	var (
		free    = append([]Runner(nil), s.Lanes...)
		ends    = make(chan ended, len(s.Lanes)) // as many as can be under way
		queue   []*trial                         // in order, the first not committed yet
		over    = map[*trial]bool{}
		running int
		more    = true
	)
	for {
		for more && len(free) > 0 && len(queue) < ahead*len(s.Lanes) {
			t := next()
			if more = t != nil; !more {
				break
			}
			lane := free[len(free)-1]
			free = free[:len(free)-1]
			queue = append(queue, t)
			running++
			go func() { // ends is received from below until none is running
				t.run(ctx, s, lane)
				ends <- ended{t, lane}
			}()
		}
		if running == 0 {
			return nil
		}
		e := <-ends
		running--
		over[e.trial] = true
		free = append(free, e.lane)
		for len(queue) > 0 && over[queue[0]] {
			t := queue[0]
			queue = queue[1:]
			if t.decision == taken || t.decision == undecided {
				cancel()
				for ; running > 0; running-- {
					<-ends
				}
				return t
			}
			commit(t)
		}
	}
}
