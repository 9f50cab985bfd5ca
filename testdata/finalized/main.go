// Command finalized runs maps whose goroutines end when garbage is collected, hundreds at once, and
// prints how many runs there were, and how many maps' finalizers. It is built with hooks, by
// TestFinalized.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/scheduler/controlled"
	"github.com/mapstress/mapstress/scheduler/strategy"
	"github.com/mapstress/mapstress/target"
)

const runs = 1000

// A handle is all that refers to what its goroutine works for.
type handle struct {
	entries *sync.Map
	stop    chan bool
}

var ended atomic.Int64

func fresh() target.Map[int, int] {
	h := &handle{&sync.Map{}, make(chan bool)}
	go func(stop chan bool) { // until nobody has the handle
		<-stop
	}(h.stop)
	runtime.SetFinalizer(h, func(h *handle) {
		ended.Add(1)
		h.stop <- true
	})
	return target.Map[int, int]{
		Load: func(k int) (int, bool) {
			v, ok := h.entries.Load(k)
			n, _ := v.(int)
			return n, ok
		},
		Store: func(k, v int) { h.entries.Store(k, v) },
	}
}

func main() {
	finalized := target.Adapt("finalized", target.Int(), target.Int(), fresh, target.Contract{})
	schedule, err := scheduler.Parse("mapstress schedule v1\nw0 store k1 v2\nw1 load k1\n")
	check(err)
	logs := scheduler.NewLogs(schedule, make([]uint64, scheduler.LogWords(schedule)))
	engine, err := controlled.New(&finalized.Variants[0], schedule, logs, func(scheduler.Phase) {}, controlled.Config{})
	check(err)
	defer engine.Close()
	for seed := range uint64(runs) {
		if _, err := engine.Run(strategy.NewRandom(seed), seed, false); err != nil {
			panic(err)
		}
		if seed%250 == 249 {
			runtime.GC()
			time.Sleep(10 * time.Millisecond) // finalizers run meanwhile
		}
	}
	fmt.Println("runs", runs)
	fmt.Println("finalized", ended.Load())
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
