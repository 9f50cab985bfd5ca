package child

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/mapstress/mapstress/target"
)

// A box is a correct map; odd targets put something before a method of it.
type box struct {
	mu sync.Mutex
	m  map[int]int
}

func newBox() *box { return &box{m: map[int]int{}} }

func (b *box) load(k int) (int, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	v, ok := b.m[k]
	return v, ok
}

func (b *box) store(k, v int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.m[k] = v
}

func (b *box) methods(before func(b *box, k int)) target.Map[int, int] {
	return target.Map[int, int]{
		Load:  b.load,
		Store: func(k, v int) { before(b, k); b.store(k, v) },
		Close: func() {},
	}
}

// storing returns a target that does that before each store.
func storing(name string, before func(b *box, k int)) target.Target {
	return constructing(name, func() target.Map[int, int] { return newBox().methods(before) })
}

func constructing(name string, constructor func() target.Map[int, int]) target.Target {
	return target.Adapt(name, target.Int(), target.Int(), constructor, target.Contract{})
}

// oddKey is the key that sets off what must not happen in each run.
const oddKey = 99

// oddTargets: names tell what they do.
func oddTargets() []target.Target {
	var started, closed sync.Once
	nothing := func(*box, int) {}
	return append(fillTargets(), []target.Target{
		storing("correct", nothing),
		storing("panics", func(*box, int) { panic("no room in the box") }),
		storing("panics at 99", func(_ *box, k int) {
			if k == oddKey {
				panic("no room in the box")
			}
		}),
		storing("exits", func(*box, int) { os.Exit(3) }),
		storing("exits with 70", func(*box, int) { os.Exit(exitBroken) }),
		storing("goexit", func(*box, int) { runtime.Goexit() }),
		storing("deadlocks", func(b *box, _ int) { b.mu.Lock() }),
		storing("deadlocks at 99", func(b *box, k int) {
			if k == oddKey {
				b.mu.Lock()
			}
		}),
		storing("waits for ever", func(*box, int) { <-make(chan bool) }),
		storing("livelocks", func(*box, int) { livelock() }),
		storing("livelocks at 99", func(_ *box, k int) {
			if k == oddKey {
				livelock()
			}
		}),
		storing("sleeps", func(*box, int) { time.Sleep(3 * time.Second) }),
		storing("waits for a timer", func(*box, int) { <-time.After(3 * time.Second) }),
		storing("takes a while", func(*box, int) { time.Sleep(20 * time.Millisecond) }),
		storing("leaks", func(*box, int) { go func() { select {} }() }),
		storing("cleans up late", func(*box, int) { go time.Sleep(3 * time.Millisecond) }),
		storing("cleans up very late", func(*box, int) { go time.Sleep(60 * time.Millisecond) }),
		storing("has a global daemon", func(*box, int) { started.Do(func() { go func() { select {} }() }) }),
		storing("wants preemption", func(*box, int) {
			if strings.Contains(os.Getenv("GODEBUG"), "asyncpreemptoff") {
				panic("no preemption")
			}
		}),
		storing("wants no preemption", func(*box, int) {
			if os.Getenv("GODEBUG") != os.Getenv("WANT_GODEBUG") {
				panic("GODEBUG=" + os.Getenv("GODEBUG"))
			}
		}),
		constructing("has a daemon", func() target.Map[int, int] {
			go func() {
				for range time.Tick(time.Hour) {
				}
			}()
			m := newBox().methods(nothing)
			m.Close = nil
			return m
		}),
		constructing("blocks when it is closed", func() target.Map[int, int] {
			b := newBox()
			m := b.methods(nothing)
			m.Close = func() {
				if len(b.m) > 0 {
					b.mu.Lock()
					b.mu.Lock()
				}
			}
			return m
		}),
		constructing("panics in its tenth store", func() target.Map[int, int] {
			b, stores := newBox(), new(atomic.Int64)
			return b.methods(func(*box, int) {
				if stores.Add(1) == 10 {
					panic("no room in the box")
				}
			})
		}),
		target.Adapt("yields a wild string", target.Int(), target.String(), yieldsWild, target.Contract{}),
		target.Adapt("unlocks without defer", target.AnyKey(), target.Int(), withoutDefer, target.Contract{}),
		constructing("constructor panics", func() target.Map[int, int] { panic("no box") }),
		constructing("constructor blocks", func() target.Map[int, int] {
			var mu sync.Mutex
			mu.Lock()
			mu.Lock()
			return newBox().methods(nothing)
		}),
		constructing("constructor goexits", func() target.Map[int, int] {
			runtime.Goexit()
			return target.Map[int, int]{}
		}),
		storing("prints", func(*box, int) {
			line := []byte(strings.Repeat("all work and no play\n", 1<<12))
			for n := 0; n < 256<<20; n += len(line) {
				os.Stderr.Write(line)
			}
			panic("all printed")
		}),
		storing("prints likely words", func(*box, int) {
			fmt.Println("fatal error: concurrent map writes\npanic: just a log line")
		}),
		storing("leaves files", func(*box, int) {
			if _, err := os.MkdirTemp("", "left-"); err != nil {
				panic(err)
			}
			if err := os.WriteFile("left", nil, 0o666); err != nil {
				panic(err)
			}
		}),
		storing("writes frames", func(*box, int) { os.NewFile(4, "mine").WriteString("hello from the map") }),
		storing("eats memory", func(*box, int) {
			for {
				hoard = append(hoard, make([]byte, 1<<26))
			}
		}),
		constructing("maps memory", mapsMemory),
		storing("closes its output", func(*box, int) {
			closed.Do(func() { // for both workers: the second to close a file is answered before it is closed
				os.Stdout.Close()
				os.Stderr.Close()
			})
			panic("nobody hears this")
		}),
		constructing("panics at rest", func() target.Map[int, int] {
			m := newBox().methods(nothing)
			m.Len = func() int { panic("nobody counts") }
			return m
		}),
		storing("leaves a process", func(*box, int) {
			cmd := exec.Command("sleep", "30")
			cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
			if err := cmd.Start(); err != nil {
				panic(err)
			}
			panic("orphaned")
		}),
	}...)
}

// withoutDefer makes a map that is right, but for keys that cannot be hashed: the
// panic leaves its lock held.
func withoutDefer() target.Map[any, int] {
	var mu sync.Mutex
	m := map[any]int{}
	return target.Map[any, int]{
		Load: func(k any) (int, bool) {
			mu.Lock()
			v, ok := m[k]
			mu.Unlock()
			return v, ok
		},
		Store: func(k any, v int) {
			mu.Lock()
			m[k] = v
			mu.Unlock()
		},
	}
}

// yieldsWild makes a map that yields a string with a length and no bytes.
func yieldsWild() target.Map[int, string] {
	return target.Map[int, string]{Range: func(yield func(int, string) bool) {
		torn := struct {
			data *byte
			n    int
		}{n: 10}
		yield(1, *(*string)(unsafe.Pointer(&torn)))
	}}
}

var hoard [][]byte

//go:noinline
func livelock() {
	for n := 0; ; n++ {
		if n < 0 {
			return
		}
	}
}
