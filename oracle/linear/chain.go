package linear

import "math"

// A block is a chain of values, each replaced by the next, with all ops that
// found or wrote them. As each value is written once, no linearization has
// another effect between two ops of a block: it holds the key without a break,
// and its ops in the order of its chain.
type block struct {
	f, s        int64 // earliest Ret and latest Inv of its ops
	first, last int32 // the calls that have these
	head, tail  int32 // the first and the last value of the chain
	piece       int32 // see cut
	asks        bool  // its first op found the key absent
	leaves      bool  // its last op left the key absent
}

// chain makes blocks of the values. It reports false if a chain is none: a value
// that nobody wrote or that two ops consumed, or an op that had returned before
// one began that it has to follow.
func (c *Checker) chain() bool {
	for n := range c.values {
		if v := &c.values[n]; !v.wild && v.consumer != nobody && !c.consumed(v) {
			return false
		}
	}
	chained, written := 0, 0
	for n := range c.values {
		v := &c.values[n]
		switch {
		case v.wild:
		case v.writer == nobody:
			if v.early != nobody || v.consumer != nobody {
				c.accuse("nobody wrote the value that was found, or it had been replaced before", v.early, v.consumer)
				return false
			}
		case v.writer >= 0 && c.calls[v.writer].role == maybe:
		case v.writer == prefilled || c.calls[v.writer].role == write:
			length := c.link(int32(n))
			if length == 0 {
				return false
			}
			chained += length
			written++
		default: // one of those linked to a value before it
			written++
		}
	}
	if chained != written {
		c.blameCycle()
		return false
	}
	return true
}

// consumed leaves the value its one consumer that took effect, or nobody.
func (c *Checker) consumed(v *value) bool {
	one := int32(nobody)
	for i := v.consumer; i != nobody; i = c.calls[i].next {
		if c.calls[i].role != consume {
			continue
		}
		if one != nobody {
			c.accuse("two ops took out, or replaced, one value", v.writer, i, one)
			return false
		}
		one = i
	}
	v.consumer = one
	return true
}

// blameCycle blames the ops of values that replaced one another in a circle.
func (c *Checker) blameCycle() {
	for n := range c.values {
		v := &c.values[n]
		if !v.wild && v.block == nobody && v.writer >= 0 && c.calls[v.writer].role == consume {
			c.accuse("each value replaced another, and none came first", v.writer, v.consumer)
			return
		}
	}
}

// link follows the chain from its first value and makes a block of it. It
// returns how many values that has, 0 if their ops contradict the clock.
//
// In the order of the chain, no op may have returned before an op of an earlier
// stage was called. So it is enough to compare the earliest Ret of each stage
// with the latest Inv of all stages up to then.
func (c *Checker) link(head int32) (length int) {
	b := block{f: math.MaxInt64, s: math.MinInt64, first: nobody, last: nobody, head: head, piece: nobody}
	if w := c.values[head].writer; w >= 0 {
		b.asks = c.ops[w].Pre == Absent
	} else {
		b.f = math.MinInt64
	}
	number := int32(len(c.blocks))
	for n, prev := head, int32(nobody); ; length++ {
		v := &c.values[n]
		v.block, v.prev, b.tail = number, prev, n
		if length == 0 && v.writer >= 0 && !c.stage(&b, v.writer, v.writer) {
			return 0
		}
		v.low = b.s
		if v.early != nobody && !c.stage(&b, v.early, v.late) {
			return 0
		}
		if v.consumer == nobody {
			length++
			break
		}
		if !c.stage(&b, v.consumer, v.consumer) {
			return 0
		}
		next := c.calls[v.consumer].val
		if next == nobody {
			b.leaves = true
			length++
			break
		}
		prev, n = n, next
	}
	c.blocks = append(c.blocks, b)
	return length
}

// stage adds to the block a stage of its chain, of which early returned first
// and late was called last.
func (c *Checker) stage(b *block, early, late int32) bool {
	ret, inv := c.ops[early].Ret, c.ops[late].Inv
	if ret < b.s {
		c.accuse("it had returned before an op was called that came earlier", early, b.last)
		return false
	}
	if ret < b.f || b.first == nobody {
		b.f, b.first = min(ret, b.f), early
	}
	if inv > b.s || b.last == nobody {
		b.s, b.last = inv, late
	}
	return true
}
