package scenarios

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
)

// Bounds says which schedules Every has. Workers, Ops and Keys are at least 1.
type Bounds struct {
	Workers int
	Ops     int // of each worker
	// Keys are how many the ops have: on an empty map those from 1; on a filled one the last
	// of the prefill, and those behind it.
	Keys    int
	Prefill int
	Kinds   []history.Kind // of the ops; nil is Basic
}

// Basic is the ops that nearly every map has.
var Basic = []history.Kind{history.Load, history.Store, history.LoadOrStore, history.LoadAndDelete, history.Delete, history.Swap}

// maxEvery is how many schedules Every returns at most.
const maxEvery = 1 << 20

// Every returns all schedules within the bounds, each once: two that differ by the names of
// their workers, or of keys that are not in the map, are the same. Kinds that the target does
// not have are left out. What an op writes is no other's value; what it compares with is one
// that its key can have.
func Every(space Space, b Bounds) (all []*scheduler.Schedule, err error) {
	if b.Workers < 1 || b.Ops < 1 || b.Keys < 1 || b.Prefill < 0 {
		return nil, fmt.Errorf("%d workers, %d ops, %d keys, a prefill of %d; want at least one of each, but for the prefill", b.Workers, b.Ops, b.Keys, b.Prefill)
	}
	kinds := b.Kinds
	if kinds == nil {
		kinds = Basic
	}
	kinds = slices.DeleteFunc(slices.Clone(kinds), func(k history.Kind) bool { return !space.has(k) })
	if len(kinds) == 0 {
		return nil, fmt.Errorf("none of the ops is among those of the target: %v", space.Kinds)
	}
	e := every{b: b, renamings: renamings(b)}
	e.sequences(e.ops(kinds), nil)
	if n := e.count(); n > maxEvery {
		return nil, fmt.Errorf("some %.2g schedules of %d x %d ops; want at most %d: fewer ops, keys or kinds", n, b.Workers, b.Ops, maxEvery)
	}
	e.choose(nil, 0, func(workers []int) {
		if e.least(workers) {
			all = append(all, e.schedule(space, workers))
		}
	})
	return all, nil
}

// every makes schedules of sequences, one of which each worker has.
type every struct {
	b         Bounds
	all       [][]history.Op // the sequences, in an order of their own
	index     map[string]int // of a sequence in it
	renamings []map[uint64]uint64
}

// ops are those that a worker may have at each place.
func (e *every) ops(kinds []history.Kind) (ops []history.Op) {
	for _, k := range kinds {
		if !k.Keyed() {
			ops = append(ops, history.Op{Kind: k})
			continue
		}
		for _, key := range keysOf(e.b) {
			ops = append(ops, history.Op{Kind: k, Key: key})
		}
	}
	return ops
}

func keysOf(b Bounds) (keys []uint64) {
	for i := range b.Keys {
		keys = append(keys, uint64(max(b.Prefill, 1)+i))
	}
	return keys
}

// sequences adds all that begin as one does, unless there are more than can be used.
func (e *every) sequences(ops []history.Op, begun []history.Op) {
	if e.index == nil {
		e.index = map[string]int{}
	}
	if len(begun) == e.b.Ops {
		e.index[fmt.Sprint(begun)] = len(e.all)
		e.all = append(e.all, slices.Clone(begun))
		return
	}
	for _, op := range ops {
		if len(e.all) <= maxEvery {
			e.sequences(ops, append(begun, op))
		}
	}
}

// count is how many ways there are to give each worker a sequence, whoever it is.
func (e *every) count() float64 {
	n := 1.0
	for i := range e.b.Workers {
		n *= float64(len(e.all)+i) / float64(i+1)
	}
	return n
}

// choose calls take for each way, as indices that do not go down.
func (e *every) choose(workers []int, from int, take func([]int)) {
	if len(workers) == e.b.Workers {
		take(workers)
		return
	}
	for i := from; i < len(e.all); i++ {
		e.choose(append(workers, i), i, take)
	}
}

// renamings are the ways to swap the names of keys that are not in the map, but for leaving
// them as they are.
func renamings(b Bounds) (all []map[uint64]uint64) {
	keys := keysOf(b)
	if b.Prefill > 0 {
		keys = keys[1:]
	}
	var permute func(named []uint64)
	permute = func(named []uint64) {
		if len(named) == len(keys) {
			names := map[uint64]uint64{}
			for i, key := range keys {
				names[key] = named[i]
			}
			all = append(all, names)
			return
		}
		for _, key := range keys {
			if !slices.Contains(named, key) {
				permute(append(named, key))
			}
		}
	}
	permute(nil)
	return all[1:]
}

// least says that no other names of the keys make a choice that comes before this one.
func (e *every) least(workers []int) bool {
	for _, names := range e.renamings {
		var renamed []int
		for _, w := range workers {
			sequence := slices.Clone(e.all[w])
			for i := range sequence {
				if other, ok := names[sequence[i].Key]; ok {
					sequence[i].Key = other
				}
			}
			renamed = append(renamed, e.index[fmt.Sprint(sequence)])
		}
		slices.Sort(renamed)
		if slices.Compare(renamed, workers) < 0 {
			return false
		}
	}
	return true
}

func (e *every) schedule(space Space, workers []int) *scheduler.Schedule {
	d := &draft{Rand: rand.New(&splitMix{state: 1}), space: space, s: &scheduler.Schedule{Prefill: e.b.Prefill}}
	if len(space.Shapes) > 0 {
		d.s.Shape = space.Shapes[0]
	}
	for _, w := range workers {
		d.s.Workers = append(d.s.Workers, slices.Clone(e.all[w]))
	}
	d.number()
	return d.s
}

// String says what is within the bounds, for people.
func (b Bounds) String() string {
	kinds := b.Kinds
	if kinds == nil {
		kinds = Basic
	}
	var words []string
	for _, k := range kinds {
		words = append(words, k.String())
	}
	text := fmt.Sprintf("%d x %d ops of %s, on %d keys", b.Workers, b.Ops, strings.Join(words, ", "), b.Keys)
	if b.Keys == 1 {
		text = strings.TrimSuffix(text, "s")
	}
	if b.Prefill > 0 {
		text += fmt.Sprintf(", with a prefill of %d", b.Prefill)
	}
	return text
}
