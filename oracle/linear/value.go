package linear

import "math"

const (
	nobody    = -1 // no call
	prefilled = -2 // the writer of the initial value
)

// A value is all that the ops say of one value.
type value struct {
	low              int64 // latest Inv in the chain up to the writer: it took effect no sooner
	hi               int64 // earliest Ret in the chain from the writer on: it took effect no later
	readRet, readInv int64 // earliest Ret and latest Inv of its reads
	early, late      int32 // the reads that have these
	writer           int32
	consumer         int32 // first of a list, by call.next; after chain, the one that took effect
	block            int32
	prev             int32 // the value before it in the chain
	wild             bool  // not written once only, or by an op that zones do not express
}

// number returns the value's number.
func (c *Checker) number(v uint64) int32 {
	n := c.index.number(v)
	if int(n) == len(c.values) {
		c.values = append(c.values, value{readRet: math.MaxInt64, readInv: math.MinInt64, early: nobody,
			late: nobody, writer: nobody, consumer: nobody, block: nobody, prev: nobody})
	}
	return n
}
