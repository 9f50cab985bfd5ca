package machine

import (
	"math"
	"time"
)

// Least makes so many calls, and returns the least time that one took. What else goes on on
// a computer only adds to it.
func Least(calls int, f func()) time.Duration {
	least := time.Duration(math.MaxInt64)
	for range calls {
		start := time.Now()
		f()
		least = min(least, time.Since(start))
	}
	return least
}
