package methods

// apart reports whether a map of two stays as it is while the other is made, filled and read.
func apart[K comparable, V any](use Choice, make Maker[K, V], key func(uint64) K, value func(uint64) V) bool {
	s := settling[K, V]{make: make, key: key, value: value}
	for _, s.put = range []string{"Store", "LoadOrStore", "Swap"} {
		if use.Number(s.put) > 0 {
			break
		}
	}
	return s.try(use, func(m *trial[K, V]) {
		m.store(1, 2)
		other := trial[K, V]{Map: make(use), settling: &s}
		other.store(1, 3)
		other.store(2, 4)
		m.holds("it", 1, 2)
		m.lacks("it", 2)
		m.want("it counts what is in another map", m.Len == nil || m.Len() == 1)
		other.holds("it", 1, 3)
		other.holds("it", 2, 4)
		m.want(other.wrong, other.wrong == "")
		if other.Close != nil {
			other.Close()
		}
	}) == ""
}
