package buggy

import (
	"sync/atomic"

	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/target"
)

func goroutineLeak() Bug {
	b := Bug{
		Doc: "the first write starts the goroutine that grows the table; two first writes start two, " +
			"and Close stops the one that was noted last",
		Expect: Expect{oracle.GoroutineLeak: {"goroutine outlives the map"}},
	}
	table := func(startOne bool) func() target.Map[int, int] {
		return func() target.Map[int, int] {
			t := &background{stripedTable: newStripedTable(true), startOne: startOne, full: make(chan struct{}, 1)}
			m := methods(t)
			m.Close = t.close
			return m
		}
	}
	b.Target, b.Correct = pair("goroutine-leak", perStripe, table(false), table(true))
	return b
}

// A background map has a goroutine to grow its table, so that no writer waits
// for that.
type background struct {
	*stripedTable
	startOne bool          // false is the bug
	full     chan struct{} // tells a grower to look
	grower   atomic.Pointer[grower]
}

// A grower is the goroutine's handle. To stop it, close stop and wait for ended.
type grower struct{ stop, ended chan struct{} }

func (t *background) update(k int, f change) {
	t.start()
	if count, _ := t.write(k, f); count > len(*t.buckets.Load()) {
		select {
		case t.full <- struct{}{}:
		default: // it is told already
		}
	}
}

// start starts the grower unless it is there.
func (t *background) start() {
	if t.grower.Load() != nil {
		return
	}
	g := &grower{stop: make(chan struct{}), ended: make(chan struct{})}
	if !t.startOne {
		t.grower.Store(g) // the bug: over that of somebody who was here first
	} else if !t.grower.CompareAndSwap(nil, g) {
		return
	}
	go t.grow(g) // ended by close
}

func (t *background) grow(g *grower) {
	defer close(g.ended)
	for {
		select {
		case <-t.full:
			t.fit(t.size(), 0)
		case <-g.stop:
			return
		}
	}
}

// close stops the grower, if there is one.
func (t *background) close() {
	if g := t.grower.Load(); g != nil {
		close(g.stop)
		<-g.ended
	}
}
