package oracle

import (
	"testing"

	"github.com/mapstress/mapstress/oracle/linear"
)

// Where the check names the ops that contradict one another, a long history is
// small at once: leaving out part after part would have taken more checks than
// there may be.
func TestBlamedAreKept(t *testing.T) {
	var ops []linear.Op
	for i := int64(0); i < 1000; i++ {
		ops = append(ops,
			linear.Op{Inv: 10 * i, Ret: 10*i + 12, Effect: linear.Set, Value: uint64(i + 1), ID: len(ops)},
			linear.Op{Inv: 10*i + 1, Ret: 10*i + 14, Pre: linear.Is, PreValue: uint64(i + 1), ID: len(ops) + 1})
	}
	ops[1501].PreValue = 500 // long gone
	var j Judge
	if j.checker.Check(linear.State{}, ops, j.Budget) != linear.Illegal {
		t.Fatal("the history is fine")
	}
	if kept := j.shrink(linear.State{}, ops); len(kept) > 4 {
		t.Errorf("%d ops are left", len(kept))
	}
}
