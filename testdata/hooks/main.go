// Command hooks measures what hooks cost: it is built with them, by BenchmarkHooks. With an
// argument it switches between workers while garbage is collected.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/scheduler/controlled"
	"github.com/mapstress/mapstress/scheduler/strategy"
	"github.com/mapstress/mapstress/target"
)

const (
	batches  = 30
	accesses = 1 << 18 // of a batch without an engine
	points   = 20_000  // of a worker of a run
)

var cell = new(int)

// bare writes without hooks.
//
//go:norace
func bare(n int) {
	p := cell
	for i := range n {
		*p = i
	}
}

func hooked(n int) {
	p := cell
	for i := range n {
		*p = i
	}
}

// least returns how long each of n took in the fastest of all batches.
func least(n int, batch func()) float64 {
	best := time.Duration(1 << 62)
	for range batches {
		started := time.Now()
		batch()
		best = min(best, time.Since(started))
	}
	return float64(best.Nanoseconds()) / float64(n)
}

// A stays strategy never switches, and a switches one always does.
type (
	stays    struct{}
	switches struct{ stays }
)

func (stays) Begin(int) bool           { return true }
func (stays) Step(int, strategy.Point) {}
func (stays) Finish()                  {}

func (stays) Pick(v *strategy.View) int {
	if v.Stays {
		return v.Current
	}
	return v.Enabled[0]
}

func (switches) Pick(v *strategy.View) int {
	if v.Enabled[0] == v.Current {
		return v.Enabled[1]
	}
	return v.Enabled[0]
}

// engineOf is an engine with two workers that store, which is to call a function.
func engineOf(store func()) *controlled.Engine {
	m := target.Adapt("map", target.Int(), target.Int(), func() target.Map[int, int] {
		return target.Map[int, int]{
			Load:  func(int) (int, bool) { return 0, false },
			Store: func(int, int) { store() },
		}
	}, target.Contract{})
	schedule, err := scheduler.Parse("mapstress schedule v1\nw0 store k1 v2\nw1 store k1 v3\n")
	check(err)
	logs := scheduler.NewLogs(schedule, make([]uint64, scheduler.LogWords(schedule)))
	engine, err := controlled.New(&m.Variants[0], schedule, logs, func(scheduler.Phase) {}, controlled.Config{})
	check(err)
	return engine
}

// decided returns what a point costs of two workers that write.
func decided(s strategy.Strategy) float64 {
	engine := engineOf(func() { hooked(points) })
	defer engine.Close()
	steps := 0
	return least(2*points, func() {
		run, err := engine.Run(s, 1, false)
		check(err)
		if steps = run.Steps; steps < 2*points || steps > 2*points+20 {
			panic(fmt.Sprintf("%d points; want %d and a few", steps, 2*points))
		}
	})
}

// collected has workers take turns while garbage is collected that many times: their stacks are
// then looked at as they leave and enter them. Two collect it, and the workers, who look at how much
// there is, wait in the runtime for each other and for those.
func collected(times int64) {
	var n atomic.Int64
	for range 2 {
		go func() {
			for ; n.Load() < times; n.Add(1) {
				runtime.GC()
			}
		}()
	}
	for n.Load() < times {
		decided(switches{})
		measured()
	}
	fmt.Println("collections", n.Load())
}

// measured has two workers look at how much memory there is.
func measured() {
	engine := engineOf(func() {
		for range 20 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
		}
		runtime.GC() // does nothing
	})
	defer engine.Close()
	run, err := engine.Run(switches{}, 1, false)
	check(err)
	if run.Stuck != nil {
		panic(run.Stuck)
	}
}

func main() {
	if len(os.Args) > 1 {
		collected(5_000)
		return
	}
	debug.SetGCPercent(-1) // or workers would be waited for
	fmt.Println("bare", least(accesses, func() { bare(accesses) }))
	fmt.Println("off", least(accesses, func() { hooked(accesses) }))
	noise := controlled.Noise{}
	noise.Begin(scheduler.MaxNoise)
	noise.On(1)
	loud := least(accesses, func() { hooked(accesses) })
	noise.Off()
	fmt.Println("noise", loud)
	fmt.Println("stay", decided(stays{}))
	fmt.Println("switch", decided(switches{}))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
