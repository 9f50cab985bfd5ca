package target

import "maps"

// Builtin returns the targets that mapstress knows without being told, in the
// order in which a search takes them.
func Builtin() []Target {
	return []Target{plain(), mutex(), rwmutex(), syncMap(), striped()}
}

// plainMap is the built-in map with nothing around it.
func plainMap[K comparable, V any]() Map[K, V] { return methodsOf(make(map[K]V)) }

func methodsOf[K comparable, V any](m map[K]V) Map[K, V] {
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
		Len:     func() int { return len(m) },
		IsEmpty: func() bool { return len(m) == 0 },
		Clear:   func() { clear(m) },
		Clone:   func() Map[K, V] { return methodsOf(maps.Clone(m)) },
	}
	if m, ok := any(m).(map[K]int); ok {
		methods.Increment = func(k K) { m[k]++ }
	}
	return methods
}

func plain() Target {
	t := everyShape("map", isPlain, Contract{
		Unsafe: true,
		Source: "the Go FAQ",
		Load:   Promise{Quote: "Map access is unsafe only when updates are occurring."},
	})
	t.Doc = "the built-in map, unsynchronised: a survey of what misuse does"
	return t
}
