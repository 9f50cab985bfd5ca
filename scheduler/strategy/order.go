package strategy

import (
	"slices"

	"github.com/mapstress/mapstress/scheduler/internal/sparse"
)

// An order keeps the steps of a run, and which of them come before which: those of one
// worker in their order, those that conflict, and what a worker did before it let another
// go on before what that does then. Everything else could have been done in another order
// and would have come to the same.
//
// Each step has a vector clock: by worker, how many of its steps come before it or are it.
type order struct {
	stride  int // workers that a clock has room for
	steps   []done
	clocks  []uint32       // stride for each step
	now     []uint32       // stride for each worker: what comes before its next step
	until   []uint32       // scratch, a clock
	first   []uint32       // scratch, the same
	blocks  sparse.Numbers // of 8 bytes; block 0 is of what has no address
	heads   [2][]int32     // by number of the block: the last link, and 1; of all its steps, of writes
	links   []link
	races   []int  // of the last step
	callers uint64 // who has called an op or returned from one, as bits
	told    []telling
	again   int // of the steps, how many this run has repeated or done
	retold  int // of what was told, likewise
	// every says that a lock races with every lock and unlock before it that nothing but they
	// themselves order before it: under a bound the search may not get there step by step, and
	// who tries a lock that is held lets somebody else go on without that being a preemption.
	every bool
}

// done is a step that was done.
type done struct {
	p      Point
	worker int
	node   int // where it was decided upon; -1 if there was no choice
}

// A link is in a chain of all steps that touched a block, or of all that wrote to it, the last
// one first. A read need not be held against reads, of which there may be many.
type link struct{ step, next int32 }

func (o *order) reset(workers int) {
	o.widen(workers)
	o.steps, o.clocks, o.links = o.steps[:0], o.clocks[:0], o.links[:0]
	clear(o.now)
	o.blocks.Reset()
	o.heads[0], o.heads[1] = o.heads[0][:0], o.heads[1][:0]
	o.told, o.again, o.retold, o.callers = o.told[:0], 0, 0, 0
}

// widen makes room for workers in the clocks.
func (o *order) widen(workers int) {
	if workers <= o.stride {
		return
	}
	wide := max(4, 2*o.stride, workers)
	again := func(clocks []uint32, n int) []uint32 {
		all := make([]uint32, n*wide)
		for i := range min(n, len(clocks)/max(o.stride, 1)) {
			copy(all[i*wide:], clocks[i*o.stride:(i+1)*o.stride])
		}
		return all
	}
	o.clocks, o.now = again(o.clocks, len(o.steps)), again(o.now, wide)
	o.stride, o.until, o.first = wide, make([]uint32, wide), make([]uint32, wide)
}

func (o *order) clock(step int) []uint32 { return o.clocks[step*o.stride : (step+1)*o.stride] }

// before is what comes before a worker's next step.
func (o *order) before(worker int) []uint32 {
	return o.now[worker*o.stride : (worker+1)*o.stride]
}

func merge(clock, other []uint32) {
	for i, c := range other {
		clock[i] = max(clock[i], c)
	}
}

// enable orders what a worker has done before what another does next.
func (o *order) enable(by, other int) {
	o.widen(max(by, other) + 1)
	if o.again < len(o.steps) && o.repeatTelling(by, other) {
		return
	}
	o.told = append(o.told, telling{o.again, by, other, slices.Clone(o.before(by))})
	o.retold = len(o.told)
	merge(o.before(other), o.before(by))
}

// step adds a step. In races it leaves those before that race with it, the last first: they
// conflict with it, nothing between them makes one wait for the other, and it could have been
// done before them.
func (o *order) step(worker int, p Point, node int) {
	o.widen(worker + 1)
	o.races = o.races[:0]
	if o.again < len(o.steps) && o.repeatStep(worker, p) {
		return
	}
	from, to := blocks(p)
	if from == to {
		o.chase(worker, p, from)
	} else if from < to {
		o.search(worker, p)
	}
	if p.Kind >= Call {
		o.callers |= bit(worker)
	}
	clock := o.before(worker)
	clock[worker]++
	for b := from; b <= to; b++ {
		o.link(b, p.Kind.Writes())
	}
	o.steps = append(o.steps, done{p, worker, node})
	o.clocks = append(o.clocks, clock...)
	o.again = len(o.steps)
}

// undo takes back the last step, but for what its worker's next would come after.
func (o *order) undo() {
	last := len(o.steps) - 1
	from, to := blocks(o.steps[last].p)
	for b := to + 1; b > from; b-- {
		n := o.blocks.Known(b - 1)
		for chain := 1; chain >= 0; chain-- {
			if at := o.heads[chain][n]; at > 0 && int(o.links[at-1].step) == last {
				o.heads[chain][n] = o.links[at-1].next
				o.links = o.links[:at-1]
			}
		}
	}
	o.steps, o.clocks = o.steps[:last], o.clocks[:last*o.stride]
	o.again = last
}

// blocks are those that a step touches: from the first to the last, none if to is less.
func blocks(p Point) (from, to uint64) {
	switch {
	case p.Kind >= Call:
		return 0, 0
	case p.Addr == 0:
		return 1, 0
	}
	return (p.Addr-1)/8 + 1, (p.end()-2)/8 + 1
}

// link makes the step to come the last of a block.
func (o *order) link(block uint64, writes bool) {
	n := o.blocks.Of(block)
	if n == len(o.heads[0]) {
		o.heads[0], o.heads[1] = append(o.heads[0], 0), append(o.heads[1], 0)
	}
	o.chain(&o.heads[0][n])
	if writes {
		o.chain(&o.heads[1][n])
	}
}

func (o *order) chain(head *int32) {
	o.links = append(o.links, link{int32(len(o.steps)), *head})
	*head = int32(len(o.links))
}

// chase looks at the steps that touched the one block of a step.
func (o *order) chase(worker int, p Point, block uint64) {
	n := o.blocks.Known(block)
	if n < 0 {
		return
	}
	chain := 1
	if p.Kind.Writes() || p.Kind >= Call {
		chain = 0
	}
	l := o.heads[chain][n]
	if l == 0 {
		return
	}
	copy(o.until, o.before(worker))
	if p.Kind >= Call {
		o.chaseCalls(worker, p, l)
		return
	}
	for ; l > 0; l = o.links[l-1].next {
		if o.meet(worker, p, int(o.links[l-1].step)) {
			return
		}
	}
}

// chaseCalls is chase for calls and returns, of which there are soon many, all of one block. Of each
// worker's only the last that conflicts matters: those before it come before that one, too.
func (o *order) chaseCalls(worker int, p Point, l int32) {
	for left := o.callers &^ bit(worker); l > 0 && left != 0; l = o.links[l-1].next {
		k := int(o.links[l-1].step)
		if s := &o.steps[k]; left&bit(s.worker) != 0 && s.p.Conflicts(p) {
			o.meet(worker, p, k)
			left &^= bit(s.worker)
		}
	}
}

// search looks at all steps. Those that touch several blocks are rare.
func (o *order) search(worker int, p Point) {
	copy(o.until, o.before(worker))
	for k := len(o.steps) - 1; k >= 0; k-- {
		if o.meet(worker, p, k) {
			return
		}
	}
}

// meet orders a step behind an earlier one, if they conflict, and says whether all that
// come still earlier are ordered by that.
func (o *order) meet(worker int, p Point, step int) (enough bool) {
	s := &o.steps[step]
	if !s.p.Conflicts(p) {
		return false
	}
	if s.worker != worker {
		clock := o.clock(step)
		// Until the lock is given back it cannot be taken; the race is with whoever took
		// it. So what is ordered by the giving back alone is left out of until.
		unlocked := p.Kind == Lock && s.p.Kind == Unlock
		if o.until[s.worker] < clock[s.worker] && (!unlocked || o.every) {
			o.races = append(o.races, step)
		}
		if p.Kind != Lock || !unlocked && !o.every {
			merge(o.until, clock)
		}
		merge(o.before(worker), clock)
	}
	if p.Kind == Lock {
		return s.p.Kind == Lock && !o.every
	}
	return s.p.Kind.Writes() && s.p.Addr <= p.Addr && p.end() <= s.p.end()
}

// initials are the workers, as bits, of which one would be the first to go on if the last
// step were to be done before another, and all that need not come after that other, too.
func (o *order) initials(step int) (workers uint64) {
	last := len(o.steps) - 1
	other := o.steps[step].worker
	at := o.clock(step)[other]
	clear(o.first)
	for k := step + 1; k <= last; k++ {
		w, clock := o.steps[k].worker, o.clock(k)
		if k < last && clock[other] >= at || o.first[w] > 0 {
			continue
		}
		initial := true
		for v, first := range o.first {
			initial = initial && (first == 0 || clock[v] < first)
		}
		o.first[w] = clock[w]
		if initial {
			workers |= 1 << w
		}
	}
	return workers
}

// block is the first of the steps that the worker of a step did in a row until then.
func (o *order) block(step int) int {
	for step > 0 && o.steps[step-1].worker == o.steps[step].worker {
		step--
	}
	return step
}
