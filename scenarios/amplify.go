package scenarios

import (
	"slices"

	"github.com/mapstress/mapstress/scheduler"
)

// Amplify returns schedules with the same ops as s that may fail more often than
// it does: other timing plans, and other growth boundaries for the prefill, with
// one thing changed in each. They are valid, none equals s, and which of them
// helps is for a measurement to say.
func (space Space) Amplify(s *scheduler.Schedule) (all []*scheduler.Schedule) {
	own := min(max(2, space.Procs), scheduler.MaxProcs)
	var edits []edit
	set := func(e edit) { edits = append(edits, e) }
	for _, spin := range []int{0, 32, 128, 512, 2048} {
		set(func(c *scheduler.Schedule) { c.Timing.Spin = spin })
	}
	for _, start := range []scheduler.Start{scheduler.Spin, scheduler.Go, scheduler.Barrier} {
		set(func(c *scheduler.Schedule) { c.Timing.Start = start })
	}
	for _, procs := range []int{2, own, 2 * own} {
		set(func(c *scheduler.Schedule) { c.Timing.Procs = min(procs, scheduler.MaxProcs) })
	}
	for _, gosched := range []int{0, 20, 50} {
		set(func(c *scheduler.Schedule) { c.Timing.Gosched = gosched })
	}
	for w := range len(s.Workers) + 1 { // 0 is none
		set(func(c *scheduler.Schedule) { c.Timing.Stalled = w })
	}
	set(func(c *scheduler.Schedule) { c.Timing.Lock = !c.Timing.Lock })
	for _, size := range space.nearBoundaries(s.Prefill) {
		set(func(c *scheduler.Schedule) {
			setPrefill(c, size)
			renumberValues(c) // a larger prefill may hold what an op writes
		})
	}
	seen := []string{s.Text()}
	for _, e := range edits {
		c := s.Clone()
		e(c)
		if text := c.Text(); c.Validate() == nil && !slices.Contains(seen, text) {
			seen = append(seen, text)
			all = append(all, c)
		}
	}
	return all
}

// nearBoundaries returns the boundaries on either side of a prefill, and the sizes
// from which the second and third insert would reach the next one.
func (space Space) nearBoundaries(prefill int) (sizes []int) {
	if !space.Inserts() {
		return nil
	}
	all := space.boundaries()
	i, _ := slices.BinarySearch(all, prefill)
	for _, b := range all[max(0, i-1):min(len(all), i+2)] {
		for _, size := range []int{b, b - 1, b - 2} {
			if size > 0 && size <= 4*max(prefill, all[0]) {
				sizes = append(sizes, size)
			}
		}
	}
	return sizes
}
