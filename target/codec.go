package target

import (
	"fmt"
	"math"
	"reflect"
)

// Foreign is the code of a key or value that no Encode ever made: a torn value,
// or memory that belongs to something else.
const Foreign uint64 = math.MaxUint64

// FirstOdd is the smallest code that may stand for an odd key. Those of a
// prefill, which are numbered from 1, never do.
const FirstOdd uint64 = 1 << 30

// A Codec turns the engine's codes into values of T, and back.
//
// Encode must give different values for different codes from 0 to
// history.MaxCode, the same value each time, and must be safe for concurrent
// use. Decode answers false for a T that no Encode made; it should look at
// every byte, since that is how a torn value is seen.
type Codec[T any] struct {
	// Name is the shape's name in schedules: a word such as "string".
	Name   string
	Encode func(code uint64) T
	Decode func(T) (code uint64, ok bool)
	// Describe renders a foreign T for people: which of its bytes are whose. It
	// writes a code with the letter before it, k or v. Nil means fmt's %#v, cut.
	Describe func(x T, letter byte) string
	// Costly says that Encode allocates or takes longer than a map operation,
	// so that its values are made before the workers start.
	Costly bool
	// Odd tells the codes, all of them FirstOdd or more, of odd keys: those that are
	// not equal to themselves, and those that cannot be hashed. A map must
	// bear them, but what it answers of one cannot be judged. Nil is none.
	Odd func(code uint64) bool
	// Alias returns, for a code that has one, a second key that equals Encode's
	// and is not the same in memory, as -0 equals 0. Keys are written as Encode
	// makes them, and read and deleted by their alias; Decode knows both. Nil
	// is none.
	Alias func(code uint64) (T, bool)

	of bool // a value's code is that of its key: see IsThere
}

func (c *Codec[T]) describe(x T, letter byte) string {
	if c.Describe != nil {
		return c.Describe(x, letter)
	}
	text := fmt.Sprintf("%#v", x)
	if len(text) > 200 {
		return text[:200] + "..."
	}
	return text
}

// aliased returns the codec that makes aliases where there are any.
func (c Codec[T]) aliased() Codec[T] {
	encode := c.Encode
	c.Encode = func(code uint64) T {
		if x, ok := c.Alias(code); ok {
			return x
		}
		return encode(code)
	}
	return c
}

// A table holds the values of a costly codec's first codes, and of the first
// from FirstOdd on. It grows between runs only, so workers read it without a
// lock.
type table[T any] struct {
	codec Codec[T]
	made  []T
	high  []T // from FirstOdd
}

// tableLimit bounds each half of a table, in bytes, not counting what its values
// point to. The values of codes beyond it are made when used.
const tableLimit = 16 << 20

// prepare makes the values of all codes up to the last one, from FirstOdd if it
// is above that.
func (t *table[T]) prepare(last uint64) {
	if !t.codec.Costly {
		return
	}
	made, first := &t.made, uint64(0)
	if last >= FirstOdd {
		made, first = &t.high, FirstOdd
	}
	room := tableLimit / uint64(max(reflect.TypeFor[T]().Size(), 16))
	for i := uint64(len(*made)); i < min(last-first+1, room); i++ {
		*made = append(*made, t.codec.Encode(first+i))
	}
}

//go:norace
func (t *table[T]) encode(code uint64) T {
	if code < uint64(len(t.made)) {
		return t.made[code]
	}
	if i := code - FirstOdd; i < uint64(len(t.high)) {
		return t.high[i]
	}
	return t.codec.Encode(code)
}
