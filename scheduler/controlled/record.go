package controlled

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"unsafe"

	"github.com/mapstress/mapstress/scheduler/strategy"
)

// A Record has the decisions of the run under way in memory that may outlive the process, and its
// points, if it has a trace.
//
// One goroutine at a time adds to it; others read it once the process has ended.
type Record struct {
	count, noted, traced *uint64
	notes                []byte // the racing places, a line each
	steps                []byte // the end of the trace, a line each, from traced modulo its length on
	bytes                []byte // a decision each
	line                 []byte // room to write one
}

// MinRecord is how many words a record takes at least. It has room for eight decisions in
// each word beyond.
const MinRecord = 3 + noteWords + stepWords

const (
	noteWords = 1 << 12
	stepWords = 1 << 18 // some 20,000 points
)

// NewRecord makes a record over words, of which there must be MinRecord at least.
func NewRecord(words []uint64) *Record {
	rest := words[3:]
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(rest))), 8*len(rest))
	r := &Record{count: &words[0], noted: &words[1], traced: &words[2]}
	r.notes, bytes = bytes[:8*noteWords], bytes[8*noteWords:]
	r.steps, r.bytes = bytes[:8*stepWords], bytes[8*stepWords:]
	return r
}

// note keeps the racing places, as long as there is room for them.
func (r *Record) note(racing []string) {
	atomic.StoreUint64(r.noted, 0)
	n := copy(r.notes, strings.Join(racing, "\n"))
	atomic.StoreUint64(r.noted, uint64(n))
}

// Racing returns the racing places that were noted.
func (r *Record) Racing() []string {
	text := string(r.notes[:min(atomic.LoadUint64(r.noted), uint64(len(r.notes)))])
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

func (r *Record) reset() {
	atomic.StoreUint64(r.count, 0)
	atomic.StoreUint64(r.traced, 0)
}

// trace adds a step of the trace. When there is no more room, the oldest go.
func (r *Record) trace(s *Step) {
	r.line = fmt.Appendf(r.line[:0], stepForm, s.Worker, s.Op, s.Addr, s.Where.Line, s.Pending, s.Kind, s.Where.File, s.Where.Func)
	n := *r.traced
	for _, b := range r.line {
		r.steps[n%uint64(len(r.steps))] = b
		n++
	}
	atomic.StoreUint64(r.traced, n)
}

// stepForm is how a step is written. No name has a tab in it.
const stepForm = "%d %d %d %d %t\t%s\t%s\t%s\n"

// Trace returns the last points of a run with a trace, and then those from which workers have not
// gone on.
func (r *Record) Trace() (steps []Step) {
	n, size := atomic.LoadUint64(r.traced), uint64(len(r.steps))
	text := string(r.steps[:min(n, size)])
	if n > size { // the first line is cut
		_, text, _ = strings.Cut(string(r.steps[n%size:])+string(r.steps[:n%size]), "\n")
	}
	var pending []Step
	for _, line := range strings.Split(text, "\n") {
		words := strings.Split(line, "\t")
		if len(words) != 4 {
			continue // the end, or a line that was being written
		}
		s := Step{Kind: words[1], Where: Place{File: words[2], Func: words[3]}}
		if _, err := fmt.Sscan(words[0], &s.Worker, &s.Op, &s.Addr, &s.Where.Line, &s.Pending); err != nil {
			continue
		}
		pending = slices.DeleteFunc(pending, func(p Step) bool { return p.Worker == s.Worker })
		if s.Pending {
			pending = append(pending, s)
		} else {
			steps = append(steps, s)
		}
	}
	return append(steps, pending...)
}

// add adds one decision, unless there is no more room, or it is for a worker that no byte
// can name: then the record ends there, and so does a replay of it.
func (r *Record) add(id int) {
	n := *r.count
	if n < uint64(len(r.bytes)) && id < 256 {
		r.bytes[n] = byte(id)
		*r.count = n + 1 // not by an atomic, which takes as long as all else at a decision: nobody reads it now
	}
}

// Decisions returns what was recorded.
func (r *Record) Decisions() (d strategy.Decisions) {
	for _, b := range r.bytes[:min(atomic.LoadUint64(r.count), uint64(len(r.bytes)))] {
		d = append(d, int(b))
	}
	return d
}
