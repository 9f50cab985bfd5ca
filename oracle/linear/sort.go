package linear

import (
	"cmp"
	"slices"
)

// sortNearly sorts by the key, stably: by insertion, which is linear where little
// is out of order, as what follows the clock is. It leaves what is worse to the
// library.
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
			sortAll(s, key)
			return
		}
	}
}

// sortAll is apart because what it compares escapes to the heap.
func sortAll[T any](s []T, key func(*T) int64) {
	slices.SortStableFunc(s, func(x, y T) int { return cmp.Compare(key(&x), key(&y)) })
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
