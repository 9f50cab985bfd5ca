package buggy

import (
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/target"
)

func plainCounter() Bug {
	b := Bug{
		Doc: "Len is a plain int, which callers change under the lock of their own stripe: " +
			"two of different stripes count one entry instead of two",
		Expect: Expect{oracle.SilentCorruption: {oracle.WrongLen}, oracle.Contract: {oracle.WrongLen}},
		Races:  true,
	}
	b.Target, b.Correct = pair("plain-counter", perStripe,
		func() target.Map[int, int] { return methods(&counted{stripedMap: newStriped(4)}) },
		func() target.Map[int, int] { return methods(newStriped(4)) })
	return b
}

// A counted map keeps its size beside its stripes.
type counted struct {
	stripedMap
	entries int // the bug: guarded by no lock that all who change it share
}

func (c *counted) update(k int, f change) {
	c.stripedMap.update(k, func(v int, ok bool) (int, bool) {
		next, keep := f(v, ok)
		if keep && !ok {
			c.entries++
		} else if ok && !keep {
			c.entries--
		}
		return next, keep
	})
}

func (c *counted) size() int { return c.entries }

func (c *counted) clear() {
	for i := range c.stripedMap {
		t := &c.stripedMap[i]
		t.Lock()
		c.entries -= len(t.m)
		clear(t.m)
		t.Unlock()
	}
}
