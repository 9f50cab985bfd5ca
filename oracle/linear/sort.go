package linear

import "slices"

// sortNearly sorts by insertion, which is linear where little is out of order, as
// what follows the clock is, and leaves what is worse to the library.
func sortNearly[T any](s []T, order func(x, y *T) int) {
	moves := 8 * len(s)
	for i := 1; i < len(s); i++ {
		if order(&s[i-1], &s[i]) <= 0 {
			continue
		}
		moved, at := s[i], i
		for ; at > 0 && order(&s[at-1], &moved) > 0; at-- {
			s[at] = s[at-1]
		}
		s[at] = moved
		if moves -= i - at; moves < 0 {
			slices.SortFunc(s, func(x, y T) int { return order(&x, &y) })
			return
		}
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
