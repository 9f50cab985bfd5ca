package strategy

import (
	"fmt"
	"math"
	"math/bits"
)

// Unbounded is a bound that allows any number of preemptions.
const Unbounded = math.MaxInt

// Exhaustive makes every run there is, but for those that are equivalent to another: a depth
// first search with dynamic partial-order reduction. Where two steps of a run conflict, and
// could have been done the other way round, a later run does them so; what does not conflict
// is left as it came. Flanagan and Godefroid, Dynamic Partial-Order Reduction for Model
// Checking Software (POPL 2005).
//
// Without a bound it goes by source sets and sleep sets: Abdulla, Aronis, Jonsson and
// Sagonas, Optimal Dynamic Partial Order Reduction (POPL 2014). No two whole runs are
// equivalent; one that turns out to become so is finished, as a run cannot be abandoned,
// and counted as redundant.
//
// With a bound it makes first the runs without any preemption, then those with one, and so
// on: Musuvathi and Qadeer, Iterative Context Bounding (PLDI 2007). A preemption is a switch
// from a worker that could have gone on, and has not yielded. An order of two steps may then
// be had only by a switch earlier on, so it also looks there, and it has no sleep sets, which
// would hide what the bound forbids elsewhere: Coons, Musuvathi and McKinley, Bounded
// Partial-Order Reduction (OOPSLA 2013). Equivalent runs may then come more than once.
//
// Guarantee: for a program that does the same each time, whose workers share nothing but
// what points tell, and in which a worker that has yielded twice can do nothing new until
// another has written, every outcome there is comes in some run; with a bound, every outcome
// that needs no more preemptions. Odds do not come into it. At most 64 workers are told apart.
type Exhaustive struct {
	most  int // the last bound
	bound int // that of the runs now being made

	nodes []node // the decisions of the last run
	fresh int    // those from here on are new in this run; so is the pick of the one before
	depth int    // decisions made in this run
	at    int    // that of the step to come; -1 if there was none
	free  bool   // the run repeats one that was made: nothing is left to be decided
	moved uint64 // who has done a step since then
	used  int    // preemptions in this run

	asleep  uint64  // who need not go on, for all that would come has been seen
	pending []Point // by worker, at the last decision
	order   order
	lull    lull

	runs, redundant, before int // before: those with lower bounds
	cut                     bool
	ended                   bool
	err                     error
}

// A node is a decision. Workers are bits.
type node struct {
	open    uint64 // who can be picked
	todo    uint64 // who must be
	done    uint64 // who has been, with all that comes then
	asleep  uint64 // who need not be
	worker  int    // who is picked now
	current int    // who ran before
	stays   bool   // to pick another than the current one is a preemption
	used    int    // preemptions before
	steps   int    // of the run before
}

// NewExhaustive returns a search of all runs with at most so many preemptions, or [Unbounded].
func NewExhaustive(preemptions int) *Exhaustive {
	s := &Exhaustive{most: max(preemptions, 0)}
	if s.most == Unbounded {
		s.bound = Unbounded
	}
	return s
}

// NewAtLeast returns a search of all runs with at most so many preemptions, which tries first to
// make all there are: without a bound there are sleep sets, and of a small program that is often
// less work. It gives that up after some runs, about as many as there are up to the bound of a
// program of two workers with some twenty steps.
func NewAtLeast(preemptions int) *Exhaustive {
	s := NewExhaustive(preemptions)
	s.bound = Unbounded
	return s
}

// givesUp reports whether all runs there are have been tried for long enough.
func (s *Exhaustive) givesUp() bool {
	return s.bound == Unbounded && s.most != Unbounded && s.runs >= 32<<(2*min(s.most, 5)) && s.remain()
}

// Err tells of a program that did not do the same when it was to repeat what it had done.
// The search has ended then, and proves nothing.
func (s *Exhaustive) Err() error { return s.err }

func (s *Exhaustive) Begin(workers int) bool {
	if s.ended {
		return false
	}
	s.depth, s.at, s.used, s.asleep, s.free = 0, -1, 0, 0, false
	if s.fresh > 0 {
		s.order.resume(s.nodes[s.fresh-1].steps)
	} else {
		s.order.reset(workers)
	}
	s.order.every = s.bound != Unbounded
	s.lull.reset()
	return true
}

func (s *Exhaustive) Pick(v *View) int {
	if s.free {
		return stay(v)
	}
	s.lull.look(v)
	open := s.open(v)
	if s.err != nil {
		s.free = true
		return stay(v)
	}
	if s.depth == len(s.nodes) && !s.decide(v, open) {
		s.repeats()
		return stay(v)
	}
	n := &s.nodes[s.depth]
	if n.open != open || n.current != v.Current {
		s.err = fmt.Errorf("decision %d: worker %d had run and %s could go on, and now it was worker %d and %s",
			s.depth+1, n.current, workers(n.open), v.Current, workers(open))
		s.free = true
		return stay(v)
	}
	n.asleep, n.used = s.asleep, s.used
	n.stays = v.Stays && !v.Yields && open&bit(v.Current) != 0
	s.used += n.cost(n.worker)
	n.steps = s.order.again
	s.pending = append(s.pending[:0], v.Pending...)
	s.at = s.depth
	s.depth++
	return n.worker
}

// open is who can be picked, as bits: not those who spin, unless there are no others.
func (s *Exhaustive) open(v *View) (open uint64) {
	all := uint64(0)
	for _, w := range v.Enabled {
		all |= bit(w)
	}
	if last := v.Enabled[len(v.Enabled)-1]; last >= 64 && s.err == nil {
		s.err = fmt.Errorf("decision %d: there is a worker %d; want at most 64, from 0", s.depth+1, last)
	}
	if !s.lull.any {
		return all
	}
	for _, w := range v.Enabled {
		if !s.lull.over(w) {
			open |= bit(w)
		}
	}
	if open == 0 {
		return all
	}
	return open
}

// decide adds a decision that no run has come to, and says no if there is none to be made:
// all that would come has been seen.
func (s *Exhaustive) decide(v *View, open uint64) bool {
	left := open &^ s.asleep
	if left == 0 {
		return false
	}
	w := bits.TrailingZeros64(left)
	if v.Stays && !v.Yields && left&bit(v.Current) != 0 {
		w = v.Current
	} else if above := left >> (v.Current + 1) << (v.Current + 1); above != 0 {
		w = bits.TrailingZeros64(above)
	}
	s.nodes = append(s.nodes, node{open: open, todo: bit(w), worker: w, current: v.Current})
	return true
}

func (s *Exhaustive) Step(worker int, p Point) {
	s.lull.step(worker, p)
	at := s.at
	s.at = -1
	if worker >= 64 {
		return
	}
	if !s.free && s.bound == Unbounded && !s.sleep(worker, p, at) {
		s.repeats()
	}
	if s.free {
		s.waited(worker, p)
		return
	}
	s.order.step(worker, p, at)
	s.reverseAll(worker)
}

// reverseAll sees to it that the races of the last step are done the other way round, unless
// the run before has seen to it.
func (s *Exhaustive) reverseAll(worker int) {
	if s.depth >= s.fresh {
		for _, step := range s.order.races {
			s.reverse(step, worker)
		}
	}
}

// sleep puts to sleep who was picked before at this decision, and wakes those whose next
// step conflicts with this one. It says no if the worker itself is asleep.
func (s *Exhaustive) sleep(worker int, p Point, at int) bool {
	if at >= 0 {
		s.asleep |= s.nodes[at].done
	}
	if s.asleep&bit(worker) != 0 {
		return false
	}
	for rest := s.asleep; rest != 0; rest &= rest - 1 {
		w := bits.TrailingZeros64(rest)
		if s.pending[w].Conflicts(p) {
			s.asleep &^= bit(w)
		}
	}
	return true
}

// reverse sees to it that a worker's step, the last one, is once done before another.
func (s *Exhaustive) reverse(step, worker int) {
	at := s.order.steps[step].node
	if s.bound != Unbounded {
		s.add(at, bit(worker), worker)
		s.add(s.order.steps[s.order.block(step)].node, bit(worker), worker)
		return
	}
	if at < 0 {
		return
	}
	initials := s.order.initials(step)
	if n := &s.nodes[at]; initials&(n.todo|n.asleep) == 0 {
		s.add(at, initials, worker)
	}
}

// add lets a decision be made otherwise: for one of those who would do, the given one if it
// can be, and for all if none can.
func (s *Exhaustive) add(at int, any uint64, worker int) {
	if at < 0 {
		return
	}
	n := &s.nodes[at]
	switch any &= n.open; {
	case any == 0:
		n.todo |= n.open
	case any&bit(worker) != 0:
		n.todo |= bit(worker)
	default:
		n.todo |= any & -any
	}
}

// Enable tells that another worker can go on because of what the one did.
func (s *Exhaustive) Enable(by, other int) {
	if !s.free && by < 64 && other < 64 {
		s.order.enable(by, other)
	}
}

// Left tells what a worker was still to do: a step that waits for ever for a lock would not
// if it came before whoever took it.
func (s *Exhaustive) Left(worker int, p Point) {
	switch {
	case worker >= 64:
	case s.free:
		s.waited(worker, p)
	default:
		s.pretend(worker, p)
	}
}

// repeats notes that from here on the run is one that was made.
func (s *Exhaustive) repeats() {
	s.redundant++
	s.free, s.moved = true, 0
}

// waited tells what a worker was to do when the run began to repeat another: all but those
// who are asleep waited. If it was for a lock, this run is the only one to tell that it
// would have been in a race with whoever has it.
func (s *Exhaustive) waited(worker int, p Point) {
	if s.err == nil && (s.moved|s.asleep)&bit(worker) == 0 && p.Kind == Lock {
		s.pretend(worker, p)
	}
	s.moved |= bit(worker)
}

// pretend looks for the races of a step that is not done, or not now.
func (s *Exhaustive) pretend(worker int, p Point) {
	s.order.step(worker, p, -1)
	s.reverseAll(worker)
	s.order.undo()
}

// Finish turns to the last decision that must be made otherwise, too.
func (s *Exhaustive) Finish() {
	s.runs++
	if !s.free && s.depth < len(s.nodes) && s.err == nil {
		s.err = fmt.Errorf("the run ended after %d decisions, where it had come to %d before", s.depth, len(s.nodes))
	}
	if s.err != nil {
		s.ended = true
		return
	}
	if s.givesUp() {
		s.nodes, s.fresh = s.nodes[:0], 0
		s.bound, s.before = 0, s.runs
		return
	}
	for len(s.nodes) > 0 {
		n := &s.nodes[len(s.nodes)-1]
		n.done |= bit(n.worker)
		if left := s.within(n) &^ n.done; left != 0 {
			n.worker = bits.TrailingZeros64(left)
			s.fresh = len(s.nodes)
			return
		}
		s.nodes = s.nodes[:len(s.nodes)-1]
	}
	s.fresh = 0
	if s.bound == Unbounded || !s.cut || s.bound >= s.most {
		s.ended = true
		return
	}
	s.bound++
	s.cut, s.before = false, s.runs
}

// remain reports whether a decision of the last run must be made otherwise, too.
func (s *Exhaustive) remain() bool {
	for i := range s.nodes {
		n := &s.nodes[i]
		if s.within(n)&^n.done&^bit(n.worker) != 0 {
			return true
		}
	}
	return false
}

// within is who must be picked at a decision, and may be.
func (s *Exhaustive) within(n *node) uint64 {
	if s.bound == Unbounded {
		return n.todo &^ (n.asleep &^ n.done)
	}
	if n.stays && n.used >= s.bound {
		s.cut = s.cut || n.todo&^bit(n.current) != 0
		return n.todo & bit(n.current)
	}
	return n.todo
}

// cost is how many preemptions it is to pick a worker.
func (n *node) cost(worker int) int {
	if n.stays && worker != n.current {
		return 1
	}
	return 0
}

func bit(worker int) uint64 { return 1 << worker }

// workers writes bits as a list.
func workers(set uint64) string {
	var all []int
	for ; set != 0; set &= set - 1 {
		all = append(all, bits.TrailingZeros64(set))
	}
	return fmt.Sprint(all)
}
