package linear

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestBlame(t *testing.T) {
	put := func(inv, ret int64, v uint64) Op { return Op{Inv: inv, Ret: ret, Effect: Set, Value: v} }
	get := func(inv, ret int64, v uint64) Op { return Op{Inv: inv, Ret: ret, Pre: Is, PreValue: v} }
	take := func(inv, ret int64, v uint64) Op {
		return Op{Inv: inv, Ret: ret, Pre: Is, PreValue: v, Effect: Remove}
	}
	tests := []struct {
		name string
		ops  []Op
		ids  []int
		why  string
	}{
		{"alone", []Op{put(1, 2, 7), get(3, 4, 8)}, []int{1}, "the ops before it left another state"},
		{"contradiction", []Op{put(1, 5, 7), {Inv: 2, Ret: 3, Pre: Never}}, []int{1}, "its answer contradicts itself"},
		{"phantom", []Op{put(1, 5, 7), get(2, 3, 8)}, []int{1}, "nobody wrote the value that was found, or it had been replaced before"},
		{"twice", []Op{put(1, 5, 7), take(2, 6, 7), take(3, 7, 7)}, []int{0, 1, 2}, "two ops took out, or replaced, one value"},
		{"too late", []Op{put(1, 5, 7), take(2, 6, 7), get(7, 8, 7), get(7, 9, 7)}, []int{1, 2}, "it had returned before an op was called that came earlier"},
		{"both", []Op{put(1, 9, 7), put(2, 8, 8), get(3, 4, 7), get(3, 4, 8), get(5, 6, 7), get(5, 6, 8)}, []int{2, 4, 3, 5},
			"two values both had to be there at the same time"},
		{"throughout", []Op{put(1, 3, 7), get(2, 5, 7), {Inv: 6, Ret: 7, Pre: Absent}, get(8, 9, 7), get(8, 9, 7)}, []int{0, 3, 2},
			"a value was there all the time that it took"},
		{"compared", []Op{put(1, 3, 7), get(2, 5, 7), {Inv: 6, Ret: 7, Pre: IsNot, PreValue: 7}, get(8, 9, 7)}, []int{0, 2, 3},
			"the value was there all the time that it took"},
		{"explained", []Op{put(1, 3, 7), get(2, 5, 7)}, nil, ""},
	}
	var c Checker
	for _, test := range tests {
		for i := range test.ops {
			test.ops[i].ID = i
		}
		outcome := c.Check(State{}, test.ops, Budget{})
		ids, why := c.Blame()
		if !slices.Equal(ids, test.ids) || why != test.why || (outcome == Illegal) != (why != "") {
			t.Errorf("%s: %v, %v: %q; want %v: %q", test.name, outcome, ids, why, test.ids, test.why)
		}
	}
}

// The ops blamed contradict one another without the rest, but for those that
// never returned, which only others show to have happened.
func TestBlamedAreIllegal(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	var c, alone Checker
	named, illegal := 0, 0
	reasons := map[string]int{}
	for range 20000 {
		s := randomSim(r, 30)
		ops := opsOf(s.run())
		if c.Check(s.initial, ops, Budget{}) != Illegal {
			continue
		}
		illegal++
		ids, why := c.Blame()
		reasons[why]++
		var part []Op
		for _, id := range ids {
			part = append(part, ops[id])
		}
		if len(part) == 0 || why == "the ops before it left another state" ||
			slices.ContainsFunc(part, func(op Op) bool { return op.Ret == Pending }) {
			continue
		}
		named++
		if alone.Check(c.initial, part, Budget{}) != Illegal {
			t.Fatalf("%s, but alone these are fine: %+v", why, part)
		}
	}
	if named*2 < illegal {
		t.Errorf("only %d of %d named", named, illegal)
	}
	t.Log(illegal, reasons)
}
