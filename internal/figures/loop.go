package main

import (
	"fmt"
	"math/rand"
	"os"
	"sync"
	"time"

	"github.com/mapstress/mapstress/target"
)

// loop is what people write by hand: goroutines that call random methods on keys
// that they share, and on some of their own that they read back, and then a look
// at what is left. It ends the process with loopFound at the first thing that is
// wrong, as it would be by a crash or the race detector. It checks all that can be
// checked without recording a history.
func loop(t *target.Target, seed int64, limit time.Duration) error {
	started := time.Now()
	for round := int64(0); time.Since(started) < limit; round++ {
		hang := time.AfterFunc(hangTime, func() { wrong("it hangs") })
		m := t.Variants[0].New()
		l := &handwritten{m: &m.Map, seed: seed + round*1_000_003}
		l.round()
		if m.Close != nil {
			m.Close()
		}
		hang.Stop()
	}
	return nil
}

const (
	loopFound     = 3 // exit code
	loopWorkers   = 8
	loopOps       = 1000
	loopShared    = 64 // keys
	loopPrivate   = 16 // keys of each worker
	hangTime      = time.Second
	privateOf     = 1000 // where a worker's own keys begin, times its number
	valueOfWorker = 1 << 20
)

func wrong(format string, args ...any) {
	fmt.Printf(format+"\n", args...)
	os.Exit(loopFound)
}

type handwritten struct {
	m    *target.Map[uint64, uint64]
	seed int64
}

// round has all workers at a fresh map.
func (l *handwritten) round() {
	var all sync.WaitGroup
	for w := range uint64(loopWorkers) {
		all.Add(1)
		go func() {
			defer all.Done()
			l.work(w+1, rand.New(rand.NewSource(l.seed+int64(w))))
		}()
	}
	all.Wait()
	l.check()
}

// work calls random methods on shared keys; every fourth op is on a key of its own,
// which it knows the value of.
func (l *handwritten) work(w uint64, rng *rand.Rand) {
	own := map[uint64]uint64{}
	for i := range uint64(loopOps) {
		value := w*valueOfWorker + i
		if i%4 > 0 {
			l.call(rng.Intn(12), uint64(rng.Intn(loopShared))+1, value)
			continue
		}
		k := w*privateOf + uint64(rng.Intn(loopPrivate))
		if want, ok := own[k]; ok {
			if got, found := l.m.Load(k); !found || got != want {
				wrong("a worker's own key %d holds %d, %v; it stored %d", k, got, found, want)
			}
		}
		if rng.Intn(4) == 0 {
			l.m.Delete(k)
			delete(own, k)
		} else {
			l.m.Store(k, value)
			own[k] = value
		}
	}
	for k, want := range own {
		if got, found := l.m.Load(k); !found || got != want {
			wrong("in the end a worker's own key %d holds %d, %v; it stored %d", k, got, found, want)
		}
	}
}

// call calls a method, if the map has it.
func (l *handwritten) call(n int, k, v uint64) {
	m := l.m
	switch {
	case n < 2 && m.Load != nil:
		m.Load(k)
	case n == 2 && m.LoadOrStore != nil:
		m.LoadOrStore(k, v)
	case n == 3 && m.LoadAndDelete != nil:
		m.LoadAndDelete(k)
	case n == 4 && m.Swap != nil:
		m.Swap(k, v)
	case n == 5 && m.CompareAndSwap != nil:
		if old, ok := m.Load(k); ok {
			m.CompareAndSwap(k, old, v)
		}
	case n == 6 && m.Compute != nil:
		m.Compute(k, func(uint64, bool) (uint64, bool) { return v, false })
	case n == 7 && m.Range != nil:
		l.walk()
	case n == 8 && m.Len != nil:
		if length := m.Len(); length < 0 {
			wrong("len is %d", length)
		}
	case n < 11:
		m.Store(k, v)
	default:
		m.Delete(k)
	}
}

// walk ranges over the map: no key twice.
func (l *handwritten) walk() (entries map[uint64]uint64) {
	entries = map[uint64]uint64{}
	l.m.Range(func(k, v uint64) bool {
		if _, twice := entries[k]; twice {
			wrong("range meets %d twice", k)
		}
		if k == target.Foreign || v == target.Foreign {
			wrong("range meets a torn value")
		}
		entries[k] = v
		return true
	})
	return entries
}

// check looks at the map at rest.
func (l *handwritten) check() {
	if l.m.Range == nil {
		return
	}
	entries := l.walk()
	if l.m.Len != nil && l.m.Len() != len(entries) {
		wrong("len is %d, and range meets %d", l.m.Len(), len(entries))
	}
	for k, v := range entries {
		if got, ok := l.m.Load(k); !ok || got != v {
			wrong("range meets %d with %d; load finds %d, %v", k, v, got, ok)
		}
	}
}
