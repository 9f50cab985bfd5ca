package buggy

import (
	"maps"
	"sync/atomic"

	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/target"
)

func purgeLosesStore() Bug {
	b := Bug{
		Doc: "after every 512 deletes the stripes are copied, to leave what is left of them behind, and " +
			"then exchanged for their copies: what is written between the two is lost",
		Expect: Expect{
			oracle.SilentCorruption: {
				oracle.LostKey, oracle.LostUpdate, oracle.StaleRead, oracle.Resurrected, oracle.WrongLen, oracle.ConsumedTwice, oracle.NonLinearizable,
			},
			oracle.Contract: {oracle.LostKey, oracle.StaleRead, oracle.WrongLen},
		},
	}
	purged := func(atOnce bool) func() target.Map[int, int] {
		return func() target.Map[int, int] {
			return methods(&purging{stripedMap: newStriped(purgeStripes), atOnce: atOnce})
		}
	}
	b.Target, b.Correct = pair("purge-loses-store", perStripe, purged(false), purged(true))
	return b
}

const (
	// purgeAfter is how many deletes there are between two purges: more than a short schedule
	// has.
	purgeAfter   = 512
	purgeStripes = 4
)

// A purging map is copied once that many entries have been deleted.
type purging struct {
	stripedMap
	atOnce  bool // false is the bug
	deletes atomic.Int64
}

func (p *purging) update(k int, f change) {
	deleted := false
	p.stripedMap.update(k, func(v int, ok bool) (int, bool) {
		next, keep := f(v, ok)
		deleted = ok && !keep
		return next, keep
	})
	if deleted && p.deletes.Add(1)%purgeAfter == 0 {
		p.purge()
	}
}

func (p *purging) purge() {
	if p.atOnce {
		for i := range p.stripedMap {
			p.stripedMap[i].Lock()
			defer p.stripedMap[i].Unlock()
		}
	}
	var purged [purgeStripes]map[int]int
	for i := range p.stripedMap {
		purged[i] = p.copied(&p.stripedMap[i])
	}
	for i := range p.stripedMap { // the bug: others have written to what is about to be dropped
		p.exchange(&p.stripedMap[i], purged[i])
	}
}

func (p *purging) copied(s *stripe) map[int]int {
	if !p.atOnce {
		s.RLock()
		defer s.RUnlock()
	}
	return maps.Clone(s.m)
}

func (p *purging) exchange(s *stripe, m map[int]int) {
	if !p.atOnce {
		s.Lock()
		defer s.Unlock()
	}
	s.m = m
}
