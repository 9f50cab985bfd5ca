package wire

import (
	"fmt"
	"sync/atomic"
	"unsafe"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/scheduler/controlled"
	"github.com/mapstress/mapstress/scheduler/strategy"
)

// A Journal is memory that parent and child share. It names the run in progress,
// counts, and holds the workers' logs; all of it can be read after the child has
// died. Where memory cannot be shared it is the child's own, and dies with it.
//
// The child writes the header words with atomic stores and the parent reads them
// with atomic loads, at any time. The logs are the parent's to read once the
// child has ended; before that their lengths are a hint of progress, no more.
type Journal struct {
	words []uint64
}

// JournalSize is the journal's size in bytes. The memory is touched only where
// it is used.
const JournalSize = 64 << 20

// Words of the header.
const (
	wordRequest  = iota // the request under way
	wordPhase           // scheduler.Phase
	wordProgress        // goes up with every phase
	wordRuns            // and the rest of Tally
	wordOverlapped
	wordGrowth
	wordUnknown
	wordFailed
	wordOps
	wordStrategy      // of the run under way: 1 and its strategy.Number; 0 is none
	wordSeen     = 16 // history.SeenWords of them
	wordShares   = 64 // shareWords for each strategy
	shareWords   = 3
	headerWords  = 128
)

// There is room for them.
var (
	_ [wordShares - wordSeen - history.SeenWords]struct{}
	_ [headerWords - wordShares - shareWords*strategy.Count]struct{}
)

// NewJournal returns a journal over memory, of which there must be JournalSize
// bytes, aligned to a word.
func NewJournal(memory []byte) *Journal {
	return &Journal{words: unsafe.Slice((*uint64)(unsafe.Pointer(unsafe.SliceData(memory))), len(memory)/8)}
}

// Begin starts a request: it empties the tally and what was seen.
func (j *Journal) Begin(request uint64) {
	atomic.StoreUint64(&j.words[wordRequest], request)
	j.SetPhase(scheduler.Idle)
	j.SetTally(Tally{})
	j.SetSeen(&history.Seen{})
	j.SetStrategy(-1)
	for i := range strategy.Count {
		j.SetShare(i, Share{})
	}
}

// Request returns the number of the request under way.
func (j *Journal) Request() uint64 { return atomic.LoadUint64(&j.words[wordRequest]) }

// SetPhase notes progress.
func (j *Journal) SetPhase(p scheduler.Phase) {
	atomic.StoreUint64(&j.words[wordPhase], uint64(p))
	atomic.StoreUint64(&j.words[wordProgress], j.words[wordProgress]+1)
}

// Phase returns the phase of the run under way.
func (j *Journal) Phase() scheduler.Phase {
	return scheduler.Phase(atomic.LoadUint64(&j.words[wordPhase]))
}

// Progress returns a number that changes whenever the child gets on.
func (j *Journal) Progress() uint64 { return atomic.LoadUint64(&j.words[wordProgress]) }

// SetTally publishes the counts of the request so far.
func (j *Journal) SetTally(t Tally) {
	for i, n := range []uint64{t.Runs, t.Overlapped, t.Growth, t.Unknown, t.Failed, t.Ops} {
		atomic.StoreUint64(&j.words[wordRuns+i], n)
	}
}

// Tally returns the counts of the request under way.
func (j *Journal) Tally() Tally {
	n := func(i int) uint64 { return atomic.LoadUint64(&j.words[i]) }
	return Tally{
		Runs: n(wordRuns), Overlapped: n(wordOverlapped), Growth: n(wordGrowth),
		Unknown: n(wordUnknown), Failed: n(wordFailed), Ops: n(wordOps),
	}
}

// SetSeen publishes what the request's runs have seen so far.
func (j *Journal) SetSeen(s *history.Seen) {
	for i, word := range s {
		atomic.StoreUint64(&j.words[wordSeen+i], word)
	}
}

// Seen returns what the runs of the request under way have seen.
func (j *Journal) Seen() (s history.Seen) {
	for i := range s {
		s[i] = atomic.LoadUint64(&j.words[wordSeen+i])
	}
	return s
}

// SetStrategy notes whose run is under way, by strategy.Number; less than 0 is nobody's.
func (j *Journal) SetStrategy(number int) {
	atomic.StoreUint64(&j.words[wordStrategy], uint64(number+1))
}

// Strategy is the one whose run is under way.
func (j *Journal) Strategy() int { return int(atomic.LoadUint64(&j.words[wordStrategy])) - 1 }

// SetShare publishes what a strategy's runs of the request came to so far.
func (j *Journal) SetShare(number int, s Share) {
	for i, n := range []uint64{s.Runs, s.Failed, s.Nanos} {
		atomic.StoreUint64(&j.words[wordShares+shareWords*number+i], n)
	}
}

// Shares returns what the runs of the request under way came to, by strategy.
func (j *Journal) Shares() (all Shares) {
	for i := range all {
		n := func(word int) uint64 { return atomic.LoadUint64(&j.words[wordShares+shareWords*i+word]) }
		all[i] = Share{Runs: n(0), Failed: n(1), Nanos: n(2)}
	}
	return all
}

// Logs returns the workers' logs for runs of s.
func (j *Journal) Logs(s *scheduler.Schedule) (scheduler.Logs, error) {
	if need, have := scheduler.LogWords(s), len(j.words)-headerWords-recordWords; need > have {
		return scheduler.Logs{}, fmt.Errorf("a schedule of %d ops needs a log of %d bytes; there are %d", s.Ops(), 8*need, 8*have)
	}
	return scheduler.NewLogs(s, j.words[headerWords:]), nil
}

// recordWords is how many words at the end are for the decisions of a controlled run.
const recordWords = 1<<17 + controlled.MinRecord

// Record returns where the decisions of a controlled run are.
func (j *Journal) Record() *controlled.Record {
	return controlled.NewRecord(j.words[len(j.words)-recordWords:])
}
