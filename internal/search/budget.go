package search

import "time"

// A way is how a turn's runs are made.
type way int

// The ways that a search of Auto has beside each other.
const (
	freely way = iota
	noisily
	byDecision
	ways
)

// way of the lane's turns.
func (l *lane) way() way {
	switch {
	case l.controlled:
		return byDecision
	case l.noisy && !l.Noise: // or all that run free are
		return noisily
	}
	return freely
}

// A budget gives each way a share of a target's turns, by what it found for the CPU time that it
// took. Before there is any finding, all have the same.
type budget struct {
	cpu    [ways]time.Duration
	found  [ways]int     // new findings
	credit [ways]float64 // turns that a way is owed
}

const (
	// prior is the CPU time in which any way is taken to have found something before it was tried:
	// few findings are no reason to leave one out.
	prior = 10 * time.Second
	// leastShare is what a way has in any case: what one is blind to, another may see.
	leastShare = 1.0 / 6
	// rounding is what sums of shares may differ by.
	rounding = 1e-9
)

// next returns whose turn it is, of those that can have one.
func (b *budget) next(able [ways]bool) way {
	shares := b.shares(able)
	best := freely
	for w := range ways {
		b.credit[w] += shares[w]
		if able[w] && b.credit[w] > b.credit[best]+rounding {
			best = w
		}
	}
	b.credit[best]--
	return best
}

// shares are those of the turns to come.
func (b *budget) shares(able [ways]bool) (shares [ways]float64) {
	rates, sum, n := [ways]float64{}, 0.0, 0.0
	for w := range ways {
		if able[w] {
			rates[w] = float64(b.found[w]+1) / (b.cpu[w] + prior).Seconds()
			sum += rates[w]
			n++
		}
	}
	for w := range ways {
		if able[w] {
			shares[w] = leastShare + (1-n*leastShare)*rates[w]/sum
		}
	}
	return shares
}

// pay notes what one schedule came to.
func (s *search) pay(t *state, w way, cpu time.Duration, found bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.budget.cpu[w] += cpu
	if found {
		t.budget.found[w]++
	}
}

// nextWay returns whose turn it is with a target.
func (s *search) nextWay(t *state, able [ways]bool) way {
	s.mu.Lock()
	defer s.mu.Unlock()
	return t.budget.next(able)
}
