package hb_test

import (
	"math/rand"
	"slices"
	"testing"

	"github.com/mapstress/mapstress/scheduler/hb"
	. "github.com/mapstress/mapstress/scheduler/internal/machine"
	"github.com/mapstress/mapstress/scheduler/strategy"
)

// watch makes a machine of which a detector sees every step.
func watch(p *Program, d *hb.Detector) *Machine {
	m := &Machine{Program: p}
	m.Observe = func(w int, p strategy.Point) { d.Step(w, p, m.Where(w)) }
	m.Enables = d.Enable
	return m
}

// races makes every run of a program, and says how many there are and in how many a race
// was found.
func races(p *Program) (runs, racy int) {
	var d hb.Detector
	d.Begin(len(p.Codes))
	All(watch(p, &d), func(Result) bool {
		if runs++; len(d.Races()) > 0 {
			racy++
		}
		d.Begin(len(p.Codes))
		return true
	})
	return runs, racy
}

func TestRaces(t *testing.T) {
	inc := []Instr{Load(0), Plus(1), Store(0)}
	locked := func(body ...Instr) []Instr { return Code([]Instr{Lock(5)}, body, []Instr{Unlock(5)}) }
	for _, c := range []struct {
		name        string
		p           *Program
		every, none bool // in every run, in none
	}{
		{"increments", New(inc, inc), true, false},
		{"under a lock", New(locked(inc...), locked(inc...), locked(inc...)), false, true},
		{"under different locks", New(locked(inc...), Code([]Instr{Lock(6)}, inc, []Instr{Unlock(6)})), true, false},
		{"one without the lock", New(locked(inc...), inc), true, false},
		{"before and after a lock", New(Code(inc, locked()), Code(locked(), inc)), false, false},
		{"atomics", New(Times(2, AtomicAdd(0, 1)), Times(2, AtomicAdd(0, 1))), false, true},
		{"atomic and plain", New([]Instr{AtomicAdd(0, 1)}, []Instr{Load(0)}), true, false},
		{"atomic read and plain write", New([]Instr{AtomicLoad(0)}, []Instr{Store(0)}), true, false},
		{"atomic and plain reads", New([]Instr{AtomicLoad(0)}, []Instr{Load(0)}), false, true},
		{"published", New([]Instr{Set(1), Store(0), AtomicStore(1)}, []Instr{AtomicLoad(1), Else(1, 3), Load(0)}), false, true},
		{"published too early", New([]Instr{Set(1), AtomicStore(1), Store(0)}, []Instr{AtomicLoad(1), Else(1, 3), Load(0)}), false, false},
		{"handed over", New([]Instr{Store(0), Release(1)}, []Instr{Acquire(1), Load(0)}), false, true},
		{"spawned", &Program{Codes: [][]Instr{{Store(0), Spawn()}, {Load(0)}}, Workers: 1}, false, true},
		{"after the spawn", &Program{Codes: [][]Instr{{Spawn(), Store(0)}, {Load(0)}}, Workers: 1}, true, false},
		{"readers", New([]Instr{Load(0)}, []Instr{Load(0)}, []Instr{LoadRange(0, 2)}), false, true},
		{"readers and a writer", New([]Instr{Load(0)}, []Instr{Load(0)}, []Instr{Store(0)}), true, false},
		{"side by side", New([]Instr{Store(0)}, []Instr{StoreRange(1, 2)}), false, true},
		{"in a range", New([]Instr{Store(2)}, []Instr{LoadRange(0, 3)}), true, false},
		{"calls order nothing", New([]Instr{Call(), Store(0), Return()}, []Instr{Call(), Store(0), Return()}), true, false},
	} {
		runs, racy := races(c.p)
		if c.every && racy < runs || c.none && racy > 0 || !c.every && !c.none && (racy == 0 || racy == runs) {
			t.Errorf("%s: a race in %d of %d runs", c.name, racy, runs)
		}
	}
}

// What is said of a race.
func TestRace(t *testing.T) {
	var d hb.Detector
	m := watch(New([]Instr{Other(), StoreRange(0, 3)}, []Instr{Load(1), Other()}), &d)
	d.Begin(2)
	m.Run(strategy.NewReplay(strategy.Decisions{0, 0}))
	want := []hb.Race{{
		First:  hb.Access{Worker: 0, Step: 1, Point: strategy.Point{Kind: strategy.Write, Addr: 1, Size: 24}, Where: 1<<16 | 1},
		Second: hb.Access{Worker: 1, Step: 2, Point: strategy.Point{Kind: strategy.Read, Addr: 9, Size: 8}, Where: 2 << 16},
		Times:  1,
	}}
	if !slices.Equal(d.Races(), want) {
		t.Errorf("%+v; want %+v", d.Races(), want)
	}
	if d.Racing(1<<16|1) || len(d.Places()) > 0 {
		t.Error("the places are known before the run has ended")
	}
	d.Begin(2)
	if !slices.Equal(d.Places(), []uint64{1<<16 | 1, 2 << 16}) || !d.Racing(2<<16) || d.Racing(3) {
		t.Errorf("%x", d.Places())
	}
	if len(d.Races()) > 0 {
		t.Error("races of the run before")
	}
	d.Freeze([]uint64{0, 7})
	m.Run(strategy.NewReplay(strategy.Decisions{0, 0}))
	d.Begin(2)
	if !slices.Equal(d.Places(), []uint64{0, 7}) || !d.Racing(0) || d.Racing(2<<16) {
		t.Errorf("frozen: %x", d.Places())
	}
}

// A step, and what is before it.
type step struct {
	worker int
	p      strategy.Point
	before map[int]bool
}

// plain finds races in the plainest way: every pair of steps is looked at. It returns the
// bytes at which there is one.
func plain(steps []step, edges map[[2]int]bool) map[uint64]bool {
	releases := func(k strategy.Kind) bool { return k == strategy.Unlock || k == strategy.AtomicWrite }
	acquires := func(k strategy.Kind) bool {
		return k == strategy.Lock || k == strategy.AtomicRead || k == strategy.AtomicWrite
	}
	access := func(p strategy.Point) bool { return p.Kind >= strategy.Read && p.Kind <= strategy.AtomicWrite }
	isPlain := func(p strategy.Point) bool { return p.Kind == strategy.Read || p.Kind == strategy.Write }
	racing := map[uint64]bool{}
	for k := range steps {
		s := &steps[k]
		s.before = map[int]bool{}
		for j := range k {
			o := &steps[j]
			if o.worker == s.worker || edges[[2]int{j, s.worker}] ||
				o.p.Addr == s.p.Addr && s.p.Addr > 0 && releases(o.p.Kind) && acquires(s.p.Kind) {
				s.before[j] = true
				for i := range o.before {
					s.before[i] = true
				}
			}
		}
		for j := range k {
			o := &steps[j]
			if s.before[j] || !access(s.p) || !access(o.p) || !isPlain(s.p) && !isPlain(o.p) || !o.p.Conflicts(s.p) {
				continue
			}
			for b := max(o.p.Addr, s.p.Addr); b < min(o.p.Addr+uint64(o.p.Size), s.p.Addr+uint64(s.p.Size)); b++ {
				if (isPlain(s.p) || b == s.p.Addr) && (isPlain(o.p) || b == o.p.Addr) {
					racing[b] = true
				}
			}
		}
	}
	return racing
}

// On any program: there is a race where a plain search says so, and nowhere else.
func TestAgainstPlainSearch(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	var d hb.Detector
	clean, racy := 0, 0
	programs := 3000
	if testing.Short() {
		programs = 500
	}
	for k := range programs {
		p := Any(r, 2+k%2, 8)
		var steps []step
		edges := map[[2]int]bool{}
		m := &Machine{Program: p}
		m.Observe = func(w int, p strategy.Point) {
			steps = append(steps, step{worker: w, p: p})
			d.Step(w, p, uint64(len(steps)))
		}
		m.Enables = func(by, other int) {
			edges[[2]int{len(steps) - 1, other}] = true
			d.Enable(by, other)
		}
		d.Begin(p.Workers)
		m.Run(strategy.NewRandom(uint64(k)))
		want := plain(steps, edges)
		for _, race := range d.Races() {
			found := false
			a, b := race.First.Point, race.Second.Point
			for at := max(a.Addr, b.Addr); at < min(a.Addr+uint64(a.Size), b.Addr+uint64(b.Size)); at++ {
				found = found || want[at]
			}
			first, second := &steps[race.First.Step], &steps[race.Second.Step]
			if !found || second.before[race.First.Step] || first.p != a || second.p != b || race.First.Where != uint64(race.First.Step+1) {
				t.Fatalf("program %d: %+v is no race: %+v %+v %v", k, race, steps, edges, want)
			}
		}
		if (len(want) > 0) != (len(d.Races()) > 0) {
			t.Fatalf("program %d: %d races; want some: %v", k, len(d.Races()), len(want) > 0)
		}
		if len(want) > 0 {
			racy++
		} else {
			clean++
		}
	}
	if clean < programs/10 || racy < programs/10 {
		t.Errorf("%d clean and %d racy runs", clean, racy)
	}
}

// It is enough to decide at synchronization and where there are races: all outcomes come.
func TestDecideAtSynchronizationOnly(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	all, some, outcomes := 0, 0, 0
	for k := range 300 {
		p := Any(r, 2, 6)
		want := map[uint64]bool{}
		n := 0
		All(&Machine{Program: p, Traced: true}, func(r Result) bool {
			want[r.Outcome] = true
			n++
			return n <= 500
		})
		if n > 500 {
			continue
		}
		var d hb.Detector
		got := map[uint64]bool{}
		runs := 0
		for known := -1; known < len(d.Places()); { // start again when there is a new place
			known, runs = len(d.Places()), 0
			clear(got)
			frozen := d.Places()
			m := watch(p, &d)
			m.Traced = true
			m.Quiet = func(w int, p strategy.Point) bool {
				_, racing := slices.BinarySearch(frozen, m.Where(w))
				return (p.Kind == strategy.Read || p.Kind == strategy.Write) && !racing
			}
			d.Begin(len(p.Codes))
			All(m, func(r Result) bool {
				runs++
				got[r.Outcome] = true
				d.Begin(len(p.Codes))
				return true
			})
		}
		if len(got) != len(want) {
			t.Fatalf("program %d: %d of %d outcomes: %+v", k, len(got), len(want), p)
		}
		all, some, outcomes = all+n, some+runs, outcomes+len(want)
	}
	t.Logf("%d interleavings, %d that are decided upon, %d outcomes", all, some, outcomes)
	if some > all*2/3 { // the programs are racy, most of them
		t.Errorf("%d of %d interleavings: too little is saved", some, all)
	}
}

// Once it has seen runs of the kind.
func TestStepsAllocateNothing(t *testing.T) {
	var d hb.Detector
	racy := New(Code(Times(3, Store(0)), Times(3, AtomicAdd(1, 1))), Code(Times(3, LoadRange(0, 1)), []Instr{Lock(2), Unlock(2)}), Times(3, Load(0)))
	m, s := watch(racy, &d), strategy.NewRandom(1)
	run := func() {
		d.Begin(3)
		m.Run(s)
	}
	for range 100 {
		run()
	}
	if n := testing.AllocsPerRun(100, run); n > 0 {
		t.Errorf("%v allocations a run", n)
	}
}

// More workers than there were at first, in the midst of it all.
func TestManyWorkers(t *testing.T) {
	var d hb.Detector
	for range 2 {
		d.Begin(1)
		at := func(w int, k strategy.Kind, addr uint64) {
			d.Step(w, strategy.Point{Kind: k, Addr: addr, Size: 8}, uint64(w))
		}
		at(0, strategy.Write, 1)
		at(0, strategy.AtomicWrite, 9)
		for w := 1; w < 100; w++ {
			d.Enable(0, w)
			at(w, strategy.Read, 1)
		}
		if len(d.Races()) > 0 {
			t.Fatalf("%+v", d.Races())
		}
		at(50, strategy.AtomicRead, 9)
		at(50, strategy.Write, 1)
		if len(d.Races()) != 98 {
			t.Errorf("%d races; want one with each other reader", len(d.Races()))
		}
	}
}
