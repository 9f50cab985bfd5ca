package shrink

import (
	"math"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/scheduler"
)

// The ladder: how often a candidate must fail to be taken. It starts with the rate
// of the best schedule so far, goes down a step when nothing smaller fails as
// often, and up again when something is found that does more so. High steps are
// cheap: telling that a schedule does not fail once in 100 runs takes a hundredth
// of the runs that once in 10,000 does, and most cuts that are any good fail more
// often than what they were made from, since their ops meet sooner.

const (
	// step is how much the ladder goes down at a time. A ratioTest can just tell
	// one step from the next.
	step = apart
	// quick is a chance of failing that costs little to refuse. The ladder
	// starts there if the schedule fails less often, with bold candidates.
	quick = 0.004
	// useful is how many failures a second are as good as any: a replay shows
	// them at once, and the seconds that people wait count, not the runs.
	useful = 20
	// rarest is by how much rarer than the found schedule the outcome may be.
	rarest = 100
	// long is how many ops make a long schedule; see part.
	long = 24
	// alone is how often a schedule of one worker must fail: a bug that needs no
	// concurrency does nearly always.
	alone = 0.2
)

// careful is the chance of failing that was seen, or less if it was seen in a few
// runs only: its geometric mean with the lower bound, which is 0.4 of it for 1
// failure, and 0.8 for 20.
func careful(r corpus.Rate) float64 {
	low, _ := r.Interval()
	return max(math.Sqrt(low*r.Chance()), never)
}

// half is the level that what fails half as often as found passes as often as
// not.
func (s *shrinking) half() float64 { return min(s.found, surely) }

// floor is the last step of the ladder. At a level, half as often is as likely to
// be taken as refused, hence the twos.
func (s *shrinking) floor() float64 { return s.floorOf(1) }

// floorOf is the floor of what has that part of the ops of the best, and so runs in
// that part of the time.
func (s *shrinking) floorOf(part float64) float64 {
	if s.MinRate > 0 {
		return min(2*s.MinRate*s.found, surely)
	}
	return max(min(s.half(), 2*useful*part*s.perMeeting.Seconds()), 2*s.half()/rarest)
}

// part returns which part of the best's ops a candidate has, if the best is long.
// A long schedule is many short ones on end: with half of the ops it fails half as
// often, in half of the time, and nothing is lost. In a short one the ops need each
// other, and then it is 1.
func (s *shrinking) part(candidate *scheduler.Schedule) float64 {
	ops := s.best.Schedule.Ops()
	if ops <= long {
		return 1
	}
	return float64(candidate.Ops()) / float64(ops)
}

// need returns how often the candidate must fail. What does not make the schedule
// shorter may cost half of the found rate, or of what is left of it, and no more.
func (s *shrinking) need(candidate *scheduler.Schedule) float64 {
	best, part := s.best.Schedule, s.part(candidate)
	need := max(s.level*part, min(s.level, s.floorOf(part)))
	if !shorter(candidate, best) && s.MinRate == 0 {
		need = max(need, min(s.half(), s.held))
	}
	if len(candidate.Workers) == 1 && len(best.Workers) > 1 && !s.best.Verdict.Sequential {
		need = max(need, alone)
	}
	return min(need, surely)
}

// shorter reports whether a schedule has fewer ops or workers than another.
func shorter(a, b *scheduler.Schedule) bool {
	return a.Ops() < b.Ops() || len(a.Workers) < len(b.Workers)
}

// start sets the ladder up: at the top, or where an earlier shrink was.
func (s *shrinking) start() {
	top := max(careful(s.own), quick)
	if least := s.best.Shrunk.Least; least > 0 && s.level == 0 {
		top = least * s.found
	}
	s.level = min(max(top, s.floor()), surely)
	s.held = careful(s.own)
	s.bold = s.level > careful(s.own)
}

// isBold reports whether a candidate may well fail more often than what it is made from:
// one that is far shorter, or starts its workers otherwise.
func isBold(pass string, cut, ops int) bool { return 4*cut >= ops || pass == "timing" }

// raise goes to where the new best is on the ladder: up, or down again from a rung that
// asks for more than the schedule as it was found did. What is only nicer does not
// lower what is held.
func (s *shrinking) raise(r corpus.Rate, shorter bool) {
	s.own, s.bold = r, false
	s.level = min(max(min(s.level, s.half()), careful(r)), surely)
	if s.held = max(s.held, careful(r)); shorter {
		s.held = careful(r)
	}
}

// down goes down a step, and reports whether there was one.
func (s *shrinking) down() bool {
	if s.level <= s.floor() {
		return false
	}
	if s.round, s.before = nil, nil; s.bold {
		s.bold, s.level = false, max(careful(s.own), s.floor())
		return true
	}
	s.level = max(s.level/step, s.floor())
	return true
}

// least is how many runs it takes before a schedule can be refused: the system
// needs some milliseconds to spread new workers over the processors, and until
// then they do not meet. Of one whose maps last for many rounds it is two maps' worth: it
// may only fail in the last of them.
func (s *shrinking) least(schedule *scheduler.Schedule) int {
	return max(int(min(max(spread/max(s.perRun, time.Microsecond), 20), 1000)), 2*schedule.Rounds)
}

const spread = 20 * time.Millisecond
