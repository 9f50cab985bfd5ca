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
	for i := 0; i < 40000; i++ {
		initial, ops := randomOps(r, 1+r.IntN(8))
		got := c.Check(initial, ops, Budget{})
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
	if count[Ok] < 10000 || count[Illegal] < 7000 || len(kinds) < 60 {
		t.Errorf("too one-sided: %v, %d kinds of op", count, len(kinds))
	}
	t.Logf("%v, %d kinds of op", count, len(kinds))
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
		"nothing":                        {nil, Ok},
		"equal stamps are concurrent":    {[]Op{put(1, 2, 7), {Inv: 2, Ret: 3, Pre: Absent}}, Ok},
		"strictly later is later":        {[]Op{put(1, 2, 7), {Inv: 3, Ret: 3, Pre: Absent}}, Illegal},
		"pending put seen":               {[]Op{put(1, Pending, 7), get(5, 6, 7)}, Ok},
		"pending put not seen":           {[]Op{put(1, Pending, 7), {Inv: 5, Ret: 6, Pre: Absent}}, Ok},
		"pending put seen, then not":     {[]Op{put(1, Pending, 7), get(5, 6, 7), {Inv: 8, Ret: 9, Pre: Absent}}, Illegal},
		"pending swap after its turn":    {[]Op{put(1, 2, 7), cas(3, Pending, 7, 8), put(4, 5, 9), get(6, 7, 8)}, Illegal},
		"pending swap in its turn":       {[]Op{put(1, 2, 7), cas(3, Pending, 7, 8), get(4, 5, 8)}, Ok},
		"self-contradiction":             {[]Op{{Inv: 1, Ret: 2, Pre: Never}}, Illegal},
		"increments":                     {[]Op{{Inv: 1, Ret: 5, Effect: Add, Value: 1}, {Inv: 1, Ret: 5, Effect: Add, Value: 1}, get(6, 7, 2)}, Ok},
		"an increment lost":              {[]Op{{Inv: 1, Ret: 5, Effect: Add, Value: 1}, {Inv: 1, Ret: 5, Effect: Add, Value: 1}, get(6, 7, 1)}, Illegal},
		"one of two overlapping puts":    {[]Op{put(1, 9, 7), put(2, 8, 8), get(10, 11, 7), get(12, 13, 7)}, Ok},
		"both of two overlapping puts":   {[]Op{put(1, 9, 7), put(2, 8, 8), get(10, 11, 7), get(12, 13, 8)}, Illegal},
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
