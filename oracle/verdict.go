package oracle

// A Verdict is the outcome of a check. The zero Verdict is Unknown.
type Verdict struct {
	Class Class `json:"class"`
	// Rule names what was broken within the class: "lost-key", "concurrent map
	// writes", "deadlock". Findings of one class and rule may still differ in
	// Frames.
	Rule string `json:"rule,omitempty"`
	// Detail says in one sentence what happened.
	Detail string `json:"detail,omitempty"`
	// Promise quotes the documentation that was broken, if a contract has it.
	Promise string `json:"promise,omitempty"`
	// Events are the conflicting events: indices into the history's Events.
	Events []int `json:"events,omitempty"`
	// Frames are the functions of the target and the runtime nearest to the
	// failure, innermost first and without addresses or lines, for crashes.
	Frames []string `json:"frames,omitempty"`
	// Accesses are the two of a data race that was seen in a controlled run, in the order in
	// which they were made there.
	Accesses []Access `json:"accesses,omitempty"`
	// Sequential is set if one worker alone, with no concurrency, fails too.
	Sequential bool `json:"sequential,omitempty"`
}

// An Access is one of two that race.
type Access struct {
	Worker  int     `json:"worker"`
	Op      int     `json:"op"`      // which of the worker's it is part of, from 0; -1 is none
	Kind    string  `json:"kind"`    // "read", "write", "atomic load", ...
	Address uint64  `json:"address"` // numbered by first touch in the run, from 1
	Stack   []Frame `json:"stack"`   // innermost call first
	// Started has the go statement of a worker that is a goroutine of the target's.
	Started *Frame `json:"started,omitempty"`
}

// A Frame is one call of a stack.
type Frame struct {
	Func string `json:"func"` // with the path of its package
	File string `json:"file"` // its last element
	Line int    `json:"line"`
}

// Same reports whether two verdicts are the same finding: same class, same
// broken rule, same normalised frames.
func (v Verdict) Same(w Verdict) bool { return v.Signature() == w.Signature() }

// Signature is equal for the same finding and, in practice, for nothing else.
func (v Verdict) Signature() string {
	s := v.Class.String() + "|" + v.Rule
	for _, f := range v.Frames {
		s += "|" + f
	}
	return s
}
