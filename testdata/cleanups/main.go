// Command cleanups runs maps whose values have cleanups, and prints how many runs there were. It is
// built with hooks, by TestCleanups.
package main

import (
	"fmt"
	"runtime"
	"sync"

	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/scheduler/controlled"
	"github.com/mapstress/mapstress/scheduler/strategy"
	"github.com/mapstress/mapstress/target"
)

func fresh() target.Map[int, int] {
	var entries sync.Map
	return target.Map[int, int]{
		Load: func(k int) (int, bool) {
			if p, ok := entries.Load(k); ok {
				return *p.(*int), true
			}
			return 0, false
		},
		Store: func(k, v int) {
			p := &v
			runtime.AddCleanup(p, func(int) {}, k)
			entries.Store(k, p)
		},
	}
}

func main() {
	const runs = 10
	cleaned := target.Adapt("cleaned", target.Int(), target.Int(), fresh, target.Contract{})
	schedule, err := scheduler.Parse("mapstress schedule v1\nw0 store k1 v2\nw1 load k1\n")
	check(err)
	logs := scheduler.NewLogs(schedule, make([]uint64, scheduler.LogWords(schedule)))
	engine, err := controlled.New(&cleaned.Variants[0], schedule, logs, func(scheduler.Phase) {}, controlled.Config{})
	check(err)
	defer engine.Close()
	for seed := range uint64(runs) {
		_, err := engine.Run(strategy.NewRandom(seed), seed, false)
		check(err)
	}
	fmt.Println("runs", runs)
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
