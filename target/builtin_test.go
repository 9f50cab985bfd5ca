package target

import (
	"maps"
	"math/rand"
	"reflect"
	"slices"
	"sync"
	"testing"
)

// eachVariant runs f for every built-in target in every shape.
func eachVariant(t *testing.T, f func(t *testing.T, tgt *Target, v *Variant)) {
	for _, tgt := range Builtin() {
		for i := range tgt.Variants {
			v := &tgt.Variants[i]
			t.Run(tgt.Name+" "+v.Shape.String(), func(t *testing.T) { f(t, &tgt, v) })
		}
	}
}

// Used by one goroutine, every target is a map.
func TestBuiltinIsAMap(t *testing.T) {
	eachVariant(t, func(t *testing.T, _ *Target, v *Variant) {
		v.Prepare(30, 200) // the rest is encoded when used
		for seed := range int64(3) {
			in := v.New()
			agree(t, rand.New(rand.NewSource(seed)), &in.Map, map[uint64]uint64{}, 2000)
			if seen := in.Foreign(); len(seen) != 0 {
				t.Errorf("foreign: %q", seen)
			}
		}
	})
}

// agree compares n random ops on the map with those on the model.
func agree(t *testing.T, r *rand.Rand, m *Map[uint64, uint64], model map[uint64]uint64, n int) {
	t.Helper()
	call := calls(r, m, model)
	names := slices.Sorted(maps.Keys(call)) // not the map's own, random order
	for i := range n {
		name := names[r.Intn(len(names))]
		if (name == "Clear" || name == "Clone") && r.Intn(20) > 0 {
			continue
		}
		k, v := uint64(r.Intn(50)), uint64(r.Intn(400))
		if old, ok := model[k]; ok && r.Intn(2) == 0 {
			v = old // so that comparisons succeed
		}
		if got, want := call[name](k, v); !reflect.DeepEqual(got, want) {
			t.Fatalf("op %d: %s k%d v%d gives %v; want %v", i, name, k, v, got, want)
		}
	}
}

// An answer is what a method returned, in a form that can be compared.
type answer struct {
	V  uint64
	OK bool
	M  map[uint64]uint64
}

// calls returns, for each method there is, how to call it on the map and on the
// model.
func calls(r *rand.Rand, m *Map[uint64, uint64], model map[uint64]uint64) map[string]func(k, v uint64) (got, want answer) {
	call := map[string]func(k, v uint64) (got, want answer){}
	of := func(v uint64, ok bool) answer { return answer{V: v, OK: ok} }
	find := func(k uint64) answer { v, ok := model[k]; return answer{V: v, OK: ok} }
	if m.Load != nil {
		call["Load"] = func(k, _ uint64) (got, want answer) { return of(m.Load(k)), find(k) }
	}
	if m.Store != nil {
		call["Store"] = func(k, v uint64) (got, want answer) {
			m.Store(k, v)
			model[k] = v
			return
		}
	}
	if m.LoadOrStore != nil {
		call["LoadOrStore"] = func(k, v uint64) (got, want answer) {
			if want = find(k); !want.OK {
				model[k], want.V = v, v
			}
			return of(m.LoadOrStore(k, v)), want
		}
	}
	if m.LoadAndDelete != nil {
		call["LoadAndDelete"] = func(k, _ uint64) (got, want answer) {
			want = find(k)
			delete(model, k)
			return of(m.LoadAndDelete(k)), want
		}
	}
	if m.Delete != nil {
		call["Delete"] = func(k, _ uint64) (got, want answer) {
			m.Delete(k)
			delete(model, k)
			return
		}
	}
	if m.Swap != nil {
		call["Swap"] = func(k, v uint64) (got, want answer) {
			want = find(k)
			model[k] = v
			return of(m.Swap(k, v)), want
		}
	}
	if m.CompareAndSwap != nil {
		call["CompareAndSwap"] = func(k, v uint64) (got, want answer) {
			next := v + 1
			if old := find(k); old.OK && old.V == v {
				model[k], want.OK = next, true
			}
			return answer{OK: m.CompareAndSwap(k, v, next)}, want
		}
	}
	if m.CompareAndDelete != nil {
		call["CompareAndDelete"] = func(k, v uint64) (got, want answer) {
			if old := find(k); old.OK && old.V == v {
				delete(model, k)
				want.OK = true
			}
			return answer{OK: m.CompareAndDelete(k, v)}, want
		}
	}
	if m.Compute != nil {
		call["Compute"] = func(k, v uint64) (got, want answer) {
			remove := r.Intn(4) == 0
			before, passed := find(k), answer{}
			got = of(m.Compute(k, func(old uint64, loaded bool) (uint64, bool) {
				passed = of(old, loaded)
				return v, remove
			}))
			if !reflect.DeepEqual(passed, before) {
				return passed, before
			}
			if remove {
				delete(model, k)
			} else {
				model[k] = v
			}
			return got, find(k)
		}
	}
	if m.Increment != nil {
		call["Increment"] = func(k, _ uint64) (got, want answer) {
			m.Increment(k)
			model[k]++
			return
		}
	}
	if m.Len != nil {
		call["Len"] = func(_, _ uint64) (got, want answer) {
			return answer{V: uint64(m.Len())}, answer{V: uint64(len(model))}
		}
	}
	if m.Clear != nil {
		call["Clear"] = func(_, _ uint64) (got, want answer) {
			m.Clear()
			clear(model)
			return
		}
	}
	if m.Range != nil {
		call["Range"] = func(_, _ uint64) (got, want answer) {
			return answer{M: contents(m)}, answer{M: maps.Clone(model)}
		}
		call["Range, stopped"] = func(_, v uint64) (got, want answer) {
			stop := v%3 + 1
			m.Range(func(k, v uint64) bool {
				got.V++
				return got.V < stop
			})
			return got, answer{V: min(stop, uint64(len(model)))}
		}
	}
	if m.Clone != nil {
		call["Clone"] = func(k, v uint64) (got, want answer) {
			c := m.Clone()
			got, want = answer{M: contents(&c)}, answer{M: maps.Clone(model)}
			if c.Store != nil {
				c.Store(k, v+1) // must not show in m; later ops look
			}
			return got, want
		}
	}
	return call
}

func contents(m *Map[uint64, uint64]) map[uint64]uint64 {
	all := map[uint64]uint64{}
	m.Range(func(k, v uint64) bool { all[k] = v; return true })
	return all
}

// The safe targets bear every method at once. Run with -race, this finds a lock
// that was left out; without, it is a weak test, and other packages do better.
func TestBuiltinIsSafe(t *testing.T) {
	const workers, ops, counter = 4, 300, 99
	eachVariant(t, func(t *testing.T, tgt *Target, v *Variant) {
		if tgt.Contract.Unsafe {
			t.Skip("not for concurrent use")
		}
		v.Prepare(counter, 2000)
		in := v.New()
		var done sync.WaitGroup
		for w := range workers {
			done.Add(1)
			go func() {
				defer done.Done()
				r := rand.New(rand.NewSource(int64(w)))
				call := calls(r, &in.Map, map[uint64]uint64{}) // what it answers is anybody's guess
				delete(call, "Clear")                          // of the counter
				names := slices.Sorted(maps.Keys(call))
				for range ops {
					call[names[r.Intn(len(names))]](uint64(r.Intn(20)), uint64(r.Intn(400)))
					if in.Increment != nil {
						in.Increment(counter)
					}
				}
			}()
		}
		done.Wait()
		if in.Increment != nil {
			if got, _ := in.Load(counter); got != workers*ops {
				t.Errorf("after %d increments the value is %d", workers*ops, got)
			}
		}
		if in.Len != nil && in.Len() != len(contents(&in.Map)) {
			t.Errorf("at rest, Len is %d and Range yields %d", in.Len(), len(contents(&in.Map)))
		}
		if in.Clear != nil {
			in.Clear()
			if left := contents(&in.Map); len(left) > 0 {
				t.Errorf("after Clear, Range yields %v", left)
			}
		}
		if seen := in.Foreign(); len(seen) != 0 {
			t.Errorf("foreign: %q", seen)
		}
	})
}

// Users see names, documentation and contracts: none is missing.
func TestBuiltinIsDescribed(t *testing.T) {
	names := map[string]bool{}
	for _, tgt := range Builtin() {
		if tgt.Name == "" || names[tgt.Name] || tgt.Doc == "" {
			t.Errorf("target %q, %q: want a name of its own and a line of documentation", tgt.Name, tgt.Doc)
		}
		names[tgt.Name] = true
		c := reflect.ValueOf(tgt.Contract)
		for i := range c.NumField() {
			p, ok := c.Field(i).Interface().(Promise)
			if ok && p.Level != Linearizable && (p.Quote == "" || tgt.Contract.Source == "") {
				t.Errorf("target %s: the promise for %s is relaxed without a quote and its source", tgt.Name, c.Type().Field(i).Name)
			}
		}
	}
}
