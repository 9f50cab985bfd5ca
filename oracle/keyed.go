package oracle

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/mapstress/mapstress/oracle/linear"
)

// manyOps is how many ops it takes for several goroutines to share the keys: some
// milliseconds' worth, so that a run of a child, which watches for goroutines and needs
// its processors, never comes to it.
const manyOps = 1 << 16

// searchKeys checks each key and notes the failing ones. It returns a slot that
// the budget did not suffice for, or -1.
func (j *Judge) searchKeys() (undecided int) {
	ops := 0
	j.outcomes = j.outcomes[:0]
	for i := range j.keys.slots {
		ops += len(j.keys.slots[i].ops)
		j.outcomes = append(j.outcomes, linear.Ok)
	}
	if ops > manyOps && len(j.keys.slots) > 1 {
		j.checkTogether(min(runtime.GOMAXPROCS(0), len(j.keys.slots)))
	} else {
		for i := range j.keys.slots {
			j.checkKey(&j.checker, i)
		}
	}
	j.failing, undecided = j.failing[:0], -1
	for i, outcome := range j.outcomes {
		switch outcome {
		case linear.Illegal:
			j.failing = append(j.failing, i)
		case linear.Unknown:
			undecided = i
		}
	}
	return undecided
}

func (j *Judge) checkKey(c *linear.Checker, i int) {
	if s := &j.keys.slots[i]; !s.unchecked {
		j.outcomes[i] = c.Check(s.initial, s.ops, j.Budget)
	}
}

// checkTogether has n goroutines take key after key. It returns when all have ended.
func (j *Judge) checkTogether(n int) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range n {
		all.Add(1)
		go func() {
			defer all.Done()
			var c linear.Checker
			for i := int(next.Add(1)) - 1; i < len(j.keys.slots); i = int(next.Add(1)) - 1 {
				j.checkKey(&c, i)
			}
		}()
	}
	all.Wait()
}
