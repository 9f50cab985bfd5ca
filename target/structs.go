package target

import "fmt"

// A Pair is a key of two fields, which are hashed and compared one after the
// other.
type Pair struct {
	Name   string
	Number int
}

// Struct is the codec of Pairs; either field holds the code.
func Struct() Codec[Pair] {
	return Codec[Pair]{
		Name:     "struct",
		Costly:   true,
		Encode:   func(code uint64) Pair { return Pair{encodeString(code), int(code)} },
		Decode:   decodePair,
		Describe: describePair,
	}
}

func decodePair(p Pair) (uint64, bool) {
	code, ok := decodeString(p.Name)
	return code, ok && p.Number == int(code)
}

func describePair(p Pair, letter byte) string {
	name := describeText(p.Name, letter, encodeString)
	if code, ok := decodeString(p.Name); ok {
		name = fmt.Sprintf("%c%d", letter, code)
	}
	return fmt.Sprintf("a struct with %s in Name, %c%d in Number", name, letter, p.Number)
}

// A Colliding key has a hash of its own, for maps that take a hasher.
type Colliding struct{ code boxed }

// Hash is bad on purpose: it is one of two numbers, which differ in every bit.
// Wherever a map looks in it, half of all keys collide.
func (c Colliding) Hash() uint64 { return -(c.code.Code & 1) }

// Collide is the codec of Colliding keys.
func Collide() Codec[Colliding] {
	return Codec[Colliding]{
		Name:     "colliding",
		Encode:   func(code uint64) Colliding { return Colliding{box(code)} },
		Decode:   func(c Colliding) (uint64, bool) { return c.code.decode() },
		Describe: func(c Colliding, letter byte) string { return c.code.describe(letter) },
	}
}
