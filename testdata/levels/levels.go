// Package levels has a map that draws as skip lists do: from the runtime's own numbers.
package levels

import (
	"sync"
	_ "unsafe"
)

// A Map locks as often as it draws.
type Map struct {
	mu sync.Mutex
	m  map[int]int
}

// New makes one.
func New() *Map { return &Map{m: map[int]int{}} }

// Load returns a value.
func (l *Map) Load(k int) (int, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	v, ok := l.m[k]
	return v, ok
}

// Store sets one.
func (l *Map) Store(k, v int) {
	for level := 1; cheaprand()&1 == 0; level++ {
		l.mu.Lock()
		l.mu.Unlock() //nolint:staticcheck // a level takes a lock
	}
	l.mu.Lock()
	l.m[k] = v
	l.mu.Unlock()
}

//go:linkname cheaprand runtime.cheaprand
func cheaprand() uint32
