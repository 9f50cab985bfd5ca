// Package visual writes histories for Porcupine's visualisation: a page for a
// browser, with the calls on one key as intervals, and the longest orders of them that
// explain their answers.
//
// Only the picture is Porcupine's; verdicts never are.
package visual

import (
	"fmt"
	"io"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/oracle/linear"
)

// MaxOps is the most ops of a key that are drawn. A browser bears some more, and the
// search for orders does not.
const MaxOps = 400

// patience bounds the search for orders to show; without one, none are shown.
const patience = 2 * time.Second

// Write writes the page for one key of a history that the judge has judged. It fails if
// no op concerns the key, or more than MaxOps do.
func Write(w io.Writer, j *oracle.Judge, h *history.History, key uint64) error {
	initial, ops := j.Key(h, key)
	if len(ops) == 0 || len(ops) > MaxOps {
		return fmt.Errorf("%d ops concern k%d; want 1 to %d to draw", len(ops), key, MaxOps)
	}
	calls := make([]porcupine.Operation, len(ops))
	for i := range ops {
		calls[i] = porcupine.Operation{Input: &ops[i], Call: ops[i].Inv, Return: ops[i].Ret}
		if ops[i].ID >= 0 {
			calls[i].ClientId = h.Events[ops[i].ID].Worker
		} else {
			calls[i].ClientId = workers(h)
		}
	}
	model := porcupine.Model{
		Init: func() any { return initial },
		Step: func(state, input, _ any) (bool, any) {
			after, ok := input.(*linear.Op).Step(state.(linear.State))
			return ok, after
		},
		DescribeOperation: func(input, _ any) string { return describe(h, input.(*linear.Op)) },
		DescribeState: func(state any) string {
			if s := state.(linear.State); s.Present {
				return fmt.Sprintf("v%d", s.Value)
			}
			return "absent"
		},
	}
	_, info := porcupine.CheckOperationsVerbose(model, calls, patience)
	return porcupine.Visualize(model, info, w)
}

func describe(h *history.History, op *linear.Op) string {
	if op.ID >= 0 {
		return h.Events[op.ID].String()
	}
	if op.Pre == linear.Is {
		return fmt.Sprintf("at rest v%d", op.PreValue)
	}
	return "at rest absent"
}

// workers returns a number that no worker has.
func workers(h *history.History) (n int) {
	for i := range h.Events {
		n = max(n, h.Events[i].Worker+1)
	}
	return n
}
