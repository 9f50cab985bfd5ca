package linear

// maxShort is the most ops that are tried in the order in which they returned. That
// order explains most keys of so few ops, and seldom those of more.
const maxShort = 8

// short tries the order of the returns, which never contradicts that of the clock:
// of two ops, one that returned before the other was called is the first to return.
// If it explains the answers the ops are linearizable, if not nothing is known. Ops
// that never returned are left out.
func (c *Checker) short() bool {
	if len(c.ops) > maxShort {
		return false
	}
	var order [maxShort]uint8
	for i := range c.ops {
		at := i
		for ; at > 0 && c.ops[order[at-1]].Ret > c.ops[i].Ret; at-- {
			order[at] = order[at-1]
		}
		order[at] = uint8(i)
	}
	s := c.initial
	for _, i := range order[:len(c.ops)] {
		op := &c.ops[i]
		if op.Ret == Pending {
			break
		}
		after, ok := op.Step(s)
		if !ok {
			return false
		}
		s = after
	}
	return true
}
