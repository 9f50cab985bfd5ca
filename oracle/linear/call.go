package linear

// A role is what an op means for zones.
type role uint8

const (
	nothing role = iota // says and does nothing, or certainly is no problem
	read                // found the value pre
	miss                // found the key absent
	write               // put the value val in, blindly or into an absent key
	consume             // found pre; replaced it by val, or removed it
	remove              // removed what there was, if anything
	failed              // found another state than pre
	maybe               // never returned; might have written, consumed or nothing
	wild                // what zones do not express: only the search knows it
)

// A call is an op as the zones see it, with its values by number.
type call struct {
	pre, val int32 // nobody if none
	next     int32 // the next that may consume the same value
	role     role
}

// plain returns the op's effect and whether its condition guards it, in the
// simplest form: an op that puts in what it found only looked, and Pre Any holds
// always. It reports false if the op says and does nothing: it never returned, or
// has no condition, and has no effect.
func (op *Op) plain() (effect Effect, guarded, matters bool) {
	pending := op.Ret == Pending
	effect, guarded = op.Effect, (op.Guarded || pending) && op.Pre != Any
	if op.Pre == Is && effect == Set && op.Value == op.PreValue || op.Pre == Absent && effect == Remove {
		effect = Keep
	}
	if effect == Keep {
		return effect, guarded, !guarded && !pending && op.Pre != Any
	}
	return effect, guarded, op.Pre != Never || !guarded
}

// roleOf returns what an op that matters means for zones.
func roleOf(op *Op, effect Effect, guarded bool) role {
	switch op.Pre {
	case Any:
		switch {
		case effect == Remove:
			return remove
		case op.Ret == Pending:
			return maybe
		}
		return write
	case Is:
		switch {
		case op.Ret == Pending:
			return maybe
		case guarded:
			return wild
		case effect == Keep:
			return read
		}
		return consume
	case Absent:
		switch {
		case op.Ret == Pending:
			return maybe
		case guarded:
			return wild
		case effect == Keep:
			return miss
		}
		return write
	case IsNot:
		if effect == Keep {
			return failed
		}
	}
	return wild
}

// register gives each op its role, and each value the ops that name it.
func (c *Checker) register() bool {
	if c.initial.Present {
		c.values[c.number(c.initial.Value)].writer = prefilled
	}
	for i := range c.ops {
		op, k := &c.ops[i], &c.calls[i]
		*k = call{pre: nobody, val: nobody, next: nobody}
		effect, guarded, matters := op.plain()
		switch {
		case !matters:
		case op.Pre == Never:
			c.accuse("its answer contradicts itself", int32(i))
			return false
		case effect == Add:
			c.adds = true
		default:
			k.role = roleOf(op, effect, guarded)
			c.enter(int32(i), op, k, effect)
		}
	}
	return true
}

// enter enters what op i says of values.
func (c *Checker) enter(i int32, op *Op, k *call, effect Effect) {
	if op.Pre == Is || op.Pre == IsNot {
		k.pre = c.number(op.PreValue)
	}
	if effect == Set {
		k.val = c.number(op.Value)
		switch v := &c.values[k.val]; {
		case v.writer == nobody && k.role != wild:
			v.writer = i
		case !v.wild:
			v.wild = true
			c.spread = append(c.spread, k.val)
		}
	}
	switch k.role {
	case read:
		v := &c.values[k.pre]
		if op.Ret < v.readRet || v.early == nobody {
			v.readRet, v.early = op.Ret, i
		}
		if op.Inv > v.readInv || v.late == nobody {
			v.readInv, v.late = op.Inv, i
		}
	case consume, maybe:
		if k.pre != nobody {
			v := &c.values[k.pre]
			k.next, v.consumer = v.consumer, i
		}
	}
}

// taint makes wild all ops that name a wild value, and the values that they
// write. A value that is written twice, or was there to begin with and is
// written again, tells nothing of which write a read saw.
func (c *Checker) taint() {
	if len(c.spread) == 0 {
		return
	}
	for len(c.spread) > 0 {
		n := c.spread[len(c.spread)-1]
		c.spread = c.spread[:len(c.spread)-1]
		for i := c.values[n].consumer; i != nobody; i = c.calls[i].next {
			if u := c.calls[i].val; u != nobody && !c.values[u].wild {
				c.values[u].wild = true
				c.spread = append(c.spread, u)
			}
		}
	}
	for i := range c.calls {
		k := &c.calls[i]
		if k.pre != nobody && c.values[k.pre].wild || k.val != nobody && c.values[k.val].wild {
			k.role = wild
		}
	}
}

// resolve finds out which ops that never returned took effect: those whose value
// somebody read or replaced. The others, and those that removed a value, if so,
// stay maybes: to leave them out never makes zones demand more, so they matter
// only if zones cannot explain the rest without.
func (c *Checker) resolve() {
	for i := range c.calls {
		if c.calls[i].role == maybe {
			c.maybes = append(c.maybes, int32(i))
		}
	}
	if len(c.maybes) == 0 {
		return
	}
	for _, i := range c.maybes {
		if c.observed(c.calls[i].val) {
			c.happened(i)
		}
	}
	rest := c.maybes[:0]
	for _, i := range c.maybes {
		if c.calls[i].role == maybe {
			rest = append(rest, i)
		}
	}
	c.maybes = rest
}

// observed reports whether an op that certainly took effect found the value.
func (c *Checker) observed(n int32) bool {
	if n == nobody {
		return false
	}
	if c.values[n].early != nobody {
		return true
	}
	for i := c.values[n].consumer; i != nobody; i = c.calls[i].next {
		if c.calls[i].role == consume {
			return true
		}
	}
	return false
}

// happened notes that the call took effect, and so did whoever wrote the value
// that it found.
func (c *Checker) happened(i int32) {
	for i >= 0 && c.calls[i].role == maybe {
		k := &c.calls[i]
		k.role = write
		if k.pre == nobody {
			return
		}
		k.role = consume
		i = c.values[k.pre].writer
	}
}
