// Package methods makes a target of any map with methods: by their names and
// signatures, it finds out what each does.
//
// It is built into child processes beside somebody's map, whose key and value types are
// known to the compiler there: a method is matched by asserting the interface that has
// just it, so that calling it costs no reflection.
package methods

import (
	"time"

	"github.com/mapstress/mapstress/target"
)

// Of returns the methods of a map that it knows the meaning of, and the names of those
// that it took, by what they are for ("Load: Get").
//
// A meaning is taken only where name and signature leave no doubt. So a Get that answers
// a value alone is not: who could tell an absent key from a zero value?
func Of[K comparable, V any](m any) (found target.Map[K, V], taken []string) {
	t := taking{&taken}
	found.Load = load[K, V](t, m)
	found.Store = store[K, V](t, m)
	found.Delete = remove[K, V](t, m)
	found.LoadOrStore = loadOrStore[K, V](t, m)
	found.LoadAndDelete = loadAndDelete[K, V](t, m)
	found.Swap = swap[K, V](t, m)
	found.CompareAndSwap = compareAndSwap[K, V](t, m)
	found.CompareAndDelete = compareAndDelete[K, V](t, m)
	found.Compute = compute[K, V](t, m)
	found.Range = iterate[K, V](t, m)
	found.Len = length(t, m)
	found.IsEmpty = isEmpty(t, m)
	found.Clear = empty(t, m)
	found.Close = end(t, m)
	return found, taken
}

// A taking writes down which methods are taken.
type taking struct{ names *[]string }

func (t taking) as(what, name string) { *t.names = append(*t.names, what+": "+name) }

func load[K comparable, V any](t taking, m any) func(K) (V, bool) {
	if x, ok := m.(interface{ Load(K) (V, bool) }); ok {
		t.as("load", "Load")
		return x.Load
	}
	if x, ok := m.(interface{ Get(K) (V, bool) }); ok {
		t.as("load", "Get")
		return x.Get
	}
	if x, ok := m.(interface{ Lookup(K) (V, bool) }); ok {
		t.as("load", "Lookup")
		return x.Lookup
	}
	if x, ok := m.(interface{ Find(K) (V, bool) }); ok {
		t.as("load", "Find")
		return x.Find
	}
	if x, ok := m.(interface{ Peek(K) (V, bool) }); ok {
		t.as("load", "Peek")
		return x.Peek
	}
	if x, ok := m.(interface{ Get(K) (V, error) }); ok {
		t.as("load", "Get")
		return func(k K) (V, bool) { v, err := x.Get(k); return v, err == nil }
	}
	return nil
}

func store[K comparable, V any](t taking, m any) func(K, V) {
	switch x := m.(type) {
	case interface{ Store(K, V) }:
		t.as("store", "Store")
		return x.Store
	case interface{ Set(K, V) }:
		t.as("store", "Set")
		return x.Set
	case interface{ Put(K, V) }:
		t.as("store", "Put")
		return x.Put
	case interface{ Set(K, V) error }:
		t.as("store", "Set")
		return func(k K, v V) { x.Set(k, v) }
	case interface{ Put(K, V) error }:
		t.as("store", "Put")
		return func(k K, v V) { x.Put(k, v) }
	case interface{ Set(K, V) bool }:
		t.as("store", "Set")
		return func(k K, v V) { x.Set(k, v) }
	case interface{ Insert(K, V) }:
		t.as("store", "Insert")
		return x.Insert
	case interface{ Add(K, V) }:
		t.as("store", "Add")
		return x.Add
	case interface{ Add(K, V) bool }:
		t.as("store", "Add")
		return func(k K, v V) { x.Add(k, v) }
	case interface{ SetDefault(K, V) }:
		t.as("store", "SetDefault")
		return x.SetDefault
	case interface{ Set(K, V, time.Duration) }: // 0 is each cache's own way to say for ever, or by default
		t.as("store", "Set")
		return func(k K, v V) { x.Set(k, v, 0) }
	}
	return nil
}

func remove[K comparable, V any](t taking, m any) func(K) {
	switch x := m.(type) {
	case interface{ Delete(K) }:
		t.as("delete", "Delete")
		return x.Delete
	case interface{ Del(K) }:
		t.as("delete", "Del")
		return x.Del
	case interface{ Remove(K) }:
		t.as("delete", "Remove")
		return x.Remove
	case interface{ Delete(K) bool }:
		t.as("delete", "Delete")
		return func(k K) { x.Delete(k) }
	case interface{ Del(K) bool }:
		t.as("delete", "Del")
		return func(k K) { x.Del(k) }
	case interface{ Remove(K) bool }:
		t.as("delete", "Remove")
		return func(k K) { x.Remove(k) }
	case interface{ Delete(K) error }:
		t.as("delete", "Delete")
		return func(k K) { x.Delete(k) }
	case interface{ Del(...K) }:
		t.as("delete", "Del")
		return func(k K) { x.Del(k) }
	}
	return nil
}

func loadOrStore[K comparable, V any](t taking, m any) func(K, V) (V, bool) {
	switch x := m.(type) {
	case interface{ LoadOrStore(K, V) (V, bool) }:
		t.as("load-or-store", "LoadOrStore")
		return x.LoadOrStore
	case interface{ GetOrSet(K, V) (V, bool) }:
		t.as("load-or-store", "GetOrSet")
		return x.GetOrSet
	case interface{ GetOrInsert(K, V) (V, bool) }:
		t.as("load-or-store", "GetOrInsert")
		return x.GetOrInsert
	case interface{ GetOrPut(K, V) (V, bool) }:
		t.as("load-or-store", "GetOrPut")
		return x.GetOrPut
	}
	return nil
}

func loadAndDelete[K comparable, V any](t taking, m any) func(K) (V, bool) {
	switch x := m.(type) {
	case interface{ LoadAndDelete(K) (V, bool) }:
		t.as("load-and-delete", "LoadAndDelete")
		return x.LoadAndDelete
	case interface{ GetAndDelete(K) (V, bool) }:
		t.as("load-and-delete", "GetAndDelete")
		return x.GetAndDelete
	case interface{ GetAndDel(K) (V, bool) }:
		t.as("load-and-delete", "GetAndDel")
		return x.GetAndDel
	case interface{ Pop(K) (V, bool) }:
		t.as("load-and-delete", "Pop")
		return x.Pop
	}
	return nil
}

func swap[K comparable, V any](t taking, m any) func(K, V) (V, bool) {
	switch x := m.(type) {
	case interface{ LoadAndStore(K, V) (V, bool) }:
		t.as("swap", "LoadAndStore")
		return x.LoadAndStore
	case interface{ Swap(K, V) (V, bool) }:
		t.as("swap", "Swap")
		return x.Swap
	case interface{ GetAndSet(K, V) (V, bool) }:
		t.as("swap", "GetAndSet")
		return x.GetAndSet
	}
	return nil
}

func compareAndSwap[K comparable, V any](t taking, m any) func(K, V, V) bool {
	switch x := m.(type) {
	case interface{ CompareAndSwap(K, V, V) bool }:
		t.as("compare-and-swap", "CompareAndSwap")
		return x.CompareAndSwap
	}
	return nil
}

func compareAndDelete[K comparable, V any](t taking, m any) func(K, V) bool {
	switch x := m.(type) {
	case interface{ CompareAndDelete(K, V) bool }:
		t.as("compare-and-delete", "CompareAndDelete")
		return x.CompareAndDelete
	}
	return nil
}

func compute[K comparable, V any](t taking, m any) func(K, func(V, bool) (V, bool)) (V, bool) {
	switch x := m.(type) {
	case interface {
		Compute(K, func(V, bool) (V, bool)) (V, bool)
	}:
		t.as("compute", "Compute")
		return x.Compute
	}
	return nil
}

func iterate[K comparable, V any](t taking, m any) func(func(K, V) bool) {
	switch x := m.(type) {
	case interface{ Range(func(K, V) bool) }:
		t.as("range", "Range")
		return x.Range
	case interface{ ForEach(func(K, V) bool) }:
		t.as("range", "ForEach")
		return x.ForEach
	case interface{ Items() map[K]V }:
		t.as("range", "Items")
		return func(yield func(K, V) bool) {
			for k, v := range x.Items() {
				if !yield(k, v) {
					return
				}
			}
		}
	case interface{ All() func(func(K, V) bool) }:
		t.as("range", "All")
		return func(yield func(K, V) bool) { x.All()(yield) }
	}
	return nil
}

func length(t taking, m any) func() int {
	switch x := m.(type) {
	case interface{ Len() int }:
		t.as("len", "Len")
		return x.Len
	case interface{ Size() int }:
		t.as("len", "Size")
		return x.Size
	case interface{ Count() int }:
		t.as("len", "Count")
		return x.Count
	case interface{ ItemCount() int }:
		t.as("len", "ItemCount")
		return x.ItemCount
	case interface{ Len() uintptr }:
		t.as("len", "Len")
		return func() int { return int(x.Len()) }
	}
	return nil
}

func isEmpty(t taking, m any) func() bool {
	switch x := m.(type) {
	case interface{ IsEmpty() bool }:
		t.as("is-empty", "IsEmpty")
		return x.IsEmpty
	case interface{ Empty() bool }:
		t.as("is-empty", "Empty")
		return x.Empty
	}
	return nil
}

func empty(t taking, m any) func() {
	switch x := m.(type) {
	case interface{ Clear() }:
		t.as("clear", "Clear")
		return x.Clear
	case interface{ Flush() }:
		t.as("clear", "Flush")
		return x.Flush
	}
	return nil
}

func end(t taking, m any) func() {
	switch x := m.(type) {
	case interface{ Close() }:
		t.as("close", "Close")
		return x.Close
	case interface{ Close() error }:
		t.as("close", "Close")
		return func() { x.Close() }
	case interface{ Stop() }:
		t.as("close", "Stop")
		return x.Stop
	}
	return nil
}
