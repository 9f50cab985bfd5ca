package linear

import (
	"math/rand/v2"
	"testing"
)

// crowd is more ops that never return and can do nothing than a word has bits.
// They take the first slots of a search, so that the others need a second word.
func crowd(ops []Op) []Op {
	padded := make([]Op, 0, len(ops)+70)
	for range 70 {
		padded = append(padded, Op{Inv: -1, Ret: Pending, Pre: Is, PreValue: 1 << 40, Effect: Set, Value: 1 << 41, Guarded: true, ID: -1})
	}
	return append(padded, ops...)
}

// What more than 64 overlapping ops do not change has the same outcome among them.
func TestMoreThan64Overlap(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	var c Checker
	count := map[Outcome]int{}
	wide := 0
	for i := 0; i < 6000; i++ {
		s := randomSim(r, 16)
		s.repeats = uint64(2 + r.IntN(s.ops))
		ops := opsOf(s.run())
		want := c.Check(s.initial, ops, Budget{})
		c.search.width = 0
		got := c.Check(s.initial, crowd(ops), Budget{})
		if got != want {
			t.Fatalf("history %d: got %v among others, want %v\n%+v %+v", i, got, want, s.initial, ops)
		}
		if c.search.width > 1 {
			wide++
		}
		count[got]++
	}
	if wide < 4000 || count[Ok] < 1500 || count[Illegal] < 1500 {
		t.Errorf("too one-sided: %v, %d in two words", count, wide)
	}
}

// Increments that all overlap are all alike, so hundreds cost no more than one.
func TestCountsOfHundreds(t *testing.T) {
	for _, test := range []struct {
		read uint64
		want Outcome
	}{{300, Ok}, {299, Illegal}, {301, Illegal}} {
		var ops []Op
		for i := range int64(300) {
			ops = append(ops, Op{Inv: i, Ret: 1000 - i, Effect: Add, Value: 1})
		}
		ops = append(ops, Op{Inv: 2000, Ret: 2001, Pre: Is, PreValue: test.read})
		if got := Check(State{}, ops, Budget{Steps: 500}); got != test.want {
			t.Errorf("%d read: got %v, want %v", test.read, got, test.want)
		}
	}
}

// A correct map is never found wrong, and seldom too hard for a small budget,
// by whatever a hundred workers call at once.
func TestManyWorkers(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 24))
	var c Checker
	count := map[Outcome]int{}
	for i := 0; i < 200; i++ {
		s := randomSim(r, 1)
		s.faults, s.workers, s.ops = 0, 20+r.IntN(100), 400
		actions := s.run()
		got := c.Check(s.initial, opsOf(actions), Budget{Steps: 1 << 16})
		count[got]++
		if got == Illegal {
			ids, why := c.Blame()
			t.Fatalf("history %d: illegal (%v: %s)\n%s", i, ids, why, showActions(s.initial, actions))
		}
	}
	if count[Unknown] > 40 {
		t.Errorf("too hard: %v", count)
	}
	t.Log(count)
}

func TestDoesNotAllocate(t *testing.T) {
	r := rand.New(rand.NewPCG(25, 26))
	type history struct {
		initial State
		ops     []Op
	}
	var all []history
	for range 1000 {
		s := randomSim(r, 40)
		if r.IntN(20) == 0 { // so wide that sorting is more than insertion
			s.workers, s.ops = 100, 200
		}
		all = append(all, history{s.initial, opsOf(s.run())})
	}
	var c Checker
	pass := func() {
		for _, h := range all {
			c.Check(h.initial, h.ops, Budget{Steps: 1 << 12})
		}
	}
	pass()
	if n := testing.AllocsPerRun(2, pass); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// However many ops overlap, the budget bounds what a search keeps.
func TestBudgetBoundsMemory(t *testing.T) {
	var c Checker
	if got := c.Check(State{}, hard(20000), Budget{}); got != Unknown {
		t.Errorf("got %v, want unknown", got)
	}
	kept := 8 * (cap(c.search.sets) + cap(c.search.table.slots.words) + cap(c.search.table.spare.words))
	if kept > 50<<20 {
		t.Errorf("%d MB are kept", kept>>20)
	}
}

// What an exhausted budget leaves open, a larger one decides, and one budget has
// one outcome.
func TestBudgetIsDeterministic(t *testing.T) {
	r := rand.New(rand.NewPCG(27, 28))
	var c, fresh Checker
	count := map[Outcome]int{}
	for i := 0; i < 3000; i++ {
		s := randomSim(r, 30)
		s.repeats = uint64(2 + r.IntN(5))
		ops := opsOf(s.run())
		small, large := c.Check(s.initial, ops, Budget{Steps: 1}), c.Check(s.initial, ops, Budget{})
		if again := fresh.Check(s.initial, ops, Budget{Steps: 1}); again != small {
			t.Fatalf("history %d: %v, then %v", i, small, again)
		}
		if small != Unknown && small != large {
			t.Fatalf("history %d: %v with one step, %v with more", i, small, large)
		}
		count[small]++
	}
	if count[Unknown] < 30 {
		t.Errorf("too easy: %v", count)
	}
}
