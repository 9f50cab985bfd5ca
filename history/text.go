package history

import (
	"fmt"
	"math"
	"strconv"
)

// The code of a key or value that no codec ever made, and its word. It is
// target.Foreign, which this package is below.
const (
	foreignCode uint64 = math.MaxUint64
	foreignWord        = "foreign"
)

// Words of the text form that are no op's.
const (
	earlierWord = "earlier" // History.Earlier
	prefillWord = "prefill"
	restWord    = "rest"    // a part of History.Rest
	heldWord    = "held"    // a part of what the clone on the line above held
	absentWord  = "absent"  // no value
	presentWord = "present" // a value, which was not told
	nothingWord = "nothing" // a Range that ran to its end and yielded nothing
	openWord    = "..."     // a Range that did not run to its end
	callsWord   = "calls="  // how often a Compute called its function, if not once

	swallowedWord = " swallowed" // the panic of the op's function did not come out of it
)

// Text returns the text form of h, which ParseText reads:
//
//	earlier 811
//	prefill k1=v1 k2=v2
//	w0 [120..180] store k9 v100
//	w1 [130..210] load k9 -> v100
//	w1 [220..230] load-or-store k8 v5 -> v5 stored
//	w1 [231..239] compute k8 v6 -> v5 calls=2
//	w0 [240..260] compare-and-swap k1 v1 v7 -> true
//	w1 [300..] delete k9
//	w0 [310..390] range -> k1=v7 foreign=v2 ...
//	w0 [320..330] inside load k1 -> v7
//	w1 [391..392] custom:AddAndGet k1 v2 -> "v9"
//	w1 [392..399] compute k1 v8 panics -> v7 swallowed
//	w0 [400..420] clone
//	held load k1 -> v7
//	held range -> k1=v7
//	rest load k1 -> absent
//	rest range -> nothing
//	rest len -> 0
//	rest is-empty -> true
//	foreign "value an interface of type *int"
//
// The brackets have Inv and Ret; an op without Ret never returned. A range that
// ends in "..." did not run to its end. Earlier are runs on the same map, left out if there
// were none. A worker's op that is inside was called by the
// function of the op above it. What means nothing for a kind (see
// Event) is not written, nor are the calls of a compute that made one.
func Text(h *History) string {
	var b []byte
	if h.Earlier > 0 {
		b = fmt.Appendf(b, earlierWord+" %d\n", h.Earlier)
	}
	if len(h.Prefill) > 0 {
		b = append(appendEntries(append(b, prefillWord...), h.Prefill), '\n')
	}
	for i := range h.Events {
		b = appendEvent(b, &h.Events[i])
	}
	if h.Rest != nil {
		b = appendContents(b, restWord, h.Rest)
	}
	for _, what := range h.Foreign {
		b = fmt.Appendf(b, foreignWord+" %q\n", what)
	}
	return string(b)
}

func appendEvent(b []byte, e *Event) []byte {
	b = fmt.Appendf(b, "w%d [%d..", e.Worker, e.Inv)
	if e.Ret != Pending {
		b = strconv.AppendInt(b, e.Ret, 10)
	}
	b = e.Op.Append(append(b, "] "...))
	b = append(appendAnswer(b, e), '\n')
	if e.Kind == Clone && e.Seen != nil {
		b = appendContents(b, heldWord, e.Seen)
	}
	return b
}

// String returns the event without its stamps: "w1 load k9 -> v100".
func (e *Event) String() string {
	b := fmt.Appendf(nil, "w%d ", e.Worker)
	return string(appendAnswer(e.Op.Append(b), e))
}

// appendAnswer appends what the op answered. An op that never returned answered
// nothing, but a Range may have yielded before it got stuck.
func appendAnswer(b []byte, e *Event) []byte {
	b = appendAnswerAlone(b, e)
	if e.Swallowed {
		b = append(b, swallowedWord...)
	}
	return b
}

func appendAnswerAlone(b []byte, e *Event) []byte {
	switch {
	case e.Kind == Range && e.Seen != nil:
		return appendYield(b, e.Seen)
	case e.Kind == Range || e.Ret == Pending:
		return b
	}
	switch e.Kind {
	case Load, LoadAndDelete, Swap:
		return appendFound(b, e.Out, e.OK)
	case Compute:
		if b = appendFound(b, e.Out, e.OK); e.Calls != 1 {
			b = strconv.AppendInt(append(b, " "+callsWord...), int64(e.Calls), 10)
		}
		return b
	case LoadOrStore:
		b = appendFound(b, e.Out, true)
		if e.OK {
			return append(b, " loaded"...)
		}
		return append(b, " stored"...)
	case CompareAndSwap, CompareAndDelete, IsEmpty:
		return strconv.AppendBool(append(b, " -> "...), e.OK)
	case Store:
		switch {
		case e.Told && e.OK:
			return append(b, " -> "+presentWord...)
		case e.Told:
			return append(b, " -> "+absentWord...)
		}
	case Delete:
		if e.Told {
			return strconv.AppendBool(append(b, " -> "...), e.OK)
		}
	case Custom:
		return strconv.AppendQuote(append(b, " -> "...), e.Answer)
	case Len:
		return strconv.AppendInt(append(b, " -> "...), int64(e.Out), 10)
	}
	return b
}

// appendContents appends a line for each part of c, and one for a c without any.
func appendContents(b []byte, word string, c *Contents) []byte {
	before := len(b)
	for _, r := range c.Loads {
		b = appendCode(append(append(b, word...), " load "...), 'k', r.Key)
		b = append(appendFound(b, r.Value, r.OK), '\n')
	}
	if c.Ranged || len(c.Entries) > 0 {
		b = append(appendYield(append(append(b, word...), " range"...), c), '\n')
	}
	if c.HasLen {
		b = fmt.Appendf(b, "%s len -> %d\n", word, c.Len)
	}
	if c.HasEmpty {
		b = fmt.Appendf(b, "%s is-empty -> %t\n", word, c.Empty)
	}
	if len(b) == before {
		b = append(append(b, word...), '\n')
	}
	return b
}

func appendYield(b []byte, c *Contents) []byte {
	b = appendEntries(append(b, " ->"...), c.Entries)
	switch {
	case !c.Ranged:
		b = append(b, " "+openWord...)
	case len(c.Entries) == 0:
		b = append(b, " "+nothingWord...)
	}
	return b
}

func appendEntries(b []byte, entries []Entry) []byte {
	for _, e := range entries {
		b = appendCode(append(b, ' '), 'k', e.Key)
		b = appendCode(append(b, '='), 'v', e.Value)
	}
	return b
}

func appendFound(b []byte, value uint64, ok bool) []byte {
	b = append(b, " -> "...)
	if !ok {
		return append(b, absentWord...)
	}
	return appendCode(b, 'v', value)
}

func appendCode(b []byte, prefix byte, code uint64) []byte {
	if code == foreignCode {
		return append(b, foreignWord...)
	}
	return strconv.AppendUint(append(b, prefix), code, 10)
}
