package linear

import "slices"

// A blame is what contradicts what, if the check got to know.
type blame struct {
	ids []int
	why string
}

// Blame says why the last Check was Illegal, as far as it learned that: the IDs,
// without repeats, of a few ops that contradict one another, and the reason in
// words. They do so even without all others, but for two cases: an op that never
// returned is known to have happened from those that saw its effect, and the first
// ops, as long as none overlaps the next, count as the state that they left. There
// are no IDs if
// only counting or the search of all orders told, and neither words after another
// outcome. The slice is valid until the next Check.
func (c *Checker) Blame() (ids []int, why string) { return c.blame.ids, c.blame.why }

func (b *blame) clear() { b.ids, b.why = b.ids[:0], "" }

// accuse blames calls; those that are none are the initial state, or nobody.
func (c *Checker) accuse(why string, calls ...int32) {
	c.blame.clear()
	c.blame.why = why
	for _, i := range calls {
		if i >= 0 && !slices.Contains(c.blame.ids, c.ops[i].ID) {
			c.blame.ids = append(c.blame.ids, c.ops[i].ID)
		}
	}
}
