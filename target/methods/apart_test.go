package methods

import (
	"testing"

	"github.com/mapstress/mapstress/target"
)

func TestApart(t *testing.T) {
	only, latest, count := plain{}, plain{}, 0
	counts := func(m plain) target.Map[int, int] {
		return target.Map[int, int]{Load: m.load, Store: func(k, v int) { m[k] = v; count++ }, Len: func() int { return count }}
	}
	var before target.Map[int, int]
	for name, c := range map[string]struct {
		make  func() target.Map[int, int]
		apart bool
	}{
		"its own": {func() target.Map[int, int] { return makePlain(Choice{Load: 3, Store: 2}) }, true},
		"one that is emptied": {func() target.Map[int, int] {
			clear(only)
			return target.Map[int, int]{Load: only.load, Store: only.store}
		}, false},
		"the latest": {func() target.Map[int, int] {
			latest = plain{}
			return target.Map[int, int]{
				Load:  func(k int) (int, bool) { return latest.load(k) },
				Store: func(k, v int) { latest.store(k, v) },
			}
		}, false},
		"one count": {func() target.Map[int, int] {
			count = 0
			return counts(plain{})
		}, false},
		"the one before is closed": {func() target.Map[int, int] {
			if before.Close != nil {
				before.Close()
			}
			var closed bool
			m := plain{}
			before = target.Map[int, int]{Close: func() { closed = true }}
			return target.Map[int, int]{Store: m.store, Load: func(k int) (int, bool) {
				if closed {
					panic("closed")
				}
				return m.load(k)
			}}
		}, false},
	} {
		r, err := Examine(Candidates{"Load": {"Get"}, "Store": {"Set"}}, func(Choice) target.Map[int, int] { return c.make() }, "")
		if err != nil || r.Apart != c.apart {
			t.Errorf("%s: %+v, %v; apart is to be %v", name, r, err, c.apart)
		}
	}
}
