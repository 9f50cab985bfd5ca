package scheduler

import (
	"runtime"
	"sync/atomic"
)

// A collector collects garbage, again and again. Each collection stops all
// workers twice, wherever they are, and writes to memory go the longer way while
// it lasts.
type collector struct {
	closing atomic.Bool
	ended   chan struct{} // closed when collect has returned
}

func startCollector() *collector {
	c := &collector{ended: make(chan struct{})}
	go c.collect() // ended by close
	return c
}

func (c *collector) collect() {
	defer close(c.ended)
	runtime.GC()
	for !c.closing.Load() {
		runtime.GC()
	}
}

// close waits for the collection under way.
func (c *collector) close() {
	c.closing.Store(true)
	<-c.ended
}
