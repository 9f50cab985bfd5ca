package scenarios

import (
	"slices"

	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// lessPrefill gives up the peak or lowers it, to a boundary or by one. It empties the map, then tries the growth boundaries below, from the
// lowest, a half, and one entry less. Fresh keys move down with the prefill, so
// that they stay the next ones; where that is not what it takes, they stay.
func (space Space) lessPrefill(s *scheduler.Schedule) (edits []edit) {
	sizes := []int{0}
	for _, b := range space.boundaries() {
		if b < s.Prefill {
			sizes = append(sizes, b)
		}
	}
	if len(sizes) > 16 {
		sizes = sizes[:16] // a target with very many: the halves must do
	}
	for _, size := range []int{s.Prefill / 2, s.Prefill - 1} {
		if !slices.Contains(sizes, size) {
			sizes = append(sizes, max(0, size))
		}
	}
	if s.Peak > s.Prefill {
		for _, peak := range append([]int{0}, space.peaks(s)...) {
			edits = append(edits, func(c *scheduler.Schedule) { c.Peak = peak })
		}
	}
	for _, size := range sizes {
		edits = append(edits,
			func(c *scheduler.Schedule) { setPrefill(c, size) },
			func(c *scheduler.Schedule) { c.Prefill = size })
	}
	return edits
}

// peaks returns lower peaks that a schedule may have, in the order in which they are
// worth trying: one more than each boundary, at which the map has grown, then a half of
// what it is above the prefill, and one less.
func (space Space) peaks(s *scheduler.Schedule) (peaks []int) {
	for _, b := range space.boundaries() {
		if s.Prefill <= b && b+1 < s.Peak && len(peaks) < 16 {
			peaks = append(peaks, b+1)
		}
	}
	return append(peaks, s.Prefill+(s.Peak-s.Prefill)/2, s.Peak-1)
}

// setPrefill changes the prefill and keeps each op's key on its side of it:
// fresh keys stay fresh, odd ones odd, and keys that were there become the largest
// that are. The peak stays as far above it as it was.
func setPrefill(c *scheduler.Schedule, size int) {
	before := uint64(c.Prefill)
	if c.Peak > c.Prefill {
		c.Peak += size - c.Prefill
	}
	c.Prefill = size
	rekey(c, func(k uint64) uint64 {
		switch {
		case k >= target.FirstOdd:
			return k
		case k > before:
			return k - before + uint64(size)
		}
		return min(k, uint64(max(size, 1)))
	})
}
