// Command ticking runs a map that is swept at each tick, where a sweep takes longer than a tick
// does; with an argument, one whose sweeper sleeps for half an hour in between. It prints how many runs
// came to their end, and how old an entry was by the run's clock at most. It is built with hooks, by
// TestTicking and TestSleeping.
package main

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/scheduler/controlled"
	"github.com/mapstress/mapstress/scheduler/strategy"
	"github.com/mapstress/mapstress/target"
)

const (
	entries = 200
	runs    = 100
)

// A swept is a map whose entries are looked at each 10 µs.
type swept struct {
	mu      sync.RWMutex
	entries map[int]entry
	stop    chan struct{}
}

type entry struct {
	value int
	since time.Time
}

var oldest time.Duration // that a load has seen

func fresh() target.Map[int, int] {
	m := &swept{entries: map[int]entry{}, stop: make(chan struct{})}
	if len(os.Args) > 1 {
		go m.sleep()
	} else {
		go m.sweep() // until the map is closed
	}
	return target.Map[int, int]{Load: m.load, Store: m.store, Close: func() { close(m.stop) }}
}

func (m *swept) sweep() {
	t := time.NewTicker(10 * time.Microsecond)
	defer t.Stop()
	for {
		select {
		case <-m.stop:
			return
		case <-t.C:
		}
		m.look()
	}
}

// sleep never ends, as of many caches.
func (m *swept) sleep() {
	for {
		time.Sleep(30 * time.Minute)
		m.look()
	}
}

func (m *swept) look() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for k, e := range m.entries {
		if time.Since(e.since) > time.Hour {
			delete(m.entries, k)
		}
	}
}

func (m *swept) load(k int) (int, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	e, ok := m.entries[k]
	if ok {
		oldest = max(oldest, time.Since(e.since))
	}
	return e.value, ok
}

func (m *swept) store(k, v int) {
	m.mu.Lock()
	m.entries[k] = entry{v, time.Now()}
	m.mu.Unlock()
}

func main() {
	ticking := target.Adapt("ticking", target.Int(), target.Int(), fresh, target.Contract{})
	schedule, err := scheduler.Parse(fmt.Sprintf("mapstress schedule v1\nprefill %d\nw0 load k1\nw1 load k2\n", entries))
	check(err)
	logs := scheduler.NewLogs(schedule, make([]uint64, scheduler.LogWords(schedule)))
	engine, err := controlled.New(&ticking.Variants[0], schedule, logs, func(scheduler.Phase) {}, controlled.Config{})
	check(err)
	defer engine.Close()
	ended := 0
	for seed := range uint64(runs) {
		run, err := engine.Run(strategy.NewRandom(seed), seed, false)
		check(err)
		if run.Stuck != nil {
			break
		}
		ended++
	}
	fmt.Println("ended", ended)
	fmt.Println("milliseconds", oldest.Seconds()*1000)
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
