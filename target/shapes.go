package target

import "fmt"

// A construction is one of the built-in targets' maps, whatever its types. It
// stands for a generic constructor, which Go cannot pass on without its types.
type construction int

const (
	isPlain construction = iota
	isMutex
	isRWMutex
	isSyncMap
	isStriped
)

func constructor[K, V comparable](c construction) func() Map[K, V] {
	switch c {
	case isPlain:
		return plainMap[K, V]
	case isMutex:
		return behindMutex[K, V]
	case isRWMutex:
		return behindRWMutex[K, V]
	case isSyncMap:
		return syncMapOf[K, V]
	case isStriped:
		return stripedMapOf[K, V]
	}
	panic(fmt.Sprintf("target: no construction %d", c))
}

// everyShape makes a target of a map that takes any keys and values: in each key
// shape with ints, in each value shape under ints, and of strings both.
func everyShape(name string, c construction, contract Contract) Target {
	t := Join(
		Adapt(name, Int(), Int(), constructor[int, int](c), contract), // the default
		Adapt(name, Int32(), Int(), constructor[int32, int](c), contract),
		Adapt(name, String(), Int(), constructor[string, int](c), contract),
		Adapt(name, LongString(), Int(), constructor[string, int](c), contract),
		Adapt(name, Struct(), Int(), constructor[Pair, int](c), contract),
		Adapt(name, AnyKey(), Int(), constructor[any, int](c), contract),
		Adapt(name, Pointer(), Int(), constructor[*Cell, int](c), contract),
		Adapt(name, Float64(), Int(), constructor[float64, int](c), contract),
		Adapt(name, Int(), String(), constructor[int, string](c), contract),
		Adapt(name, Int(), Any(), constructor[int, any](c), contract),
		Adapt(name, Int(), Pointer(), constructor[int, *Cell](c), contract),
		Adapt(name, Int(), Array4(), constructor[int, [4]int](c), contract),
		Adapt(name, Int(), Bytes256(), constructor[int, [256]byte](c), contract),
		Adapt(name, Int(), KiB2(), constructor[int, [256]int](c), contract),
		Adapt(name, Int(), Records(), constructor[int, Record](c), contract),
		Adapt(name, String(), String(), constructor[string, string](c), contract),
	)
	if c == isStriped { // the others take no hasher
		t = Join(t, Adapt(name, Collide(), Int(), constructor[Colliding, int](c), contract))
	}
	for i := range t.Variants {
		t.Variants[i].Apart = true
	}
	return t
}
