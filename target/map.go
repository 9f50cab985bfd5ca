// Package target says what a map can do and what it promises, and has the maps
// that mapstress knows without being told.
//
// It knows nothing of schedules or histories: an engine drives any target
// through a Map of codes.
package target

// A Map is the methods of one map. A nil method is one that the map lacks.
//
// All methods but Close are called by several goroutines at once. Their
// meanings are those of sync.Map, where it has them.
type Map[K comparable, V any] struct {
	Load  func(K) (V, bool)
	Store func(K, V)
	// Put is a Store that returns whether there was anything before it. Where both are given, Put is
	// what is called.
	Put func(K, V) bool
	// LoadOrStore returns the value now in the map, and whether it was loaded.
	LoadOrStore func(K, V) (V, bool)
	// LoadAndDelete returns what it deleted, and whether there was anything.
	LoadAndDelete func(K) (V, bool)
	Delete        func(K)
	// Remove is a Delete that returns whether there was anything. Where both are given, Remove is
	// what is called.
	Remove func(K) bool
	// Swap returns the value before it, and whether there was one.
	Swap             func(K, V) (V, bool)
	CompareAndSwap   func(key K, old, new V) bool
	CompareAndDelete func(key K, old V) bool
	// Compute calls the function once with what the map holds; it answers the
	// new value, or true to delete. Compute returns what the map holds then,
	// and whether it holds anything.
	Compute func(K, func(old V, loaded bool) (new V, delete bool)) (V, bool)
	// Increment adds one to the key's value, counting an absent one as zero:
	// m[k]++.
	Increment func(K)
	// Range calls the function for each entry until it answers false.
	Range func(func(K, V) bool)
	Len   func() int
	// IsEmpty reports whether there is no entry.
	IsEmpty func() bool
	Clear   func()
	// Clone returns a copy that shares nothing with the map.
	Clone func() Map[K, V]
	// Custom has methods beyond these.
	Custom []Custom[K, V]
	// Close releases what the map holds beyond memory, such as goroutines. It
	// is called once, after every other method has returned.
	Close func()
}
