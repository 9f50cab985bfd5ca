package methods

import "time"

// lasting is for how long entries must stay not to be those of a cache. A run takes microseconds, but
// that of a busy machine may be held up, and the clock of controlled runs goes on by a microsecond
// with each access to memory.
var lasting = 3 * time.Second

// Expire finds out whether a map lets go of entries by time, which Examine does not wait for. It is
// for a map that may know of a time to live.
func Expire[K comparable, V any](r *Report, make Maker[K, V]) {
	key, value, err := codecs[K, V](r.Ints, r.KeyField)
	m := make(r.Choice)
	if err != nil || r.Evicts || m.Store == nil {
		return
	}
	const few = 8
	for code := uint64(1); code <= few; code++ {
		m.Store(key.Encode(code), value.Encode(code))
	}
	time.Sleep(lasting)
	for code := uint64(1); code <= few; code++ {
		if _, ok := m.Load(key.Encode(code)); !ok {
			r.Evicts = true
		}
	}
	if m.Close != nil {
		m.Close()
	}
}
