package methods

import (
	"testing"
	"time"

	"github.com/mapstress/mapstress/target"
)

// TestExpire: a map whose entries are gone after a while is a cache, and one that keeps them is none.
func TestExpire(t *testing.T) {
	defer func(usual time.Duration) { lasting = usual }(lasting)
	lasting = 20 * time.Millisecond
	for ttl, want := range map[time.Duration]bool{10 * time.Millisecond: true, time.Minute: false} {
		r := &Report{Choice: Choice{Load: 1, Store: 1}}
		Expire(r, func(Choice) target.Map[int, int] {
			m, until := plain{}, map[int]time.Time{}
			return target.Map[int, int]{
				Load: func(k int) (int, bool) {
					if time.Now().After(until[k]) {
						return 0, false
					}
					return m.load(k)
				},
				Store: func(k, v int) { m[k], until[k] = v, time.Now().Add(ttl) },
			}
		})
		if r.Evicts != want {
			t.Errorf("with entries that live for %v: a cache is %v; want %v", ttl, r.Evicts, want)
		}
	}
}
