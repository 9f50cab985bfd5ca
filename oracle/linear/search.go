package linear

import (
	"time"

	"github.com/anishathalye/porcupine"
)

// searchAny checks ops from each of the states that may precede them, which
// share the time.
func searchAny(states []State, ops []Op, budget Budget) Outcome {
	if len(ops) > budget.ops() {
		return Unknown
	}
	share := budget.time() / time.Duration(len(states))
	outcome := Illegal
	for _, s := range states {
		switch search(s, ops, share) {
		case Ok:
			return Ok
		case Unknown:
			outcome = Unknown
		}
	}
	return outcome
}

// search leaves the check to Porcupine, whose intervals are closed as ours are.
// It is exponential in how many ops overlap and quadratic in how many there
// are, and allocates. When its time is up, its goroutine ends by itself a few
// microseconds after the answer; nothing here can wait for it.
func search(initial State, ops []Op, limit time.Duration) Outcome {
	calls := make([]porcupine.Operation, len(ops))
	for i := range ops {
		calls[i] = porcupine.Operation{Input: &ops[i], Call: ops[i].Inv, Return: ops[i].Ret}
	}
	model := porcupine.Model{
		Init: func() any { return initial },
		Step: func(state, input, _ any) (bool, any) {
			after, ok := input.(*Op).Step(state.(State))
			return ok, after
		},
		Hash: func(state any) uint64 {
			s := state.(State)
			h := s.Value * 0x9e3779b97f4a7c15
			if s.Present {
				h++
			}
			return h
		},
	}
	switch porcupine.CheckOperationsTimeout(model, calls, limit) {
	case porcupine.Ok:
		return Ok
	case porcupine.Illegal:
		return Illegal
	}
	return Unknown
}
