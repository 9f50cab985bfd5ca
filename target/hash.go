package target

import (
	"fmt"
	"hash/maphash"
	"math"
	"unsafe"
)

var hashSeed = maphash.MakeSeed()

// hasher returns the hash of one of the key shapes.
func hasher[K comparable]() func(K) uint64 {
	var hash any
	switch any((*K)(nil)).(type) {
	case *int:
		hash = func(k int) uint64 { return uint64(k) }
	case *int32:
		hash = func(k int32) uint64 { return uint64(k) }
	case *string:
		hash = hashString
	case *Pair:
		hash = func(k Pair) uint64 { return hashString(k.Name) ^ uint64(k.Number) }
	case *any:
		hash = hashAny
	case **Cell:
		hash = func(k *Cell) uint64 { return uint64(uintptr(unsafe.Pointer(k)) / cellSize) }
	case *float64:
		hash = hashFloat
	case *Colliding:
		hash = Colliding.Hash
	default:
		panic(fmt.Sprintf("target: no hash for keys of type %T", *new(K)))
	}
	return hash.(func(K) uint64)
}

func hashString(k string) uint64 { return maphash.String(hashSeed, k) }

// hashFloat gives -0 the hash of 0, as they are equal.
func hashFloat(k float64) uint64 {
	if k == 0 {
		return 0
	}
	return math.Float64bits(k) * 0x9e3779b97f4a7c15 >> 32 // the low bits of whole numbers are zero
}

// hashAny leaves it to the built-in map to refuse what cannot be hashed.
func hashAny(k any) uint64 {
	switch k := k.(type) {
	case int64:
		return uint64(k)
	case string:
		return hashString(k)
	case boxed:
		return k.Code
	case float64:
		return hashFloat(k)
	}
	return 0
}
