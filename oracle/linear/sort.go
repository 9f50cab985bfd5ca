package linear

// sortNearly sorts by the key: by insertion, which is linear where little is out of
// order, as what follows the clock is. What is worse goes into a heap: the library's
// sort would have each comparison allocate.
func sortNearly[T any](s []T, key func(*T) int64) {
	moves := 8 * len(s)
	for i := 1; i < len(s); i++ {
		k := key(&s[i])
		if key(&s[i-1]) <= k {
			continue
		}
		moved, at := s[i], i
		for ; at > 0 && key(&s[at-1]) > k; at-- {
			s[at] = s[at-1]
		}
		s[at] = moved
		if moves -= i - at; moves < 0 {
			heapSort(s, key)
			return
		}
	}
}

func heapSort[T any](s []T, key func(*T) int64) {
	for top := len(s)/2 - 1; top >= 0; top-- {
		sink(s, top, key)
	}
	for n := len(s) - 1; n > 0; n-- {
		s[0], s[n] = s[n], s[0]
		sink(s[:n], 0, key)
	}
}

// sink lets s[at] sink until nothing below it is greater.
func sink[T any](s []T, at int, key func(*T) int64) {
	for {
		down := 2*at + 1
		if down >= len(s) {
			return
		}
		if down+1 < len(s) && key(&s[down]) < key(&s[down+1]) {
			down++
		}
		if key(&s[down]) <= key(&s[at]) {
			return
		}
		s[at], s[down] = s[down], s[at]
		at = down
	}
}

// merge appends to all the points of both, which are in order of a.
func merge(all, lone, joint []point) []point {
	for len(lone) > 0 && len(joint) > 0 {
		if joint[0].a < lone[0].a {
			all, joint = append(all, joint[0]), joint[1:]
		} else {
			all, lone = append(all, lone[0]), lone[1:]
		}
	}
	return append(append(all, lone...), joint...)
}
