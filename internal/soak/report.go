package soak

import (
	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/internal/search"
)

// An Outcome is what came of replaying a case.
type Outcome string

const (
	Failing     Outcome = "failing"     // it still fails, in the way it did or in another
	Clean       Outcome = "clean"       // no run failed; that does not prove it mended
	Unconfirmed Outcome = "unconfirmed" // runs failed, and none under atomic stamps
	Unreadable  Outcome = "unreadable"  // the file is damaged, or no case for its target
	NoTime      Outcome = "no-time"     // its share of the time was too short
)

func (o Outcome) known() bool {
	switch o {
	case Failing, Clean, Unconfirmed, Unreadable, NoTime:
		return true
	}
	return false
}

// A Case is what came of one kept case.
type Case struct {
	Path    string          `json:"path"` // empty if the error that Text has names it
	Target  string          `json:"target"`
	Unsafe  bool            `json:"unsafe"` // documented as not for concurrent use: it is no bug
	Title   string          `json:"title"`  // the class and rule that it is kept for
	Outcome Outcome         `json:"outcome"`
	Rate    corpus.Rate     `json:"rate"` // of the runs, those that failed in that way
	Elapsed search.Duration `json:"elapsed"`
	Text    string          `json:"text,omitempty"` // its story if it fails, or what is wrong with it
}

// A Finding is what the searches of a soak found.
type Finding struct {
	search.Finding        // Count is of all slices; Known says that the corpus had it before the soak
	Scenario       string `json:"scenario"`
	Story          string `json:"story"`

	// Signatures are all under which it was seen.
	Signatures []string `json:"signatures"`

	live        bool   // the search under way may still change its case
	provisional uint64 // what the search under way has added to Count
}

// A Report is what a soak came to.
type Report struct {
	Seed        uint64                `json:"seed,string"`
	Duration    search.Duration       `json:"duration"` // asked for
	Elapsed     search.Duration       `json:"elapsed"`  // spent, with what was spent before it was resumed
	Done        bool                  `json:"done"`     // false if it can go on
	Interrupted bool                  `json:"interrupted"`
	Resumed     bool                  `json:"resumed"`
	Rounds      int                   `json:"rounds"` // that are complete
	Slices      int                   `json:"slices"`
	Environment corpus.Environment    `json:"environment"`
	Cases       []Case                `json:"cases"`
	Others      int                   `json:"others"` // cases of other targets, which are not replayed
	Targets     []search.TargetReport `json:"targets"`
	Files       Files                 `json:"files"`
}

// Files are what a soak writes. Report is empty if nobody tells it in text.
type Files struct {
	State  string `json:"state"`
	JUnit  string `json:"junit"`
	Report string `json:"report"`
}

// Failing counts the cases of targets that promise to be safe that still fail.
func (r *Report) Failing() (n int) {
	for i := range r.Cases {
		if r.Cases[i].Outcome == Failing && !r.Cases[i].Unsafe {
			n++
		}
	}
	return n
}

// Unreadable counts the cases that could not be replayed because of what is in
// their files.
func (r *Report) Unreadable() (n int) {
	for i := range r.Cases {
		if r.Cases[i].Outcome == Unreadable {
			n++
		}
	}
	return n
}

// Bugs counts the findings of the searches on targets that promise to be safe.
func (r *Report) Bugs() (n int) {
	for i := range r.Targets {
		if !r.Targets[i].Unsafe {
			n += len(r.Targets[i].Findings)
		}
	}
	return n
}

// Progress is where a soak is.
type Progress struct {
	Elapsed  search.Duration
	Duration search.Duration
	Tally    wire.Tally // of the searches
	Deaths   int
	Failing  int // cases that still fail
	Findings int
	Doing    string // such as "replay FILE" or "sync.Map: growth-burst"
}
