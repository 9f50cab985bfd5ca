package target

import "maps"

// Builtin returns the targets that mapstress knows without being told, in the
// order in which a search takes them.
func Builtin() []Target {
	return []Target{plain(), mutex(), rwmutex(), syncMap(), striped()}
}

// plainMap is the built-in map with nothing around it. Increment is the
// read-modify-write that m[k]++ is.
func plainMap[K comparable, V any](increment func(m map[K]V, k K)) func() Map[K, V] {
	return func() Map[K, V] { return methodsOf(make(map[K]V), increment) }
}

func methodsOf[K comparable, V any](m map[K]V, increment func(m map[K]V, k K)) Map[K, V] {
	methods := Map[K, V]{
		Load:   func(k K) (V, bool) { v, ok := m[k]; return v, ok },
		Store:  func(k K, v V) { m[k] = v },
		Delete: func(k K) { delete(m, k) },
		Range: func(yield func(K, V) bool) {
			for k, v := range m {
				if !yield(k, v) {
					return
				}
			}
		},
		Len:   func() int { return len(m) },
		Clear: func() { clear(m) },
		Clone: func() Map[K, V] { return methodsOf(maps.Clone(m), nil) },
	}
	if increment != nil {
		methods.Increment = func(k K) { increment(m, k) }
	}
	return methods
}

func plain() Target {
	contract := Contract{
		Unsafe: true,
		Source: "the Go FAQ",
		Load:   Promise{Quote: "Map access is unsafe only when updates are occurring."},
	}
	const name = "map"
	t := Join(
		Adapt(name, Int(), Int(), plainMap(func(m map[int]int, k int) { m[k]++ }), contract),
		Adapt(name, String(), Int(), plainMap(func(m map[string]int, k string) { m[k]++ }), contract),
		Adapt(name, String(), String(), plainMap[string, string](nil), contract),
		Adapt(name, Int(), Any(), plainMap[int, any](nil), contract),
		Adapt(name, Int(), Array4(), plainMap[int, [4]int](nil), contract),
		Adapt(name, Int(), KiB2(), plainMap[int, [256]int](nil), contract),
	)
	t.Doc = "the built-in map, unsynchronised: a survey of what misuse does"
	return t
}
