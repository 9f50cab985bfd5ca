package history

import (
	"math/rand"
	"testing"
)

func TestMeasure(t *testing.T) {
	for _, c := range []struct {
		name       string
		text       string
		boundaries Boundaries
		want       Overlap
	}{
		{"no events", "", Boundaries{}, Overlap{}},
		{"one after the other", `
			w0 [1..2] store k1 v1
			w1 [3..4] store k2 v2`, Boundaries{Up: []int{0, 1}}, Overlap{}},
		{"equal stamps are concurrent", `
			w0 [1..2] load k1 -> absent
			w1 [2..4] load k1 -> absent`, Boundaries{}, Overlap{Events: 2}},
		{"one long event over two", `
			w0 [1..9] load k1 -> absent
			w1 [2..3] load k1 -> absent
			w1 [4..5] load k1 -> absent
			w1 [10..11] load k1 -> absent`, Boundaries{}, Overlap{Events: 3}},
		{"one that never returned", `
			w0 [1..] load k1
			w1 [8..9] load k1 -> absent`, Boundaries{}, Overlap{Events: 2}},
		{"two inserts, the first grows", `
			prefill k1=v1 k2=v2
			w0 [1..4] store k8 v8
			w1 [2..5] store k9 v9`, Boundaries{Up: []int{2}}, Overlap{Events: 2, Growth: 1}},
		{"two inserts, the second grows", `
			prefill k1=v1
			w0 [1..4] store k8 v8
			w1 [2..5] store k9 v9`, Boundaries{Up: []int{2}}, Overlap{Events: 2, Growth: 1}},
		{"growth without overlap", `
			prefill k1=v1 k2=v2
			w0 [1..2] store k8 v8
			w0 [3..6] load k8 -> v8
			w1 [4..5] load k8 -> v8`, Boundaries{Up: []int{2}}, Overlap{Events: 2}},
		{"an overwrite does not grow", `
			prefill k1=v1 k2=v2
			w0 [1..4] store k1 v8
			w1 [2..5] swap k2 v9 -> v2`, Boundaries{Up: []int{2}}, Overlap{Events: 2}},
		{"down and up again", `
			prefill k1=v1 k2=v2
			w0 [1..2] delete k1
			w0 [3..4] load-and-delete k2 -> v2
			w0 [5..8] increment k1
			w1 [6..9] load k1 -> v1`, Boundaries{Up: []int{0}}, Overlap{Events: 2, Growth: 1}},
		{"a failed compare-and-delete deletes nothing", `
			prefill k1=v1
			w0 [1..2] compare-and-delete k1 v7 -> false
			w0 [3..6] store k1 v8
			w1 [4..7] load k1 -> v8`, Boundaries{Up: []int{0}}, Overlap{Events: 2}},
		{"clear", `
			prefill k1=v1 k2=v2
			w0 [1..2] clear
			w0 [3..6] store k1 v8
			w1 [4..7] load k1 -> v8`, Boundaries{Up: []int{0}}, Overlap{Events: 2, Growth: 1}},
		{"two deletes, the second shrinks", `
			prefill k1=v1 k2=v2 k3=v3
			w0 [1..4] delete k1
			w1 [2..5] load-and-delete k2 -> v2`, Boundaries{Up: []int{3}, Down: []int{2}}, Overlap{Events: 2, Growth: 1}},
		{"a delete of nothing does not shrink", `
			prefill k1=v1 k2=v2
			w0 [1..4] delete k8
			w1 [2..5] delete k9`, Boundaries{Down: []int{2}}, Overlap{Events: 2}},
		{"a boundary out of reach", `
			prefill k1=v1 k2=v2
			w0 [1..4] store k8 v8
			w1 [2..5] store k9 v9`, Boundaries{Up: []int{8, 14}}, Overlap{Events: 2}},
		{"an insert that never returned", `
			prefill k1=v1
			w0 [1..] store k8 v8
			w1 [2..5] load k8 -> absent`, Boundaries{Up: []int{1}}, Overlap{Events: 2}},
	} {
		h, err := ParseText(c.text)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		var m Meter
		for range 2 { // a meter keeps nothing from one call to the next
			if got := m.Measure(h, c.boundaries); got != c.want {
				t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
			}
		}
	}
}

// Measure agrees with a look at every pair.
func TestMeasureAgainstPairs(t *testing.T) {
	var m Meter
	for seed := int64(0); seed < 500; seed++ {
		h := disjointPerWorker(rand.New(rand.NewSource(seed)))
		want := 0
		for i := range h.Events {
			for j := range h.Events {
				if h.Events[i].Worker != h.Events[j].Worker && h.Events[i].Overlaps(&h.Events[j]) {
					want++
					break
				}
			}
		}
		if got := m.Measure(h, Boundaries{}).Events; got != want {
			t.Fatalf("seed %d: %d overlapping events, want %d, of\n%s", seed, got, want, Text(h))
		}
	}
}

// disjointPerWorker makes a history in which a worker calls its next op after
// the last one has returned, at stamps that are all different.
func disjointPerWorker(r *rand.Rand) *History {
	h := &History{}
	open := map[int]int{} // index of each worker's event that has not returned
	for now := int64(1); now < 40; now++ {
		w := r.Intn(4)
		if i, ok := open[w]; ok {
			h.Events[i].Ret = now
			delete(open, w)
			continue
		}
		open[w] = len(h.Events)
		h.Events = append(h.Events, Event{Op: Op{Kind: Increment, Key: 1}, Worker: w, Inv: now, Ret: Pending})
	}
	return h
}
