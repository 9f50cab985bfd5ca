package scheduler

import (
	"fmt"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// MaxRounds is the largest number of rounds of a schedule.
const MaxRounds = 1 << 20

// maxAgedCode bounds the codes of values over all rounds of a map: half of those below
// target.FirstOdd, so that what older rounds left can be told by codes of its own.
const maxAgedCode = target.FirstOdd / 2

// validateRounds says why a schedule cannot have that many rounds, if so.
func (s *Schedule) validateRounds() error {
	if s.Rounds < 0 || s.Rounds > MaxRounds {
		return fmt.Errorf("%d rounds; want 1 to %d", s.Rounds, MaxRounds)
	}
	if s.Rounds < 2 {
		return nil
	}
	for w, ops := range s.Workers {
		for _, op := range ops {
			switch {
			case !InRounds(op.Kind):
				return fmt.Errorf("w%d calls %q in a schedule of %d rounds; want none of these there, since nobody could tell whose value the map holds", w, op, s.Rounds)
			case op.Value >= maxAgedCode || op.Old >= maxAgedCode:
				return fmt.Errorf("w%d calls %q in a schedule of %d rounds; want values below v%d there", w, op, s.Rounds, maxAgedCode)
			}
		}
	}
	if stride := s.stride(); stride*uint64(s.Rounds) > maxAgedCode {
		return fmt.Errorf("%d rounds of values up to v%d; want at most %d rounds of these", s.Rounds, stride-1, maxAgedCode/stride)
	}
	return nil
}

// InRounds reports whether the kind may be in schedules of several rounds.
func InRounds(k history.Kind) bool { return k != history.Increment && k != history.Custom }

// FewerRounds lowers the rounds to what the ops bear: after an edit.
func (s *Schedule) FewerRounds() {
	for _, ops := range s.Workers {
		for _, op := range ops {
			if !InRounds(op.Kind) || op.Value >= maxAgedCode || op.Old >= maxAgedCode {
				s.Rounds = 0
			}
		}
	}
	if most := int(maxAgedCode / s.stride()); s.Rounds > most {
		s.Rounds = most
	}
	if s.Rounds < 2 {
		s.Rounds = 0
	}
}

// stride is how many codes the values of a run take.
func (s *Schedule) stride() uint64 {
	_, value := s.last(target.FirstOdd)
	return value + 1
}
