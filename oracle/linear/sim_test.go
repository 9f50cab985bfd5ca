package linear

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// A method is what a simulated map offers, on one key.
type method int

const (
	load method = iota
	store
	loadOrStore
	loadAndDelete
	deleteBlind
	swap
	compareAndSwap
	compareAndDelete
	contains     // answers whether the key is there
	deleteTold   // answers whether it was
	replace      // stores if the key is there, and answers whether
	replaceOther // stores unless the key holds old, and answers whether
	increment
	methods
)

// A mix says how often a simulated worker calls each method.
type mix [methods]int

var (
	mixed       = mix{load: 4, store: 2, loadOrStore: 2, loadAndDelete: 2, deleteBlind: 1, swap: 1, compareAndSwap: 2, compareAndDelete: 1}
	unfailing   = mix{load: 4, store: 2, loadOrStore: 2, loadAndDelete: 2, deleteBlind: 1, swap: 1}
	replacing   = mix{load: 2, loadOrStore: 3, loadAndDelete: 2, swap: 2, compareAndSwap: 3, compareAndDelete: 1}
	casLoop     = mix{load: 3, loadOrStore: 1, compareAndSwap: 8}
	deleteHeavy = mix{load: 3, store: 2, loadOrStore: 4, deleteBlind: 4}
	comparing   = mix{load: 1, store: 3, loadOrStore: 1, deleteBlind: 1, compareAndSwap: 4, compareAndDelete: 3}
	telling     = mix{load: 2, store: 2, loadOrStore: 2, deleteBlind: 1, contains: 2, deleteTold: 3, replace: 1, compareAndSwap: 1}
	everything  = mix{2, 1, 2, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1}
	counting    = mix{load: 3, increment: 6, loadAndDelete: 1}
	mixes       = []mix{mixed, unfailing, replacing, casLoop, deleteHeavy, comparing, telling, everything, counting}
)

// An action is a call of a method and its answer, as a test sees it.
type action struct {
	method     method
	arg, old   uint64
	out        uint64
	ok         bool
	inv, ret   int64
	worker     int
	key        int
	takeEffect bool // while simulated: it has not yet
}

// does is the independent reading of what a method does and answers, in the
// words of sync.Map's documentation.
func (a *action) does(s State) (after State, out uint64, ok bool) {
	equal := s.Present && s.Value == a.old
	switch a.method {
	case load:
		return s, s.Value, s.Present
	case store:
		return State{a.arg, true}, 0, false
	case loadOrStore:
		if s.Present {
			return s, s.Value, true
		}
		return State{a.arg, true}, a.arg, false
	case loadAndDelete:
		return State{}, s.Value, s.Present
	case deleteBlind:
		return State{}, 0, false
	case swap:
		return State{a.arg, true}, s.Value, s.Present
	case compareAndSwap:
		if equal {
			return State{a.arg, true}, 0, true
		}
	case compareAndDelete:
		if equal {
			return State{}, 0, true
		}
	case contains:
		return s, 0, s.Present
	case deleteTold:
		return State{}, 0, s.Present
	case replace:
		if s.Present {
			return State{a.arg, true}, 0, true
		}
	case replaceOther:
		if !equal {
			return State{a.arg, true}, 0, true
		}
	case increment:
		return State{s.Value + 1, true}, 0, false
	}
	return s, 0, false
}

// step is Porcupine's: does it answer as it did?
func (a *action) step(s State) (bool, State) {
	after, out, ok := a.does(s)
	return a.ret == Pending || out == a.out && ok == a.ok, after
}

// op says the same in the words of this package.
func (a *action) op(id int) Op {
	op := Op{Inv: a.inv, Ret: a.ret, Value: a.arg, ID: id}
	found, value := Absent, uint64(0)
	if a.ok {
		found, value = Is, a.out
	}
	pending := a.ret == Pending
	condition := func(yes, no Pre, effect Effect) {
		op.Pre, op.PreValue, op.Effect, op.Guarded = yes, a.old, effect, pending
		if !pending && !a.ok {
			op.Pre, op.Effect = no, Keep
		}
	}
	switch a.method {
	case load:
		op.Pre, op.PreValue = found, value
	case store:
		op.Effect = Set
	case loadOrStore:
		op.Pre, op.Effect, op.Guarded = Absent, Set, pending
		if !pending && a.ok {
			op.Pre, op.PreValue, op.Effect = Is, a.out, Keep
		}
		if !pending && !a.ok && a.out != a.arg {
			op.Pre = Never
		}
	case loadAndDelete:
		op.Pre, op.PreValue, op.Effect = found, value, Remove
	case deleteBlind:
		op.Effect = Remove
	case swap:
		op.Pre, op.PreValue, op.Effect = found, value, Set
	case compareAndSwap:
		condition(Is, IsNot, Set)
	case compareAndDelete:
		condition(Is, IsNot, Remove)
	case contains:
		condition(Present, Absent, Keep)
	case deleteTold:
		condition(Present, Absent, Remove)
	case replace:
		condition(Present, Absent, Set)
	case replaceOther:
		condition(IsNot, Is, Set)
	case increment:
		op.Effect, op.Value = Add, 1
	}
	if pending && !op.Guarded {
		op.Pre, op.PreValue = Any, 0
	}
	return op
}

// A sim simulates workers on an atomic map, most often on one key of it.
type sim struct {
	r       *rand.Rand
	mix     mix
	workers int
	ops     int
	faults  float64 // chance of an op that answers or takes effect wrongly
	pending float64 // chance of an op that never returns, wherever it is
	ties    bool    // many stamps are equal
	stretch int     // how much longer ops take than to start them
	repeats uint64  // values are taken from so many, if any
	foresee bool    // comparands may be values that others are just writing, or will
	initial State
}

// randomSim is a setting at random, of up to the number of ops.
func randomSim(r *rand.Rand, ops int) *sim {
	s := &sim{r: r, mix: mixes[r.IntN(len(mixes))], workers: 2 + r.IntN(5), stretch: r.IntN(4)}
	s.ops = s.workers + r.IntN(ops)
	if r.IntN(10) < 7 {
		s.faults = 1.5 / float64(s.ops)
	}
	if r.IntN(3) == 0 {
		s.pending = r.Float64() / 4
	}
	s.ties, s.foresee = r.IntN(2) == 0, r.IntN(3) == 0
	if r.IntN(5) == 0 {
		s.repeats = uint64(2 + r.IntN(s.ops))
	}
	if r.IntN(2) == 0 {
		s.initial = State{uint64(r.IntN(3)), true}
	}
	return s
}

// run returns a history in order of Inv.
func (s *sim) run() []action { return s.runOn(1) }

// runOn is run on a map of so many keys, each of which has the initial state.
func (s *sim) runOn(keys int) []action {
	r := s.r
	states := make([]State, keys)
	seen := make([][]uint64, keys) // values that each key has had lately
	for k := range states {
		states[k], seen[k] = s.initial, []uint64{s.initial.Value}
	}
	now, next := int64(0), uint64(10)
	all := make([]action, 0, s.ops)
	current := make([]int, s.workers) // 1 more than the index in all
	total := 0
	for _, n := range s.mix {
		total += n
	}
	for live := 0; len(all) < s.ops || live > 0; {
		if !s.ties || r.IntN(3) == 0 {
			now++
		}
		w := r.IntN(s.workers)
		if current[w] == 0 {
			if len(all) == s.ops {
				continue
			}
			n, m := r.IntN(total), method(0)
			for ; n >= s.mix[m]; m++ {
				n -= s.mix[m]
			}
			next++
			a := action{method: m, worker: w, inv: now, arg: next, takeEffect: true}
			if s.repeats > 0 {
				a.arg = r.Uint64N(s.repeats)
			}
			if keys > 1 {
				a.key = r.IntN(keys)
			}
			recent := seen[a.key]
			a.old = recent[max(0, len(recent)-1-r.IntN(6))]
			if s.foresee && r.IntN(2) == 0 {
				a.old = max(10, next-2) + r.Uint64N(6)
				if other := current[r.IntN(s.workers)]; other > 0 {
					a.old = all[other-1].arg
				}
			}
			all, live = append(all, a), live+1
			current[w] = len(all)
			continue
		}
		a := &all[current[w]-1]
		if a.takeEffect {
			a.takeEffect = false
			wrong := r.Float64() < s.faults
			state, recent := states[a.key], seen[a.key]
			after, out, ok := a.does(state)
			a.out, a.ok = out, ok
			switch {
			case !wrong:
				state = after
			case r.IntN(3) == 0: // the effect is lost, or there was one
				if after == state {
					state = State{a.arg, true}
				}
			case r.IntN(2) == 0:
				state = after
				a.ok = !a.ok && a.answers()
				if a.out = 0; a.ok && a.answersValue() {
					a.out = recent[r.IntN(len(recent))]
				}
			default:
				state = after
				if a.answersValue() {
					a.out = recent[r.IntN(len(recent))]
					a.ok = true
				}
			}
			states[a.key], seen[a.key] = state, append(recent, state.Value)
			continue
		}
		if r.IntN(s.stretch+1) != 0 {
			continue
		}
		a.ret = now
		if r.Float64() < s.pending {
			a.ret, a.out, a.ok = Pending, 0, false
		}
		current[w], live = 0, live-1
	}
	return all
}

func (a *action) answers() bool {
	return a.method != store && a.method != deleteBlind && a.method != increment
}

func (a *action) answersValue() bool {
	return a.method == load || a.method == loadOrStore || a.method == loadAndDelete || a.method == swap
}

// opsOf returns the ops of the actions, with their indices as IDs.
func opsOf(actions []action) []Op {
	ops := make([]Op, len(actions))
	for i := range actions {
		ops[i] = actions[i].op(i)
	}
	return ops
}

func showActions(initial State, actions []action) string {
	names := []string{"load", "store", "load-or-store", "load-and-delete", "delete", "swap", "cas", "cad",
		"contains", "delete-told", "replace", "replace-other", "increment"}
	text := fmt.Sprintf("initial %+v\n", initial)
	sorted := slices.Clone(actions)
	for i, a := range sorted {
		ret := fmt.Sprint(a.ret)
		if a.ret == Pending {
			ret = ""
		}
		text += fmt.Sprintf("#%d w%d %d-%s %s arg %d old %d = %d %v\n", i, a.worker, a.inv, ret, names[a.method], a.arg, a.old, a.out, a.ok)
	}
	return text
}
