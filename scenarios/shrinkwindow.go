package scenarios

import (
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// A Window is a part of a run: some of its ops, and what the map held when they
// began, and at most.
type Window struct {
	Kept []scheduler.Position
	Held []history.Entry
	Peak int // entries
}

// Windows returns a pass that keeps a window and drops all other ops. In place of
// those before it the map is filled with as many entries as it held by then, and
// had at most before, so that it is as near to growing or shrinking; the keys that it held
// become those of the prefill, and the others fresh ones. Each run has a map of its own.
func (space Space) Windows(name string, choose func(*scheduler.Schedule) []Window) Pass {
	return space.pass(name, func(s *scheduler.Schedule) (edits []edit) {
		for _, w := range choose(s) {
			edits = append(edits, func(c *scheduler.Schedule) { w.cut(c) })
		}
		return edits
	})
}

func (w *Window) cut(c *scheduler.Schedule) {
	keepOnly(c, w.Kept)
	c.Prefill, c.Peak, c.Rounds = len(w.Held), 0, 0
	if w.Peak > c.Prefill {
		c.Peak = w.Peak
	}
	number, value := map[uint64]uint64{}, map[uint64]uint64{}
	for i, e := range w.Held {
		number[e.Key], value[e.Key] = uint64(i+1), e.Value
	}
	for _, ops := range c.Workers {
		for i := range ops {
			op := &ops[i]
			if !op.Kind.Keyed() || op.Key >= target.FirstOdd {
				continue
			}
			key, known := number[op.Key]
			if !known {
				key = uint64(len(number) + 1)
				number[op.Key] = key
			}
			if held, was := value[op.Key]; was && compares(op.Kind) && op.Old == held {
				op.Old = key
			}
			op.Key = key
		}
	}
}
