package oracle

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle/linear"
	"github.com/mapstress/mapstress/target"
)

// A Judge checks histories against a contract. It keeps scratch space between
// them, and is for one goroutine at a time. Its zero value holds a map to
// linearizability throughout.
//
// What a Judge reports is always a violation, given sound stamps: where it
// cannot be sure it says nothing, or Unknown if that is for want of budget.
type Judge struct {
	Contract target.Contract
	Budget   linear.Budget // for each key; zero means linear's defaults
	// Models are what the target's own methods promise. A method without one is not
	// checked, nor is a key that it touches.
	Models []target.Model

	replay         replay
	checker        linear.Checker
	whole          whole
	keys           keyTable
	slotOf         []int32 // the slot of each keyed event, in order
	ops            []linear.Op
	views          []view // in order of event; at rest last
	entries        []history.Entry
	marks          []bool
	places         []int32          // scratch of sorted
	outcomes       []linear.Outcome // by slot
	failing        []int            // slots that are not linearizable
	clearUnchecked bool
	continued      bool // the history goes on from another, of which it has the outcome alone
	wholeCustom    bool // a custom op of the history concerns all keys
	modelError     error
}

// Err returns what was wrong with the models, if anything. What a Judge says is nothing to
// go by then.
func (j *Judge) Err() error { return j.modelError }

// maxNamed is how many failing keys are looked at for the most telling one.
const maxNamed = 8

// Judge returns the verdict on one history, whose events must be in order of
// Inv: the most direct finding if there are several. It is Clean only if every
// check ran to its end.
func (j *Judge) Judge(h *history.History) Verdict {
	if v, bad := j.torn(h); bad {
		return v
	}
	if v, bad := j.structures(h); bad {
		return v
	}
	if j.explained(h) {
		return Verdict{Class: Clean}
	}
	return j.search(h)
}

// search judges a history that is neither torn nor broken by what can explain it,
// key by key.
func (j *Judge) search(h *history.History) Verdict {
	j.split(h)
	undecided := j.searchKeys()
	if len(j.failing) > 0 {
		return j.worst(h)
	}
	if v, bad := j.lengthsAtRest(h); bad {
		return v
	}
	if v, bad := j.duringRun(h); bad {
		return v
	}
	if undecided >= 0 {
		s := &j.keys.slots[undecided]
		return Verdict{Class: Unknown, Detail: fmt.Sprintf("k%d: too many of its %d ops overlap for the budget", s.key, len(s.ops))}
	}
	if v := j.customs(h); v.Class != Clean {
		return v
	}
	switch j.wholeMap(h) {
	case linear.Illegal:
		return j.together(h)
	case linear.Unknown:
		return Verdict{Class: Unknown, Detail: "all keys together: too many ops overlap for the budget"}
	}
	return Verdict{Class: Clean}
}

// worst explains the failing keys and returns the most telling verdict; of
// equal ones that of the lowest key, whatever the order of the slots.
func (j *Judge) worst(h *history.History) Verdict {
	slices.SortFunc(j.failing, func(a, b int) int {
		return cmp.Compare(j.keys.slots[a].key, j.keys.slots[b].key)
	})
	var worst Verdict
	for i, n := range j.failing[:min(len(j.failing), maxNamed)] {
		v := j.explain(h, &j.keys.slots[n])
		if i == 0 || ranks[v.Rule] < ranks[worst.Rule] {
			worst = v
		}
	}
	return worst
}

// duringRun checks the promises that are weaker, or no matter of one key: what
// Range, Clone, Len and IsEmpty may answer while others write, and how often Compute calls
// its function.
func (j *Judge) duringRun(h *history.History) (Verdict, bool) {
	for i := range h.Events {
		e := &h.Events[i]
		if e.Ret == history.Pending {
			continue
		}
		if e.Kind.Calls() {
			if v, bad := j.callback(h, i); bad {
				return v, true
			}
		}
		switch e.Kind {
		case history.Range, history.Clone:
			if v, bad := j.weak(h, i); bad {
				return v, true
			}
		case history.Len, history.IsEmpty:
			if v, bad := j.length(h, i); bad {
				return v, true
			}
		}
	}
	return Verdict{}, false
}
