package mapstress

import (
	"context"

	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// Growth is what a probe finds.
type Growth = scheduler.Growth

// MaxProbe is the largest limit of Probe.
const MaxProbe = scheduler.MaxProbe

// Probe finds the sizes, below limit, at which the next insert grows a target or
// the next delete shrinks it, and what each insert and delete allocates. The zero
// Shape is the target's first; one that is named by an expression has no other. Limit is from 2 to MaxProbe.
func Probe(ctx context.Context, name string, shape target.Shape, limit int) (Growth, error) {
	var g Growth
	config, targets, err := subjects(ctx, []string{name}, Build{}, false)
	if err != nil {
		return g, err
	}
	if t, err := FindTarget(name); err != nil {
		shape = target.Shape{} // one that is named by an expression has no other
	} else if _, err := t.Variant(shape); err != nil {
		return g, err
	}
	err = inSessions(config, 1, func(s []*child.Session) (err error) {
		g, err = s[0].Probe(ctx, targets[0].Name, shape, limit)
		return err
	})
	return g, err
}
