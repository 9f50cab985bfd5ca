// Package linear checks whether the calls made on one key of a map could have
// happened one at a time, in an order that respects real time: linearizability,
// key by key.
//
// It knows no methods of maps: the caller normalises each call and its answer
// to a precondition on the key's state and an effect on it.
//
// The check is exact. Where every value is written once, which ops belong
// together is known from the values: they give chains, blocks and zones, and
// those decide in O(n log n) (Gibbons and Korach, Testing Shared Memories, 1997).
// What zones cannot express is cut out between two of them and searched (Lowe,
// Testing for Linearizability, 2017). docs/oracle.md has the arguments.
package linear

import "math"

// Pending is the Ret of an op that never returned. It may have taken effect at
// any time since its Inv, or never: an op that may be ordered after all others
// has then been seen by nobody, so "never" needs no case of its own. Its answer
// is unknown, so it must have precondition Any, or be Guarded.
const Pending = math.MaxInt64

// A State is what the map holds for the key. Value is 0 if nothing is present.
type State struct {
	Value   uint64
	Present bool
}

// A Pre is what an op's answer says of the state just before it.
type Pre uint8

const (
	Any     Pre = iota // nothing
	Is                 // present, with the value PreValue
	IsNot              // absent, or present with another value than PreValue
	Absent             // absent
	Present            // present, with any value
	Never              // the answer contradicts itself: no state explains it
)

// An Effect is what an op does to the state.
type Effect uint8

const (
	Keep   Effect = iota // nothing
	Set                  // put Value in
	Remove               // take out what is there, if anything
	Add                  // add Value, counting an absent key as 0
)

// An Op is a call on one key, normalised.
type Op struct {
	// Inv and Ret are the stamps of call and return. One op is before another
	// only if its Ret is strictly less than the other's Inv.
	Inv, Ret int64
	PreValue uint64
	Value    uint64
	ID       int // the caller's; only Blame hands it back
	Pre      Pre
	Effect   Effect
	// Guarded makes Pre a condition of the effect rather than of the op: where
	// it does not hold, the op does nothing. That is a compare-and-swap whose
	// answer nobody saw.
	Guarded bool
}

// Step applies the op to s. It reports whether the op's precondition allows it.
func (op *Op) Step(s State) (State, bool) {
	if !op.holds(s) {
		return s, op.Guarded
	}
	switch op.Effect {
	case Set:
		return State{op.Value, true}, true
	case Remove:
		return State{}, true
	case Add:
		return State{s.Value + op.Value, true}, true
	}
	return s, true
}

func (op *Op) holds(s State) bool {
	switch op.Pre {
	case Any:
		return true
	case Is:
		return s.Present && s.Value == op.PreValue
	case IsNot:
		return !s.Present || s.Value != op.PreValue
	case Absent:
		return !s.Present
	case Present:
		return s.Present
	}
	return false
}

// An Outcome is the answer of a check. The zero Outcome is Unknown.
type Outcome uint8

const (
	Unknown Outcome = iota // the budget ran out: neither a pass nor a violation
	Ok                     // some order explains every answer
	Illegal                // no order does
)

// String returns the outcome's name.
func (o Outcome) String() string {
	switch o {
	case Ok:
		return "ok"
	case Illegal:
		return "illegal"
	}
	return "unknown"
}

// DefaultSteps is what a Budget of 0 steps means. A Check that takes all of them
// needs about 10 MB, 50 MB at most, and a tenth of a second. Four times as many
// decide next to nothing more.
const DefaultSteps = 1 << 18

// A Budget bounds the search for what zones do not decide. It counts steps, not
// time, so the same ops have the same outcome on any machine. The zero Budget is
// the default.
type Budget struct {
	// Steps is how many wrong turns the searches of one Check may take, all
	// together: each op that they try in vain is a step for every 64 ops, or part
	// of them, that overlap. 0 means DefaultSteps. To try each op once is free as
	// long as no more than 256 overlap, so that long histories which are explained
	// at the first attempt cost nothing.
	Steps int
}

func (b Budget) steps() int {
	if b.Steps == 0 {
		return DefaultSteps
	}
	return b.Steps
}

// Check reports whether the ops, on a key whose state was initial, are
// linearizable. A Checker does the same without allocating. It is safe for
// concurrent use.
func Check(initial State, ops []Op, budget Budget) Outcome {
	var c Checker
	return c.Check(initial, ops, budget)
}
