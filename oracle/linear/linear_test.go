package linear

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// bruteForce tries every order, knowing nothing of groups or of Step: it has
// its own reading of what an op means.
func bruteForce(s State, ops []Op) bool {
	if len(ops) == 0 {
		return true
	}
	rest := make([]Op, len(ops)-1)
	for i := range ops {
		early := true
		for j := range ops {
			if ops[j].Ret < ops[i].Inv {
				early = false
			}
		}
		if !early {
			continue
		}
		after, ok := meaning(s, ops[i])
		copy(rest, ops[:i])
		copy(rest[i:], ops[i+1:])
		if ok && bruteForce(after, append([]Op(nil), rest...)) {
			return true
		}
	}
	// An op that never returned need not have happened.
	for i := range ops {
		if ops[i].Ret == Pending {
			return bruteForce(s, append(append([]Op(nil), ops[:i]...), ops[i+1:]...))
		}
	}
	return false
}

// both returns the outcome of the check, which must be the same if no part of the
// history is spared zones or search because its order is clear, or a simple one
// explains it.
func (c *Checker) both(t *testing.T, initial State, ops []Op) Outcome {
	t.Helper()
	outcome := c.Check(initial, ops, Budget{})
	c.blame.clear()
	c.search.left = DefaultSteps
	c.initial, c.ops = initial, c.inOrder(ops)
	c.reset()
	if again := c.decide(); again != outcome {
		t.Fatalf("got %v, but %v by zones and search alone\n%+v %+v", outcome, again, initial, ops)
	}
	return outcome
}

func meaning(s State, op Op) (State, bool) {
	allowed := map[Pre]bool{
		Any: true, Is: s == State{op.PreValue, true}, IsNot: s != State{op.PreValue, true},
		Absent: s == State{}, Present: s.Present,
	}[op.Pre]
	after := map[Effect]State{
		Keep: s, Set: {op.Value, true}, Remove: {}, Add: {s.Value + op.Value, true},
	}[op.Effect]
	if !allowed {
		return s, op.Guarded
	}
	return after, true
}

// randomOps makes ops with stamps from a small range, so that ties are common,
// and answers that are right in about half of all histories.
func randomOps(r *rand.Rand, n int) (State, []Op) {
	initial := State{}
	if r.IntN(2) == 0 {
		initial = State{uint64(r.IntN(3)), true}
	}
	span := int64(3 + r.IntN(30))
	s := initial
	ops := make([]Op, n)
	at := int64(0)
	for i := range ops {
		op := &ops[i]
		at += r.Int64N(4)
		op.Inv = max(0, at-r.Int64N(span/3+1))
		op.Ret = at + r.Int64N(span/3+1)
		op.Pre, op.Effect = Pre(r.IntN(int(Never))), Effect(r.IntN(int(Add)+1))
		op.PreValue, op.Value = s.Value, 1+uint64(r.IntN(6))
		if op.Pre == Absent && s.Present || op.Pre == Present && !s.Present || op.Pre == Is && !s.Present {
			op.Pre = Any
		}
		if op.Pre == IsNot {
			op.PreValue++
		}
		switch {
		case r.IntN(4) == 0:
			op.PreValue = uint64(r.IntN(7))
		case r.IntN(8) == 0:
			op.Pre = Pre(r.IntN(int(Never) + 1))
		}
		if r.IntN(16) == 0 {
			op.Guarded = true
		}
		if r.IntN(15) == 0 {
			op.Ret = Pending
			if op.Pre != Any {
				op.Guarded = true
			}
		}
		if after, ok := op.Step(s); ok {
			s = after
		}
	}
	r.Shuffle(n, func(i, j int) { ops[i], ops[j] = ops[j], ops[i] })
	return initial, ops
}

func TestAgreesWithBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var c Checker
	count := map[Outcome]int{}
	kinds := map[string]int{}
	n := 40000
	if testing.Short() {
		n = 10000
	}
	for i := range n {
		initial, ops := randomOps(r, 1+r.IntN(8))
		got := c.both(t, initial, ops)
		want := Illegal
		if bruteForce(initial, ops) {
			want = Ok
		}
		if got != want {
			t.Fatalf("history %d: got %v, want %v\ninitial %+v\n%+v", i, got, want, initial, ops)
		}
		count[got]++
		for _, op := range ops {
			kinds[fmt.Sprint(op.Pre, op.Effect, op.Guarded, op.Ret == Pending)]++
		}
	}
	if count[Ok]*4 < n || count[Illegal]*6 < n || len(kinds) < 60 {
		t.Errorf("too one-sided: %v, %d kinds of op", count, len(kinds))
	}
	t.Logf("%v, %d kinds of op", count, len(kinds))
}

// Chains of values that replace one another, by ops with wide intervals at random,
// and failed compares of these values at random: what one compare needs of the time
// of a write, another may forbid.
func TestComparesInChains(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var c Checker
	count := map[Outcome]int{}
	n := 60000
	if testing.Short() {
		n = 20000
	}
	for i := range n {
		var ops []Op
		at := func(from int64, width int64) (inv, ret int64) {
			inv = from + r.Int64N(width) - width/2
			return inv, inv + r.Int64N(width)
		}
		length := uint64(2 + r.IntN(3))
		for v := uint64(1); v <= length; v++ {
			op := Op{Effect: Set, Value: v}
			if v > 1 {
				op.Pre, op.PreValue = Is, v-1
			}
			op.Inv, op.Ret = at(int64(10*v), 16)
			ops = append(ops, op)
			if r.IntN(2) == 0 {
				op = Op{Pre: Is, PreValue: v}
				op.Inv, op.Ret = at(int64(10*v+5), 6)
				ops = append(ops, op)
			}
		}
		for range 1 + r.IntN(4) {
			op := Op{Pre: IsNot, PreValue: 1 + r.Uint64N(length)}
			op.Inv, op.Ret = at(int64(10*op.PreValue+5), 8)
			ops = append(ops, op)
		}
		if r.IntN(3) == 0 {
			op := Op{Effect: Effect(r.IntN(3)), Value: 99}
			op.Inv, op.Ret = at(int64(10*length), 30)
			ops = append(ops, op)
		}
		got, want := c.both(t, State{}, ops), Illegal
		if bruteForce(State{}, ops) {
			want = Ok
		}
		if got != want {
			t.Fatalf("history %d: got %v, want %v\n%+v", i, got, want, ops)
		}
		count[got]++
	}
	if count[Ok]*5 < n || count[Illegal]*5 < n {
		t.Errorf("too one-sided: %v", count)
	}
	t.Log(count)
}

func TestCheck(t *testing.T) {
	put := func(inv, ret int64, v uint64) Op { return Op{Inv: inv, Ret: ret, Effect: Set, Value: v} }
	get := func(inv, ret int64, v uint64) Op { return Op{Inv: inv, Ret: ret, Pre: Is, PreValue: v} }
	cas := func(inv, ret int64, old, v uint64) Op {
		return Op{Inv: inv, Ret: ret, Pre: Is, PreValue: old, Effect: Set, Value: v, Guarded: ret == Pending}
	}
	tests := map[string]struct {
		ops  []Op
		want Outcome
	}{
		"nothing":                      {nil, Ok},
		"equal stamps are concurrent":  {[]Op{put(1, 2, 7), {Inv: 2, Ret: 3, Pre: Absent}}, Ok},
		"strictly later is later":      {[]Op{put(1, 2, 7), {Inv: 3, Ret: 3, Pre: Absent}}, Illegal},
		"pending put seen":             {[]Op{put(1, Pending, 7), get(5, 6, 7)}, Ok},
		"pending put not seen":         {[]Op{put(1, Pending, 7), {Inv: 5, Ret: 6, Pre: Absent}}, Ok},
		"pending put seen, then not":   {[]Op{put(1, Pending, 7), get(5, 6, 7), {Inv: 8, Ret: 9, Pre: Absent}}, Illegal},
		"pending swap after its turn":  {[]Op{put(1, 2, 7), cas(3, Pending, 7, 8), put(4, 5, 9), get(6, 7, 8)}, Illegal},
		"pending swap in its turn":     {[]Op{put(1, 2, 7), cas(3, Pending, 7, 8), get(4, 5, 8)}, Ok},
		"self-contradiction":           {[]Op{{Inv: 1, Ret: 2, Pre: Never}}, Illegal},
		"increments":                   {[]Op{{Inv: 1, Ret: 5, Effect: Add, Value: 1}, {Inv: 1, Ret: 5, Effect: Add, Value: 1}, get(6, 7, 2)}, Ok},
		"an increment lost":            {[]Op{{Inv: 1, Ret: 5, Effect: Add, Value: 1}, {Inv: 1, Ret: 5, Effect: Add, Value: 1}, get(6, 7, 1)}, Illegal},
		"one of two overlapping puts":  {[]Op{put(1, 9, 7), put(2, 8, 8), get(10, 11, 7), get(12, 13, 7)}, Ok},
		"both of two overlapping puts": {[]Op{put(1, 9, 7), put(2, 8, 8), get(10, 11, 7), get(12, 13, 8)}, Illegal},
		"a write may be late for a failed compare": {[]Op{put(1, 2, 7), get(3, 4, 7), cas(3, 100, 7, 8),
			{Inv: 10, Ret: 20, Pre: IsNot, PreValue: 8}}, Ok},
		"two failed compares want it late and soon": {[]Op{put(0, 1, 7), get(2, 3, 7), cas(4, 100, 7, 8), {Inv: 10, Ret: 20, Pre: IsNot, PreValue: 7},
			{Inv: 30, Ret: 40, Pre: IsNot, PreValue: 8}, get(150, 155, 8), cas(156, 160, 8, 9)}, Illegal},
		"given in no order of call time": {[]Op{get(5, 6, 7), put(1, 2, 7)}, Ok},
	}
	for name, test := range tests {
		if got := Check(State{}, test.ops, Budget{}); got != test.want {
			t.Errorf("%s: got %v, want %v", name, got, test.want)
		}
	}
}

// hard is a history on which every checker of its kind has to try many orders.
func hard(n int) (ops []Op) {
	for i := 0; i < n; i++ {
		ops = append(ops, Op{Inv: 1, Ret: 100, Pre: Is, PreValue: uint64(i), Effect: Set, Value: uint64(i * i % n)})
		ops = append(ops, Op{Inv: 1, Ret: 100, Effect: Set, Value: uint64(i)})
	}
	return append(ops, Op{Inv: 101, Ret: 102, Pre: Absent})
}

func TestBudgetGivesUnknown(t *testing.T) {
	if got := Check(State{}, hard(40), Budget{Steps: 1000}); got != Unknown {
		t.Errorf("got %v, want unknown", got)
	}
}
