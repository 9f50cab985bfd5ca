package buggy_test

import (
	"runtime"
	"strings"

	"github.com/mapstress/mapstress/target"
)

// strikes are the calls that show the bugs, by target. What a worker notes is
// read once all have ended, and the next round's workers write it anew.
//
// The odds were measured on two cores that some twenty other programs used;
// idle ones meet more often.
var strikes = map[string]func() calls{
	"buggy-check-then-act": func() calls { // 1 round of 19,000
		var stored [2]bool
		return calls{
			worker: func(m codes, number int) {
				_, loaded := m.LoadOrStore(1, uint64(number))
				stored[number] = !loaded
			},
			broken: func(codes) bool { return stored[0] && stored[1] },
		}
	},
	"buggy-non-atomic-swap": func() calls { // 1 round of 3,000
		var old [2]uint64
		return calls{
			prefill: 1,
			worker:  func(m codes, number int) { old[number], _ = m.Swap(1, uint64(2+number)) },
			broken:  func(codes) bool { return old[0] == old[1] },
		}
	},
	"buggy-callback-twice": func() calls { // 1 round of 19,000
		var called [2]int
		return calls{
			worker: func(m codes, number int) {
				called[number] = 0
				m.Compute(1, func(old uint64, _ bool) (uint64, bool) {
					called[number]++
					return old + 1, false
				})
			},
			broken: func(codes) bool { return called[0]+called[1] > 2 },
		}
	},
	"buggy-delete-loses-store": func() calls { // 1 round of 41,000
		var deleted uint64
		return calls{
			prefill: 1,
			worker: func(m codes, number int) {
				if number == 0 {
					m.Store(1, 2)
				} else {
					deleted, _ = m.LoadAndDelete(1)
				}
			},
			broken: func(m codes) bool { _, ok := m.Load(1); return deleted == 1 && !ok },
		}
	},
	"buggy-aba": func() calls { // 1 round of 2,600
		return calls{
			prefill: 1,
			worker: func(m codes, number int) {
				for range 8 {
					if number == 0 {
						m.Store(1, 2)
						m.Store(1, 3)
					} else {
						m.CompareAndSwap(1, 9, 10) // never true, so nothing to see
					}
				}
			},
			broken: func(m codes) bool { v, _ := m.Load(1); return v != 3 },
		}
	},
	"buggy-plain-counter": func() calls { // 1 round of 22,000
		return calls{
			worker: func(m codes, number int) {
				for k := range uint64(16) {
					m.Store(4*k+uint64(number), 1)
				}
			},
			broken: func(m codes) bool { return m.Len() != 32 },
		}
	},
	"buggy-negative-len": func() calls { // 1 round of 2,100
		var least int
		return calls{
			worker: func(m codes, number int) {
				if number == 0 {
					for range 16 {
						m.Store(1, 1)
					}
					return
				}
				least = 0
				for range 16 {
					m.Delete(1)
					least = min(least, m.Len())
				}
			},
			broken: func(codes) bool { return least < 0 },
		}
	},
	"buggy-torn-words":       overwritten, // 1 round of 2,600
	"buggy-unvalidated-read": overwritten, // 1 round of 1,500
}

// overwritten is a value of several words that is read while it is replaced.
func overwritten() calls {
	var torn bool
	return calls{
		prefill: 1,
		worker: func(m codes, number int) {
			if number == 0 {
				for range 100 {
					m.Store(1, 2)
					m.Store(1, 3)
				}
				return
			}
			torn = false
			for range 200 {
				v, ok := m.Load(1)
				torn = torn || !ok || v == target.Foreign
			}
		},
		broken: func(codes) bool { return torn },
	}
}

func isNil(reason any) bool {
	err, ok := reason.(runtime.Error)
	return ok && strings.Contains(err.Error(), "nil pointer dereference")
}
