// Package buggy has maps with exactly one planted bug each: the ground truth for
// our own tests. A stress tester that does not find them within a second or so is
// broken, and so is an oracle that calls them by another name.
//
// The bugs are those of published maps, and nothing but concurrency sets them
// off, except one, and those of functions that are passed to a method: each other map is
// right when one goroutine uses it. Beside each is the same map without the bug, which must stay clean.
package buggy

import (
	"slices"

	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/target"
)

// A Bug is a map with one planted bug.
type Bug struct {
	Target target.Target
	// Correct is the same map with the bug repaired.
	Correct target.Target
	// Expect is what must be reported of Target.
	Expect Expect
	// Sequential says that one goroutine alone meets the bug.
	Sequential bool
	// InCallback says that it takes a function that calls the map, or that panics.
	InCallback bool
	// Doc says what is wrong in the code.
	Doc string
	// Races says that the bug is a data race in Go's sense, so the race
	// detector stops the map before any oracle sees it. The others are free of
	// data races: only their answers are wrong.
	Races bool
}

// Expect is the verdicts that a bug deserves: by class, any of the rules. Which
// of them shows depends on who else used the map meanwhile.
type Expect map[oracle.Class][]string

// Met reports whether the verdict is one of those expected.
func (e Expect) Met(v oracle.Verdict) bool { return slices.Contains(e[v.Class], v.Rule) }

// All returns every bug.
func All() []Bug {
	return []Bug{
		checkThenAct(), resizeWithoutAllLocks(), plainCounter(), lockLeftHeld(), nilInGrowth(),
		rangeRepeats(), deleteLosesStore(), goroutineLeak(), sequential(), nonAtomicSwap(), nonAtomicClear(),
		unvalidatedRead(), lostInShrink(), tornWords(), aba(), resizeDeadlock(), negativeLen(), callbackTwice(),
		callbackLocked(), panicLeavesLock(), panicLosesEntry(), purgeLosesStore(),
	}
}

// Targets returns the buggy maps.
func Targets() []target.Target {
	var all []target.Target
	for _, b := range All() {
		b.Target.Doc = "a planted bug: " + b.Doc
		all = append(all, b.Target)
	}
	return all
}

// Repaired returns the same maps without their bugs.
func Repaired() []target.Target {
	var all []target.Target
	for _, b := range All() {
		all = append(all, b.Correct)
	}
	return all
}

// pair makes the buggy target and the repaired one, of maps from int to int.
func pair(name string, contract target.Contract, broken, repaired func() target.Map[int, int]) (buggy, correct target.Target) {
	return pairOf(name, target.Int(), contract, broken, repaired)
}

func pairOf[V any](name string, value target.Codec[V], contract target.Contract, broken, repaired func() target.Map[int, V]) (buggy, correct target.Target) {
	buggy = target.Adapt("buggy-"+name, target.Int(), value, broken, contract)
	correct = target.Adapt("repaired-"+name, target.Int(), value, repaired, contract)
	buggy.Variants[0].Apart, correct.Variants[0].Apart = true, true
	correct.Doc = "buggy-" + name + " without its bug"
	return buggy, correct
}

// exactAtRest is the contract of maps that are linearizable but for Len.
var exactAtRest = target.Contract{
	Source: "its own comments",
	Len:    target.Promise{Level: target.Bounds, Quote: "size is exact once all is at rest."},
}

// perStripe is the contract of maps whose whole-map methods go stripe by stripe.
var perStripe = target.Contract{
	Source: "its own comments",
	Range:  target.Promise{Level: target.Weak, Quote: "each visits the stripes one after the other, and each at one instant."},
	Len:    target.Promise{Level: target.Bounds, Quote: "size is exact once all is at rest."},
	Clear:  target.Promise{Level: target.PerKey, Quote: "clear empties the stripes one after the other."},
}
