package scheduler

import "sync"

// A crew is an engine's workers, by the goroutine that calls their ops.
type crew struct {
	fresh   []*worker // a new one for each run
	parked  []*worker // one that is kept, and parked between runs
	awake   []*worker // one that is kept, and awake between runs
	own     *worker   // the engine's own; nil if it only waits
	spare   bool      // between runs somebody is awake on a processor that the engine does not need
	done    sync.WaitGroup
	meeting meeting // of those who are awake and, if there is any, the engine's own
}

// start mans the crew as the plan says. Who is stalled has a goroutine that is
// kept, in any case: its thread is too dear to be made for each run, and no other
// goroutine could use it afterwards.
func (c *crew) start(workers []*worker, plan *Timing) {
	for i, w := range workers {
		stalled := plan.Stalled == i+1
		switch {
		case plan.Start == Barrier, plan.Start == Go && stalled:
			c.parked = append(c.parked, w)
		case plan.Start == Go:
			c.fresh = append(c.fresh, w)
		case c.own == nil && !stalled:
			c.own = w
		default:
			c.awake = append(c.awake, w)
			c.spare = c.spare || !stalled
		}
	}
	members := len(workers)
	if plan.Stalled > 0 {
		members--
	}
	c.meeting.open(members, len(workers)-members)
	c.spare = c.spare && c.meeting.processors > 1
	for _, w := range c.parked {
		go w.serve() // ended by close
	}
	for _, w := range c.awake {
		go w.spin(&c.meeting) // ended by close
	}
}

// close ends the goroutines that are kept, and waits for them.
func (c *crew) close() {
	for _, w := range c.parked {
		close(w.wake)
		<-w.ended
	}
	c.meeting.close()
	for _, w := range c.awake {
		<-w.ended
	}
}

// work sets every worker going and waits for them.
func (c *crew) work() {
	c.done.Add(len(c.fresh) + len(c.parked))
	for _, w := range c.fresh {
		w.prepare()
		go w.fresh() // c.done waits
	}
	for _, w := range c.parked {
		w.wake <- &c.done
	}
	c.done.Wait()
	if c.own == nil && c.awake == nil {
		return
	}
	round := c.meeting.call()
	if c.own != nil {
		c.meeting.keepApart(c.own.number, &c.own.spread)
		c.own.prepare()
		if c.awake != nil { // or there is nobody to meet
			c.meeting.meet(round)
		}
		c.own.call()
		c.standIn(round)
	}
	c.meeting.await(int64(round) * int64(len(c.awake)))
}

// standIn calls the ops of workers that have not come to the round, one after the other, if as many
// have come as there are processors: the rest is late in any case, and to leave it the processor, and
// to wait for that again, takes as long as its ops.
func (c *crew) standIn(round uint64) {
	if !c.meeting.complete(round) {
		return
	}
	for _, w := range c.awake {
		if !w.held && w.claim(round) {
			w.prepare()
			w.call()
			c.meeting.finish()
		}
	}
}
