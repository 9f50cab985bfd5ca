package search

import (
	"strconv"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler/controlled"
)

// A Report is what a search came to.
type Report struct {
	Seed        uint64             `json:"seed,string"`
	Elapsed     Duration           `json:"elapsed"`
	Interrupted bool               `json:"interrupted"`
	Without     []string           `json:"without,omitempty"` // ops that were left out: see Config
	Environment corpus.Environment `json:"environment"`
	Targets     []TargetReport     `json:"targets"`
}

// Bugs counts the findings on targets that promise to be safe.
func (r *Report) Bugs() (n int) {
	for i := range r.Targets {
		if !r.Targets[i].Unsafe {
			n += len(r.Targets[i].Findings)
		}
	}
	return n
}

// Runs counts the runs on all targets, the controlled ones beside the free ones among them.
func (r *Report) Runs() (n uint64) {
	for i := range r.Targets {
		n += r.Targets[i].Tally.Runs
		if beside := r.Targets[i].Beside; beside != nil {
			n += beside.Tally.Runs
		}
	}
	return n
}

// A TargetReport is what a search came to on one target.
type TargetReport struct {
	Target      string     `json:"target"`
	Unsafe      bool       `json:"unsafe"` // documented as not for concurrent use: its findings are a survey
	Schedules   int        `json:"schedules"`
	Tally       wire.Tally `json:"runs"`
	Noisy       uint64     `json:"noisy,omitempty"` // of these runs, those of schedules with noise within ops
	CPU         Duration   `json:"cpu"`
	Deaths      int        `json:"deaths"`      // children that died of the target
	Lost        int        `json:"lost"`        // children that ended for another reason
	Unconfirmed int        `json:"unconfirmed"` // wrong histories that no run under atomic stamps confirmed
	// Stalled is for how long a run had made no progress when the time was up: it may hang, or be
	// slow. 0 if there was none.
	Stalled    Duration           `json:"stalled,omitempty"`
	Boundaries history.Boundaries `json:"boundaries"`
	// Of the Pairs of the target's ops, an op with itself among them, PairsSeen
	// were seen overlapping.
	PairsSeen int `json:"pairs_seen"`
	Pairs     int `json:"pairs"`
	// Seen is all that the runs have shown, those pairs among it.
	Seen history.Seen `json:"-"`
	// Choices are what each setting of each dimension came to, if Config.Explain
	// asks for it.
	Choices []Account `json:"choices,omitempty"`
	// Strategies are what controlled runs came to by each strategy, if Config.Explain asks for it.
	Strategies []StrategyAccount `json:"strategies,omitempty"`
	Findings   []Finding         `json:"findings"`
	// Beside is what controlled runs came to, if there were any beside the free ones, which
	// the other figures are of.
	Beside *Beside `json:"controlled,omitempty"`
}

// A Finding is a verdict other than clean, deduplicated.
type Finding struct {
	Target  string         `json:"target"`
	Unsafe  bool           `json:"unsafe"`
	Verdict oracle.Verdict `json:"verdict"`
	// Count is how many runs of the search failed like that.
	Count uint64 `json:"count"`
	// Known says that an earlier case of it was in the corpus already.
	Known bool         `json:"known"`
	Case  *corpus.Case `json:"-"`
	Path  string       `json:"path"` // of the case's file; empty if it could not be written
	// Reproducer is the file of a program that fails in the same way, without mapstress;
	// empty if there is none.
	Reproducer string `json:"reproducer,omitempty"`
	// Final says that it was examined to the end: shrunk, and its rate known.
	Final bool `json:"final"`
	// Trace has all points of a controlled run, once it is final.
	Trace []controlled.Step `json:"-"`
	// Strategy is the name of the one by which it was found, if it was in a controlled run.
	Strategy string `json:"strategy,omitempty"`
	// Controlled is what came of trying it in controlled runs, too; nil if nobody has.
	Controlled *Attempt `json:"controlled,omitempty"`
	// After is when it was first seen, from the start of the search.
	After Duration `json:"after"`

	signature string // the verdict's, as first found
	also      string // the shrunk case's, if it is another
	decided   bool   // found in a controlled run
}

// A Duration is a time span; its JSON is in seconds.
type Duration time.Duration

// Seconds returns the span in seconds.
func (d Duration) Seconds() float64 { return time.Duration(d).Seconds() }

// MarshalJSON writes seconds.
func (d Duration) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, time.Duration(d).Seconds(), 'f', 3, 64), nil
}
