package scenarios

import "github.com/mapstress/mapstress/scheduler"

// mostPaired is how many ops a schedule may have for each two of them to be
// tried: of 16 there are 120 pairs.
const mostPaired = 16

// fewerPairs drops two ops at once, of one worker or of two: an insert and what
// deletes it again, or an op of each worker that the others wait for.
func fewerPairs(s *scheduler.Schedule) (edits []edit) {
	if s.Ops() > mostPaired || s.Ops() < 3 {
		return nil
	}
	var places []scheduler.Position
	for w, ops := range s.Workers {
		for i := range ops {
			places = append(places, scheduler.Position{Worker: w, Op: i})
		}
	}
	for i, p := range places {
		for _, q := range places[i+1:] {
			edits = append(edits, func(c *scheduler.Schedule) {
				dropOps(c, q.Worker, q.Op, 1) // the later one first, so that p stays where it is
				dropOps(c, p.Worker, p.Op, 1)
				dropIdle(c)
			})
		}
	}
	return edits
}
