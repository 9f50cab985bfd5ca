package oracle

import (
	"fmt"
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle/linear"
)

// A suspect is a key whose ops are not linearizable, or a part of those ops
// that is not linearizable either.
//
// What it is accused of only names the violation: naming starts from the proof
// that there is one, so it can be wrong about the cause, never about the fact.
type suspect struct {
	h       *history.History
	key     uint64
	initial linear.State
	ops     []linear.Op
}

// A charge is a rule, the ops that together break it, and how.
type charge struct {
	rule   string
	ops    []*linear.Op
	detail string
}

// accusations are the rules, tried in this order.
var accusations = []func(*suspect) (charge, bool){
	(*suspect).phantom,
	(*suspect).consumedTwice,
	(*suspect).lostCount,
	(*suspect).lostKey,
	(*suspect).flickered,
	(*suspect).insertedTwice,
	(*suspect).staleRead,
	(*suspect).removedTwice,
}

// explain says which rule the slot's ops break. If no rule shows in all of the
// ops, it may in the few that remain once those that do not matter are gone.
func (j *Judge) explain(h *history.History, s *slot) Verdict {
	k := suspect{h, s.key, s.initial, s.ops}
	c, ok := k.accuse()
	if !ok {
		k.ops = j.shrink(s.initial, s.ops)
		if c, ok = k.accuse(); !ok {
			c = k.unnamed()
		}
	}
	return j.verdict(h, c)
}

func (k *suspect) accuse() (charge, bool) {
	for _, accusation := range accusations {
		if c, ok := accusation(k); ok {
			return c, true
		}
	}
	return charge{}, false
}

func (k *suspect) unnamed() charge {
	c := charge{rule: NonLinearizable}
	ops, reading := len(k.ops), ""
	for i := range k.ops {
		c.ops = append(c.ops, &k.ops[i])
		if k.ops[i].ID == atRest {
			ops, reading = ops-1, fmt.Sprintf(" and %s at rest", reads(k.key, linear.State{Value: k.ops[i].PreValue, Present: k.ops[i].Pre == linear.Is}))
		}
	}
	if len(k.ops) == 1 && ops == 1 {
		c.detail = fmt.Sprintf("k%d: %s by w%d has an answer that nothing explains",
			k.key, k.text(&k.ops[0]), k.h.Events[k.ops[0].ID].Worker)
		return c
	}
	c.detail = fmt.Sprintf("k%d: no order of these %d ops explains their answers%s", k.key, ops, reading)
	return c
}

// verdict turns a charge into a verdict; the last of its ops that has a
// documented promise lends the quote.
func (j *Judge) verdict(h *history.History, c charge) Verdict {
	v := corrupt(c.rule, c.detail)
	for _, op := range c.ops {
		if op == nil || op.ID == atRest {
			continue
		}
		v.Events = append(v.Events, op.ID)
		if quote := promise(&j.Contract, h.Events[op.ID].Kind).Quote; quote != "" {
			v.Promise = quote
		}
	}
	slices.Sort(v.Events)
	v.Events = slices.Compact(v.Events)
	return v
}

// reads says what the op was answered and whose it is: "k1 read v7 by w0".
func (k *suspect) reads(op *linear.Op) string {
	what := "absent"
	if op.Pre == linear.Is {
		what = fmt.Sprintf("v%d", op.PreValue)
	}
	return fmt.Sprintf("k%d read %s %s", k.key, what, k.who(op))
}

// who says whose op it is, and of what kind unless that is a Load.
func (k *suspect) who(op *linear.Op) string {
	if op.ID == atRest {
		return "at rest"
	}
	e := &k.h.Events[op.ID]
	if e.Kind == history.Load {
		return fmt.Sprintf("by w%d", e.Worker)
	}
	return fmt.Sprintf("by w%d's %s", e.Worker, e.Kind)
}

// text is the op as it was called; nil is the prefill.
func (k *suspect) text(op *linear.Op) string {
	if op == nil {
		return fmt.Sprintf("prefill k%d v%d", k.key, k.initial.Value)
	}
	if op.ID == atRest {
		return "the reading at rest"
	}
	return k.h.Events[op.ID].Op.String()
}
