package oracle

import (
	"math/rand/v2"
	"testing"

	"github.com/mapstress/mapstress/history"
)

// TestManyOps: a history that is long enough for several goroutines is judged as a short
// one is, and names the same op each time.
func TestManyOps(t *testing.T) {
	h := &history.History{}
	r := rand.New(rand.NewPCG(41, 42))
	held := map[uint64]uint64{}
	for i := range int64(2 * manyOps) {
		e := history.Event{Op: history.Op{Kind: history.Load, Key: r.Uint64N(100)}, Worker: int(i % 4), Inv: 4 * i, Ret: 4*i + 6}
		if r.IntN(3) == 0 {
			e.Kind, e.Value = history.Store, uint64(i+1)
			e.Ret = 4*i + 1
			held[e.Key] = e.Value
		} else {
			e.Out, e.OK = held[e.Key], held[e.Key] != 0
		}
		h.Events = append(h.Events, e)
	}
	var j Judge
	if v := j.Judge(h); v.Class != Clean {
		t.Fatalf("a correct history: %+v", v)
	}
	wrong := []int{manyOps / 2, manyOps, manyOps + 1}
	for _, i := range wrong {
		h.Events[i] = history.Event{Op: history.Op{Kind: history.Load, Key: 200 + uint64(i%2)}, OK: true, Out: 5, Inv: h.Events[i].Inv, Ret: h.Events[i].Ret}
	}
	first := j.Judge(h)
	if first.Rule != Phantom || len(first.Events) != 1 {
		t.Fatalf("wrong answers: %+v", first)
	}
	for range 5 {
		if v := j.Judge(h); v.Rule != first.Rule || v.Events[0] != first.Events[0] || v.Detail != first.Detail {
			t.Errorf("now %+v, before %+v", v, first)
		}
	}
}
