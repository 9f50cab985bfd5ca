// Package unsteady has a map that does something else in each process: it goes by what a run has
// no hold on.
package unsteady

import (
	"os"
	"sync"
	"sync/atomic"
)

// A Map looks at its process's number, bit by bit.
type Map struct {
	sync.Map
	bits atomic.Int64
}

// New makes one.
func New() *Map { return &Map{} }

// Store sets a value.
func (m *Map) Store(k, v any) {
	for pid := os.Getpid(); pid > 0; pid >>= 1 {
		if pid&1 == 0 {
			m.bits.Load()
		} else {
			m.bits.Store(1)
		}
	}
	m.Map.Store(k, v)
}
