package scheduler

import (
	"runtime"
	"sync"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// A made counts maps.
type made struct {
	mu           sync.Mutex
	all, open    int
	mostOpen     int
	closes, runs bool      // they are to be closed, and each runs a goroutine
	over         chan bool // closed when these are to end
	ends         chan bool // closed by the second map, which sees a goroutine end by that
	only         *sync.Map // what they all are, if it is not nil; to make one empties it
}

func (c *made) new() target.Map[int, int] {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all++
	c.open++
	c.mostOpen = max(c.mostOpen, c.open)
	m := c.only
	if m == nil {
		m = new(sync.Map)
	}
	m.Clear()
	if c.ends != nil && c.all == 2 {
		goroutines := runtime.NumGoroutine()
		close(c.ends)
		for runtime.NumGoroutine() >= goroutines {
			runtime.Gosched()
		}
	}
	if c.runs {
		go func() { <-c.over }()
	}
	all := target.Map[int, int]{
		Load: func(k int) (int, bool) {
			v, ok := m.Load(k)
			if !ok {
				return 0, false
			}
			return v.(int), true
		},
		Store: func(k, v int) { m.Store(k, v) },
	}
	if c.closes {
		all.Close = func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.open--
		}
	}
	return all
}

// TestAhead: every run is on a map of its own that holds the prefill, whoever has filled it. The map
// of the next run is made while this one is read back if maps are apart, nothing is to be closed, and no
// goroutine runs; else there is one at a time.
func TestAhead(t *testing.T) {
	if min(runtime.GOMAXPROCS(0), runtime.NumCPU()) < 2 {
		t.Skip("there is no processor to spare")
	}
	s, err := Parse("mapstress schedule v1\nprefill 50\nw0 store k1 v100\nw1 load k2\nw2 store k51 v101\n")
	if err != nil {
		t.Fatal(err)
	}
	const runs = 200
	for _, c := range []struct {
		name  string
		made  *made
		apart bool
		ahead bool
	}{
		{"free", &made{}, true, true},
		{"one for all", &made{only: new(sync.Map)}, false, false},
		{"to be closed", &made{closes: true}, true, false},
		{"with a goroutine", &made{runs: true, over: make(chan bool)}, true, false},
		{"with a goroutine, as another ends", &made{runs: true, over: make(chan bool), ends: make(chan bool)}, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			counted := target.Adapt(c.name, target.Int(), target.Int(), c.made.new, target.Contract{})
			counted.Variants[0].Apart = c.apart
			if c.made.ends != nil {
				go func() { <-c.made.ends }()
			}
			e, err := NewEngine(&counted.Variants[0], s, NewLogs(s, make([]uint64, LogWords(s))), func(Phase) {})
			if err != nil {
				t.Fatal(err)
			}
			if c.made.over != nil {
				defer close(c.made.over)
			}
			before := c.made.all
			lanes := map[*lane]int{}
			for number := range runs {
				clock := history.NewClock(false)
				h, err := e.Run(number, &clock)
				if err != nil {
					t.Fatal(err)
				}
				lanes[e.lane]++
				present := 0
				for _, r := range h.Rest.Loads {
					want := r.Key
					switch r.Key {
					case 1:
						want = 100
					case 51:
						want = 101
					}
					if r.OK && r.Value == want {
						present++
					}
				}
				if len(h.Events) != 3 || h.Events[0].Ret == history.Pending || present != 51 {
					t.Fatalf("run %d: %d of 51 entries are as they should be:\n%s", number, present, history.Text(h))
				}
			}
			e.Close()
			if ahead := len(lanes) == 2 && min(lanes[e.lane], lanes[e.ahead.lane]) > runs/3; ahead != c.ahead {
				t.Errorf("%d lanes; ahead is to be %v", len(lanes), c.ahead)
			}
			if c.made.closes && (c.made.mostOpen != 1 || c.made.open != 0) {
				t.Errorf("%d maps were open at a time, and %d are; want 1 and 0", c.made.mostOpen, c.made.open)
			}
			if n := c.made.all - before; n < runs || n > runs+2 { // one more instance, and a fill in vain
				t.Errorf("%d maps for %d runs", n, runs)
			}
		})
	}
}
