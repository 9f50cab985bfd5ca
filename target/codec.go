package target

import (
	"fmt"
	"math"
	"reflect"
)

// Foreign is the code of a key or value that no Encode ever made: a torn value,
// or memory that belongs to something else.
const Foreign uint64 = math.MaxUint64

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
	// Describe renders a foreign T for people. Nil means fmt's %#v, cut.
	Describe func(T) string
	// Costly says that Encode allocates or takes longer than a map operation,
	// so that its values are made before the workers start.
	Costly bool
}

func (c *Codec[T]) describe(x T) string {
	if c.Describe != nil {
		return c.Describe(x)
	}
	text := fmt.Sprintf("%#v", x)
	if len(text) > 200 {
		return text[:200] + "..."
	}
	return text
}

// A table holds the values of a costly codec's first codes. It grows between
// runs only, so workers read it without a lock.
type table[T any] struct {
	codec Codec[T]
	made  []T
}

// tableLimit bounds a table, in bytes, not counting what its values point to.
// The values of codes beyond it are made when used.
const tableLimit = 16 << 20

// prepare makes the values of all codes up to the last one.
func (t *table[T]) prepare(last uint64) {
	if !t.codec.Costly {
		return
	}
	room := tableLimit / uint64(max(reflect.TypeFor[T]().Size(), 16))
	for code := uint64(len(t.made)); code < min(last+1, room); code++ {
		t.made = append(t.made, t.codec.Encode(code))
	}
}

func (t *table[T]) encode(code uint64) T {
	if code < uint64(len(t.made)) {
		return t.made[code]
	}
	return t.codec.Encode(code)
}
