package buggy_test

import "maps"

func init() { maps.Copy(strikes, resizeStrikes) }

// resizeStrikes are those that need a table that is replaced.
var resizeStrikes = map[string]func() calls{
	"buggy-resize-without-all-locks": func() calls { // 1 round of 260
		return calls{
			prefill: 32,
			worker:  func(m codes, number int) { m.Store(uint64(33+number), 1) },
			broken:  func(m codes) bool { return entries(m) != 34 },
		}
	},
	"buggy-nil-in-growth": func() calls { // 1 round of 11,000
		var crashed bool
		return calls{
			prefill: 128,
			worker: func(m codes, number int) {
				if number == 0 {
					m.Store(129, 1)
					return
				}
				defer func() { crashed = isNil(recover()) }()
				for k := range uint64(40) {
					m.Load(128 - k)
				}
			},
			broken: func(codes) bool { return crashed },
		}
	},
	"buggy-range-repeats": func() calls { // 1 round of 80
		var twice bool
		return calls{
			prefill: 32,
			worker: func(m codes, number int) {
				if number == 0 {
					m.Store(33, 1)
					return
				}
				twice = false
				seen := map[uint64]bool{}
				m.Range(func(k, _ uint64) bool {
					twice = twice || seen[k]
					seen[k] = true
					return true
				})
			},
			broken: func(codes) bool { return twice },
		}
	},
	"buggy-lost-in-shrink": func() calls { // 1 round of 17,000
		return calls{
			prefill: 17,
			worker: func(m codes, number int) {
				for k := range uint64(8) {
					m.Delete(2*k + uint64(number) + 1)
				}
			},
			broken: func(m codes) bool { return entries(m) != 1 },
		}
	},
	"buggy-non-atomic-clear": func() calls { // 1 round of 1,000
		return calls{
			worker: func(m codes, number int) {
				if number == 0 {
					m.Clear()
					return
				}
				for k := range uint64(8) {
					m.Store(k, 1)
				}
			},
			broken: func(m codes) bool { return m.Len() != entries(m) },
		}
	},
}

// entries counts what Range yields.
func entries(m codes) (n int) {
	m.Range(func(_, _ uint64) bool { n++; return true })
	return n
}
