package search

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/scenarios"
)

// gate looks, once for each target, whether controlled runs can be had of it, and come out the same
// in each process. If not, it has none.
func (l *lane) gate(ctx context.Context, t *state) error {
	t.gate.Do(func() {
		err := l.selfTest(ctx, t)
		l.mu.Lock()
		defer l.mu.Unlock()
		t.shut = err
	})
	return t.shut
}

// unsteady reports whether the gate has shut since a target's runs are not the same in each process.
func (s *search) unsteady(t *state) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	var unsteady *UnsteadyError
	return errors.As(t.shut, &unsteady)
}

// What selfTest compares: schedules of a few ops, which are enough to have most of a map's methods
// among them, and runs of each.
const (
	selfTestSchedules = 8
	selfTestRuns      = 10
)

// selfTest makes the same controlled runs in two processes, and reports whether they were the
// same, point by point: or what is found later may not come again.
func (l *lane) selfTest(ctx context.Context, t *state) error {
	hello, err := l.session.Hello(ctx)
	if err != nil {
		return err
	}
	if !hello.Hooks {
		return ErrNoHooks
	}
	var points [2]strings.Builder
	for i := range points {
		l.session.Renew()
		for n := range uint64(selfTestSchedules) {
			seed := fewSeed(t.seed, n+1)
			outcome, err := l.session.Run(ctx, child.Job{
				Target: t.target.Name, Schedule: scenarios.Few(t.space, seed), Count: selfTestRuns,
				Controlled: &wire.Controlled{Strategy: l.Strategy.String(), Seed: seed, Tell: true},
			})
			if err != nil {
				return err
			}
			points[i].WriteString(outcome.Points)
		}
	}
	if first, second := points[0].String(), points[1].String(); first != second {
		return unsteadyAt(first, second)
	}
	return nil
}

// An UnsteadyError says that runs of a target were not the same in two processes, although their
// decisions, and what it drew, were.
type UnsteadyError struct {
	Run, Point int       // from 1: the first that was not the same
	Did        [2]string // what was done there; empty if the run was over
}

func (e *UnsteadyError) Error() string {
	did := e.Did
	for i := range did {
		if did[i] == "" {
			did[i] = "nothing more"
		}
	}
	return fmt.Sprintf("it does not do the same in each process by the same decisions, so nothing found in controlled runs would replay: at point %d of run %d one did %q, and the other %q. It goes by something that such a run has no hold on, as an address, or chance from outside the program, which is no matter to workers that run free", e.Point, e.Run, did[0], did[1])
}

// unsteadyAt finds the first point that two processes do not have in common, whose runs are not the same.
func unsteadyAt(first, second string) *UnsteadyError {
	e := &UnsteadyError{}
	for first != "" || second != "" {
		e.Did[0], first, _ = strings.Cut(first, "\n")
		e.Did[1], second, _ = strings.Cut(second, "\n")
		begins := [2]bool{strings.HasPrefix(e.Did[0], "run "), strings.HasPrefix(e.Did[1], "run ")}
		if begins == [2]bool{true, true} {
			e.Run, e.Point = e.Run+1, 0
			continue
		}
		if e.Point++; e.Did[0] != e.Did[1] {
			for i, begins := range begins {
				if begins {
					e.Did[i] = ""
				}
			}
			break
		}
	}
	return e
}
