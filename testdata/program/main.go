// Command program measures controlled runs of the program with which Shuttle and Loom were
// measured, without a history's judge: it is built with hooks, by BenchmarkProgram.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/scheduler/controlled"
	"github.com/mapstress/mapstress/scheduler/strategy"
	"github.com/mapstress/mapstress/target"
)

// A sharded map has four shards with a lock each, and an atomic counter.
type sharded struct {
	shards [4]shard
	size   atomic.Int64
}

type shard struct {
	sync.Mutex
	entries [4]struct {
		key, value int
		present    bool
	}
}

// update calls the function with the value of a key under the shard's lock, and keeps what it
// answers. There are no hooks in it: in the other tools' programs the locks and the counter are all
// that there is to see.
//
//go:norace
func (m *sharded) update(k int, f func(v int, ok bool) (int, bool)) {
	s := &m.shards[k&3]
	s.Lock()
	e := &s.entries[k>>2&3]
	before := e.present
	e.key = k
	e.value, e.present = f(e.value, e.present)
	after := e.present
	s.Unlock()
	if before != after {
		if after {
			m.size.Add(1)
		} else {
			m.size.Add(-1)
		}
	}
}

//go:norace
func fresh() target.Map[int, int] {
	m := &sharded{}
	return target.Map[int, int]{
		Load:   func(k int) (v int, ok bool) { return m.load(k) },
		Store:  func(k, v int) { m.store(k, v) },
		Delete: func(k int) { m.remove(k) },
		Len:    func() int { return int(m.size.Load()) },
		LoadOrStore: func(k, v int) (int, bool) {
			return m.loadOrStore(k, v)
		},
	}
}

//go:norace
func (m *sharded) load(k int) (got int, found bool) {
	s := &m.shards[k&3]
	s.Lock()
	e := &s.entries[k>>2&3]
	got, found = e.value, e.present
	s.Unlock()
	return got, found
}

//go:norace
func (m *sharded) store(k, v int) { m.update(k, func(int, bool) (int, bool) { return v, true }) }

//go:norace
func (m *sharded) remove(k int) { m.update(k, func(int, bool) (int, bool) { return 0, false }) }

//go:norace
func (m *sharded) loadOrStore(k, v int) (actual int, loaded bool) {
	m.update(k, func(old int, ok bool) (int, bool) {
		if actual, loaded = v, ok; ok {
			actual = old
		}
		return actual, true
	})
	return actual, loaded
}

const (
	threeByFive = `mapstress schedule v1
w0 store k1 v10
w0 load k2
w0 delete k3
w0 load-or-store k4 v11
w0 len
w1 load-or-store k2 v12
w1 store k3 v13
w1 load k4
w1 delete k1
w1 store k2 v14
w2 load k3
w2 store k4 v15
w2 len
w2 load-or-store k1 v16
w2 delete k3
`
	oneKey = `mapstress schedule v1
w0 store k1 v10
w0 delete k1
w1 store k1 v11
w1 delete k1
`
	twoByTwo = `mapstress schedule v1
w0 store k1 v10
w0 load k2
w1 load-or-store k2 v11
w1 delete k1
`
)

// A naive search makes every run up to a bound on preemptions, one after the other, without a
// thought of which of them are equivalent.
type naive struct {
	bound int
	stack []choice
	depth int
	used  int
}

type choice struct{ at, of, used int }

func (s *naive) Begin(int) bool {
	for len(s.stack) > 0 && s.depth > 0 && s.stack[len(s.stack)-1].at+1 >= s.stack[len(s.stack)-1].of {
		s.stack = s.stack[:len(s.stack)-1]
	}
	if s.depth > 0 {
		if len(s.stack) == 0 {
			return false
		}
		s.stack[len(s.stack)-1].at++
	}
	s.depth, s.used = 0, 0
	return true
}

// Pick goes on with the current worker first, and then with the others, in their order.
func (s *naive) Pick(v *strategy.View) int {
	order := v.Enabled
	preempts := v.Stays && !v.Yields
	if v.Stays {
		order = []int{v.Current}
		for _, w := range v.Enabled {
			if w != v.Current {
				order = append(order, w)
			}
		}
		if preempts && s.used >= s.bound {
			order = order[:1]
		}
	}
	if s.depth == len(s.stack) {
		s.stack = append(s.stack, choice{0, len(order), s.used})
	}
	c := s.stack[s.depth]
	s.depth++
	if preempts && c.at > 0 {
		s.used++
	}
	return order[c.at]
}

func (*naive) Step(int, strategy.Point) {}
func (*naive) Finish()                  {}

// A blind search is not told when ops are called and return, nor are those of other tools: what
// their programs do depends on locks and atomics alone.
type blind struct{ *strategy.Exhaustive }

func (s blind) Pick(v *strategy.View) int {
	for i, p := range v.Pending {
		v.Pending[i] = unseen(p)
	}
	return s.Exhaustive.Pick(v)
}

func (s blind) Step(worker int, p strategy.Point) { s.Exhaustive.Step(worker, unseen(p)) }

func unseen(p strategy.Point) strategy.Point {
	if p.Kind == strategy.Call || p.Kind == strategy.Return {
		p.Kind = strategy.Other
	}
	return p
}

func engineOf(text string, c controlled.Config) *controlled.Engine {
	sharded := target.Adapt("sharded", target.Int(), target.Int(), fresh, target.Contract{})
	schedule, err := scheduler.Parse(text)
	check(err)
	logs := scheduler.NewLogs(schedule, make([]uint64, scheduler.LogWords(schedule)))
	e, err := controlled.New(&sharded.Variants[0], schedule, logs, func(scheduler.Phase) {}, c)
	check(err)
	return e
}

func cpu() time.Duration {
	var u syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// cost measures batches of runs: the CPU time of one in the least of them, and its points.
func cost(name string, make func() strategy.Strategy) {
	s := make()
	e := engineOf(threeByFive, controlled.Config{Addresses: name == "dfs"})
	defer e.Close()
	const runs = 5000
	least, points := time.Duration(1<<62), 0
	for range 12 {
		started := cpu()
		points = 0
		for seed := range runs {
			run, err := e.Run(s, uint64(seed), false)
			check(err)
			if run == nil {
				s = make()
				continue
			}
			points += run.Steps
		}
		least = min(least, cpu()-started)
		runtime.GC()
	}
	fmt.Printf("%s-µs %.3f\n%s-points %.1f\n%s-ns/point %.1f\n", name, float64(least.Nanoseconds())/runs/1e3, name, float64(points)/runs, name, float64(least.Nanoseconds())/float64(points))
}

// exhaust counts the runs of a search that ends.
func exhaust(name, schedule string, s strategy.Strategy) {
	e := engineOf(schedule, controlled.Config{Addresses: true})
	defer e.Close()
	runs := 0
	for {
		run, err := e.Run(s, 1, false)
		check(err)
		if run == nil {
			break
		}
		runs++
	}
	fmt.Printf("%s-runs %d\n", name, runs)
}

func main() {
	debug.SetGCPercent(-1) // or workers would be waited for
	cost("random", func() strategy.Strategy { return strategy.NewRandom(1) })
	cost("pct3", func() strategy.Strategy { return strategy.NewPCT(1, 3) })
	cost("dfs", func() strategy.Strategy { return strategy.NewExhaustive(strategy.Unbounded) })
	for name, schedule := range map[string]string{"two-keys": twoByTwo, "one-key": oneKey} {
		exhaust(name+"-any", schedule, strategy.NewExhaustive(strategy.Unbounded))
		exhaust(name+"-bound-2", schedule, strategy.NewExhaustive(2))
		exhaust(name+"-at-least-2", schedule, strategy.NewAtLeast(2))
		exhaust(name+"-any-blind", schedule, blind{strategy.NewExhaustive(strategy.Unbounded)})
		exhaust(name+"-bound-2-blind", schedule, blind{strategy.NewExhaustive(2)})
		exhaust(name+"-at-least-2-blind", schedule, blind{strategy.NewAtLeast(2)})
	}
	exhaust("two-keys-naive-2", twoByTwo, &naive{bound: 2})
	exhaust("two-keys-naive", twoByTwo, &naive{bound: strategy.Unbounded})
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
