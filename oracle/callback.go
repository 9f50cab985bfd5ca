package oracle

import (
	"fmt"

	"github.com/mapstress/mapstress/history"
)

// callback checks event i, a Compute, for having called its function once: a
// function that counts, sends or appends does so again in every further call.
func (j *Judge) callback(h *history.History, i int) (Verdict, bool) {
	e := &h.Events[i]
	if e.Calls == 1 || !j.checked(history.Compute) {
		return Verdict{}, false
	}
	how := fmt.Sprintf("called its function %d times", e.Calls)
	if e.Calls == 0 {
		how = "never called its function"
	}
	return Verdict{
		Class: Contract, Rule: CallbackCount, Promise: j.Contract.Compute.Quote, Events: []int{i},
		Detail: fmt.Sprintf("w%d %s %s; want once", e.Worker, e.Op, how),
	}, true
}
