package strategy

// A lull passes over who spins: a worker that has yielded twice, and nobody else has written
// since. What it waits for cannot have come, so to let it go on would only repeat what it
// did. The first time it may, for to yield need not be part of a loop.
type lull struct {
	yields []uint8 // by worker: how often, since another has written; 2 is all that matters
	any    bool    // somebody has yielded
}

func (l *lull) reset() { l.yields, l.any = l.yields[:0], false }

// look counts what shows at a decision only: a worker told to yield where it does something else.
func (l *lull) look(v *View) {
	if v.Yields && v.Stays && v.Pending[v.Current].Kind != Yield {
		l.yield(v.Current)
	}
}

func (l *lull) yield(worker int) {
	for len(l.yields) <= worker {
		l.yields = append(l.yields, 0)
	}
	l.yields[worker] = min(l.yields[worker]+1, 2)
	l.any = true
}

func (l *lull) step(worker int, p Point) {
	if p.Kind == Yield {
		l.yield(worker)
	} else if l.any && p.Kind.Writes() {
		l.any = false
		for w := range l.yields {
			if w != worker {
				l.yields[w] = 0
			}
			l.any = l.any || l.yields[w] > 0
		}
	}
}

// over says that a worker is passed over, as long as there are others.
func (l *lull) over(worker int) bool {
	return l.any && worker < len(l.yields) && l.yields[worker] == 2
}
