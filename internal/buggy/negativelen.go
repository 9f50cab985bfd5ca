package buggy

import (
	"sync"

	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/target"
)

func negativeLen() Bug {
	b := Bug{
		Doc: "an entry is counted under a lock of its own, when its stripe is unlocked: " +
			"whoever deletes the entry meanwhile may count down first, and Len answers -1",
		Expect: Expect{oracle.Contract: {oracle.WrongLen}},
	}
	b.Target, b.Correct = pair("negative-len", perStripe,
		func() target.Map[int, int] { return methods(&countsLate{stripedMap: newStriped(4)}) },
		func() target.Map[int, int] { return methods(newStriped(4)) })
	return b
}

// A countsLate map keeps its size beside its stripes.
type countsLate struct {
	stripedMap
	counting sync.Mutex
	entries  int // guarded by counting
}

func (c *countsLate) update(k int, f change) {
	grew := 0
	c.stripedMap.update(k, func(v int, ok bool) (int, bool) {
		next, keep := f(v, ok)
		if keep && !ok {
			grew = 1
		} else if ok && !keep {
			grew = -1
		}
		return next, keep
	})
	c.count(grew) // the bug: others have seen the entry by now
}

func (c *countsLate) count(grew int) {
	c.counting.Lock()
	defer c.counting.Unlock()
	c.entries += grew
}

func (c *countsLate) size() int {
	c.counting.Lock()
	defer c.counting.Unlock()
	return c.entries
}

func (c *countsLate) clear() {
	for i := range c.stripedMap {
		t := &c.stripedMap[i]
		t.Lock()
		c.count(-len(t.m))
		clear(t.m)
		t.Unlock()
	}
}
