package main

import "strings"

// What the ordinary way needs of each map, as its author would write it.

const syncMap = `
var number = func(v any, ok bool) (int, bool) { n, _ := v.(int); return n, ok }

func fresh() subject {
	var m sync.Map
	return subject{
		load:             func(k int) (int, bool) { return number(m.Load(k)) },
		store:            func(k, v int) { m.Store(k, v) },
		loadOrStore:      func(k, v int) (int, bool) { return number(m.LoadOrStore(k, v)) },
		loadAndDelete:    func(k int) (int, bool) { return number(m.LoadAndDelete(k)) },
		remove:           func(k int) { m.Delete(k) },
		swap:             func(k, v int) { m.Swap(k, v) },
		compareAndSwap:   func(k, v int) { old, _ := m.Load(k); m.CompareAndSwap(k, old, v) },
		compareAndDelete: func(k, v int) { old, _ := m.Load(k); m.CompareAndDelete(k, old) },
		each:             func(f func(int)) { m.Range(func(k, _ any) bool { f(k.(int)); return true }) },
	}
}
`

// xsync is the Map of that module, with Size or without.
func xsync(path string, size bool) string {
	text := `	xsync "PATH"

var number = func(v any, ok bool) (int, bool) { n, _ := v.(int); return n, ok }

func fresh() subject {
	m := xsync.NewMap()
	return subject{
		load:          func(k int) (int, bool) { return number(m.Load(strconv.Itoa(k))) },
		store:         func(k, v int) { m.Store(strconv.Itoa(k), v) },
		loadOrStore:   func(k, v int) (int, bool) { return number(m.LoadOrStore(strconv.Itoa(k), v)) },
		loadAndDelete: func(k int) (int, bool) { return number(m.LoadAndDelete(strconv.Itoa(k))) },
		remove:        func(k int) { m.Delete(strconv.Itoa(k)) },
		each: func(f func(int)) {
			m.Range(func(k string, _ interface{}) bool { n, _ := strconv.Atoi(k); f(n); return true })
		},
		length: m.Size,
	}
}
`
	if !size {
		text = strings.Replace(text, "\t\tlength: m.Size,\n", "", 1)
	}
	return strings.Replace(text, "PATH", path, 1)
}

const skipmap = `	"github.com/bytedance/gopkg/collection/skipmap"

var number = func(v any, ok bool) (int, bool) { n, _ := v.(int); return n, ok }

func fresh() subject {
	m := skipmap.NewInt()
	return subject{
		load:          func(k int) (int, bool) { return number(m.Load(k)) },
		store:         func(k, v int) { m.Store(k, v) },
		loadOrStore:   func(k, v int) (int, bool) { return number(m.LoadOrStore(k, v)) },
		loadAndDelete: func(k int) (int, bool) { return number(m.LoadAndDelete(k)) },
		remove:        func(k int) { m.Delete(k) },
		each:          func(f func(int)) { m.Range(func(k int, _ interface{}) bool { f(k); return true }) },
		length:        m.Len,
	}
}
`

const hashmap = `	"github.com/cornelk/hashmap"

var number = func(v any, ok bool) (int, bool) { n, _ := v.(int); return n, ok }

func fresh() subject {
	m := hashmap.New(16)
	return subject{
		load:        func(k int) (int, bool) { return number(m.Get(k)) },
		store:       func(k, v int) { m.Set(k, v) },
		loadOrStore: func(k, v int) (int, bool) { return number(m.GetOrInsert(k, v)) },
		remove:      func(k int) { m.Del(k) },
		length:      m.Len,
	}
}
`

const haxmap = `	"github.com/alphadose/haxmap"

func fresh() subject {
	m := haxmap.New[int, int]()
	return subject{
		load:          m.Get,
		store:         m.Set,
		loadOrStore:   m.GetOrSet,
		loadAndDelete: m.GetAndDel,
		remove:        func(k int) { m.Del(k) },
		each:          func(f func(int)) { m.ForEach(func(k, _ int) bool { f(k); return true }) },
		length:        func() int { return int(m.Len()) },
	}
}
`

const goCache = `	"github.com/patrickmn/go-cache"

func fresh() subject {
	m := cache.New(0, 0)
	return subject{
		load:   func(k int) (int, bool) { v, ok := m.Get(strconv.Itoa(k)); n, _ := v.(int); return n, ok },
		store:  func(k, v int) { m.Set(strconv.Itoa(k), v, 0) },
		remove: func(k int) { m.Delete(strconv.Itoa(k)) },
		each: func(f func(int)) {
			for k := range m.Items() {
				n, _ := strconv.Atoi(k)
				f(n)
			}
		},
		length: m.ItemCount,
	}
}
`

const oldConcurrentMap = `	cmap "github.com/orcaman/concurrent-map"

func fresh() subject {
	m := cmap.New()
	return subject{
		load:   func(k int) (int, bool) { v, ok := m.Get(strconv.Itoa(k)); n, _ := v.(int); return n, ok },
		store:  func(k, v int) { m.Set(strconv.Itoa(k), v) },
		remove: func(k int) { m.Remove(strconv.Itoa(k)) },
		each: func(f func(int)) {
			for _, k := range m.Keys() {
				n, _ := strconv.Atoi(k)
				f(n)
			}
		},
		length: m.Count,
	}
}
`

const ttlcache = `	"github.com/jellydator/ttlcache/v3"

func fresh() subject {
	m := ttlcache.New[int, int]()
	return subject{
		load: func(k int) (int, bool) {
			if i := m.Get(k); i != nil {
				return i.Value(), true
			}
			return 0, false
		},
		store:  func(k, v int) { m.Set(k, v, ttlcache.NoTTL) },
		remove: m.Delete,
		each: func(f func(int)) {
			m.RangeBackwards(func(i *ttlcache.Item[int, int]) bool { f(i.Key()); return true })
		},
		length: m.Len,
	}
}
`
