package scheduler

import (
	"slices"
	"sync"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// A heard noise keeps account of who asked for it.
type heard struct {
	mu     sync.Mutex
	points []int
	seeds  []uint64 // of each On, of one run
	off    int
}

func (h *heard) Begin(points int) { h.points = append(h.points, points) }

func (h *heard) On(seed uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seeds = append(h.seeds, seed)
}

func (h *heard) Off() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.off++
}

// Each worker of each run has chances of its own, which are the same again for the same seed.
func TestNoise(t *testing.T) {
	seedsOf := func(text string, runs int) (h *heard, all []uint64) {
		s, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		e, err := NewEngine(&target.Builtin()[3].Variants[0], s, NewLogs(s, make([]uint64, LogWords(s))), func(Phase) {})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		h = &heard{}
		e.Disturb(h)
		for run := range runs {
			h.seeds = h.seeds[:0]
			clock := history.NewClock(false)
			if _, err := e.Run(run, &clock); err != nil {
				t.Fatal(err)
			}
			slices.Sort(h.seeds) // who begins first is chance
			all = append(all, h.seeds...)
		}
		return h, all
	}
	const ops = "\nw0 store k1 v2\nw1 load k1\nw2 load k2\n"
	for _, start := range []string{"spin", "go", "barrier"} {
		h, all := seedsOf(Header+"\ntiming start="+start+" seed=7 noise=1/16"+ops, 4)
		if !slices.Equal(h.points, []int{16}) || len(all) != 12 || h.off != 12 {
			t.Errorf("%s: begun with %v; %d workers began, %d ended; want 12", start, h.points, len(all), h.off)
		}
		if _, again := seedsOf(Header+"\ntiming start="+start+" seed=7 noise=1/16"+ops, 4); !slices.Equal(all, again) {
			t.Errorf("%s: seeds %v, and again %v", start, all, again)
		}
		slices.Sort(all)
		if len(slices.Compact(all)) != 12 {
			t.Errorf("%s: some of these seeds are the same: %v", start, all)
		}
	}
	if h, all := seedsOf(Header+ops, 1); h.points != nil || all != nil || h.off != 0 {
		t.Errorf("noise that nobody asked for: %+v", h)
	}
}
