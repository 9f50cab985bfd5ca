package target

import "sync"

func syncMap() Target {
	t := everyShape("sync.Map", isSyncMap, Contract{
		Source: "the documentation of sync.Map",
		Range: Promise{Level: PerKey, Quote: "Range does not necessarily correspond to any consistent snapshot of the Map's contents: " +
			"no key will be visited more than once, but if the value for any key is stored or deleted concurrently " +
			"(including by f), Range may reflect any mapping for that key from any point during the Range call."},
		Clear: Promise{Level: PerKey, Quote: "Clear deletes all the entries, resulting in an empty Map."},
		InRange: Callback{Calls: true, Quote: "Range does not block other methods on the receiver; " +
			"even f itself may call any method on m."},
	})
	t.Doc = "the standard library's concurrent map"
	return t
}

func syncMapOf[K, V comparable]() Map[K, V] {
	m := new(sync.Map)
	value := func(v any, ok bool) (V, bool) {
		typed, _ := v.(V)
		return typed, ok
	}
	return Map[K, V]{
		Load:             func(k K) (V, bool) { return value(m.Load(k)) },
		Store:            func(k K, v V) { m.Store(k, v) },
		LoadOrStore:      func(k K, v V) (V, bool) { return value(m.LoadOrStore(k, v)) },
		LoadAndDelete:    func(k K) (V, bool) { return value(m.LoadAndDelete(k)) },
		Delete:           func(k K) { m.Delete(k) },
		Swap:             func(k K, v V) (V, bool) { return value(m.Swap(k, v)) },
		CompareAndSwap:   func(k K, old, new V) bool { return m.CompareAndSwap(k, old, new) },
		CompareAndDelete: func(k K, old V) bool { return m.CompareAndDelete(k, old) },
		Range: func(yield func(K, V) bool) {
			m.Range(func(k, v any) bool { return yield(k.(K), v.(V)) })
		},
		Clear: m.Clear,
	}
}
