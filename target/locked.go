package target

import (
	"maps"
	"sync"
)

// A locked map is the built-in map behind one lock. The methods give back their locks by
// defer. The two locks are the same
// sync.Mutex, or the two sides of a sync.RWMutex.
type locked[K, V comparable] struct {
	write, read sync.Locker
	m           map[K]V
}

func (l *locked[K, V]) methods() Map[K, V] {
	return Map[K, V]{
		Load: l.load, Store: l.store, LoadOrStore: l.loadOrStore, LoadAndDelete: l.loadAndDelete,
		Delete: func(k K) { l.loadAndDelete(k) },
		Swap:   l.swap, CompareAndSwap: l.compareAndSwap, CompareAndDelete: l.compareAndDelete,
		Compute: l.compute, Range: l.rangeAll, Len: l.len, IsEmpty: func() bool { return l.len() == 0 }, Clear: l.clear, Clone: l.clone,
	}
}

func (l *locked[K, V]) load(k K) (V, bool) {
	l.read.Lock()
	defer l.read.Unlock()
	v, ok := l.m[k]
	return v, ok
}

func (l *locked[K, V]) store(k K, v V) {
	l.write.Lock()
	defer l.write.Unlock()
	l.m[k] = v
}

func (l *locked[K, V]) loadOrStore(k K, v V) (V, bool) {
	l.write.Lock()
	defer l.write.Unlock()
	if old, ok := l.m[k]; ok {
		return old, true
	}
	l.m[k] = v
	return v, false
}

func (l *locked[K, V]) loadAndDelete(k K) (V, bool) {
	l.write.Lock()
	defer l.write.Unlock()
	v, ok := l.m[k]
	delete(l.m, k)
	return v, ok
}

func (l *locked[K, V]) swap(k K, v V) (V, bool) {
	l.write.Lock()
	defer l.write.Unlock()
	old, ok := l.m[k]
	l.m[k] = v
	return old, ok
}

func (l *locked[K, V]) compareAndSwap(k K, old, new V) bool {
	l.write.Lock()
	defer l.write.Unlock()
	if v, ok := l.m[k]; !ok || v != old {
		return false
	}
	l.m[k] = new
	return true
}

func (l *locked[K, V]) compareAndDelete(k K, old V) bool {
	l.write.Lock()
	defer l.write.Unlock()
	if v, ok := l.m[k]; !ok || v != old {
		return false
	}
	delete(l.m, k)
	return true
}

func (l *locked[K, V]) compute(k K, f func(V, bool) (V, bool)) (v V, ok bool) {
	l.write.Lock()
	defer l.write.Unlock()
	old, loaded := l.m[k]
	next, remove := f(old, loaded)
	if remove {
		delete(l.m, k)
		return v, false
	}
	l.m[k] = next
	return next, true
}

func (l *locked[K, V]) rangeAll(yield func(K, V) bool) {
	l.read.Lock()
	defer l.read.Unlock()
	for k, v := range l.m {
		if !yield(k, v) {
			return
		}
	}
}

func (l *locked[K, V]) len() int {
	l.read.Lock()
	defer l.read.Unlock()
	return len(l.m)
}

func (l *locked[K, V]) clear() {
	l.write.Lock()
	defer l.write.Unlock()
	clear(l.m)
}

func (l *locked[K, V]) clone() Map[K, V] {
	l.read.Lock()
	defer l.read.Unlock()
	return methodsOf(maps.Clone(l.m))
}

func behindMutex[K, V comparable]() Map[K, V] {
	mu := new(sync.Mutex)
	return (&locked[K, V]{write: mu, read: mu, m: make(map[K]V)}).methods()
}

func behindRWMutex[K, V comparable]() Map[K, V] {
	mu := new(sync.RWMutex)
	return (&locked[K, V]{write: mu, read: mu.RLocker(), m: make(map[K]V)}).methods()
}

// deferring is the contract of maps whose methods give back their locks by defer.
var deferring = Contract{
	Source:    "its own comments",
	InCompute: Callback{Panics: true, Quote: "The methods give back their locks by defer."},
	InRange:   Callback{Panics: true, Quote: "The methods give back their locks by defer."},
}

func mutex() Target {
	t := everyShape("map+mutex", isMutex, deferring)
	t.Doc = "the built-in map behind a sync.Mutex"
	return t
}

func rwmutex() Target {
	t := everyShape("map+rwmutex", isRWMutex, deferring)
	t.Doc = "the built-in map behind a sync.RWMutex"
	return t
}
