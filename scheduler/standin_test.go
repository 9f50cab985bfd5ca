package scheduler

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// TestStandIn: of more workers than processors, some have their ops called by others; each has them
// called once a run, in their order, all by one goroutine.
func TestStandIn(t *testing.T) {
	before := runtime.GOMAXPROCS(2)
	defer runtime.GOMAXPROCS(before)
	const workers, runs = 6, 300
	text := "mapstress schedule v1\n"
	for w := range workers {
		text += fmt.Sprintf("w%d store k%d v%d\nw%d store k%d v%d\n", w, 2*w+1, 100+2*w, w, 2*w+2, 101+2*w)
	}
	s, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	by := map[string][]int{} // workers whose first op a goroutine has called, in the run
	calls, stoodIn := 0, 0
	seen := target.Adapt("seen", target.Int(), target.Int(), func() target.Map[int, int] {
		var m sync.Map
		return target.Map[int, int]{
			Load: func(k int) (int, bool) { v, ok := m.Load(k); n, _ := v.(int); return n, ok },
			Store: func(k, v int) {
				var stack [64]byte
				goroutine, _, _ := bytes.Cut(stack[:runtime.Stack(stack[:], false)], []byte(" ["))
				mu.Lock()
				by[string(goroutine)] = append(by[string(goroutine)], k)
				calls++
				mu.Unlock()
				m.Store(k, v)
			},
		}
	}, target.Contract{})
	e, err := NewEngine(&seen.Variants[0], s, NewLogs(s, make([]uint64, LogWords(s))), func(Phase) {})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for number := range runs {
		clear(by)
		calls = 0
		clock := history.NewClock(false)
		h, err := e.Run(number, &clock)
		if err != nil {
			t.Fatal(err)
		}
		if calls != 2*workers || len(h.Events) != 2*workers || strings.Contains(history.Text(h), "pending") {
			t.Fatalf("run %d: %d calls:\n%s", number, calls, history.Text(h))
		}
		for goroutine, keys := range by {
			for i := 0; i < len(keys); i += 2 {
				if i+1 == len(keys) || keys[i]%2 != 1 || keys[i+1] != keys[i]+1 {
					t.Fatalf("run %d: %s stored %v; want both keys of each worker", number, goroutine, keys)
				}
			}
			if len(keys) > 2 {
				stoodIn++
			}
		}
	}
	if stoodIn == 0 { // six workers would have had two processors in time, in each of 300 runs
		t.Error("nobody stood in for another")
	}
}
