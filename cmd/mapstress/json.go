package main

import (
	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/story"
)

// A finding object is the finding with the parts of its case that its file has,
// too, so that a machine need not read that.
type findingObject struct {
	mapstress.Finding
	Reproduced  corpus.Rate        `json:"reproduced"`
	Interval    [2]float64         `json:"interval"` // 95 %, of the chance that a run fails
	Environment corpus.Environment `json:"environment"`
	Scenario    string             `json:"scenario"`
	Shrunk      shrunkPart         `json:"shrunk"`
	Schedule    string             `json:"schedule"`
	Round       int                `json:"round,omitempty"` // which of the runs on its map it is, if there are several
	Replay      string             `json:"replay,omitempty"`
}

// A shrunkPart is what became of the schedule, without what is only for who goes on
// shrinking it, and with how often it fails as a share of what it did when found.
type shrunkPart struct {
	corpus.Shrunk
	Refused string   `json:"refused,omitempty"` // hides the case's
	Share   *float64 `json:"share,omitempty"`
}

func findingJSON(f mapstress.Finding) findingObject {
	low, high := f.Case.Reproduced.Interval()
	o := findingObject{
		Finding: f, Reproduced: f.Case.Reproduced, Interval: [2]float64{low, high},
		Environment: f.Case.Found, Scenario: f.Case.Scenario, Shrunk: shrunkPart{Shrunk: f.Case.Shrunk},
		Schedule: f.Case.Schedule.Text(),
	}
	if h, err := history.ParseText(f.Case.History); err == nil && f.Case.Schedule.Rounds > 1 {
		o.Round = h.Earlier + 1
	}
	if share, known := f.Case.Share(); known {
		o.Shrunk.Share = &share
	}
	if f.Path != "" {
		o.Replay = story.Replay(f.Path)
	}
	return o
}

// A replay object is what came of replaying one case.
type replayObject struct {
	Case     string             `json:"case"`
	Target   string             `json:"target"`
	Verdict  any                `json:"verdict"`
	Failing  bool               `json:"failing"`
	Rate     corpus.Rate        `json:"rate"`
	Interval [2]float64         `json:"interval"`
	Other    []any              `json:"other"` // verdicts of other ways in which it failed
	Found    corpus.Environment `json:"found"`
	Ran      corpus.Environment `json:"ran"`
	Runs     mapstress.Tally    `json:"runs"`
}

func replayJSON(r *mapstress.Replayed) replayObject {
	low, high := r.Rate.Interval()
	o := replayObject{
		Case: r.Case.File, Target: r.Case.Target, Verdict: r.Case.Verdict, Failing: r.Failing(),
		Rate: r.Rate, Interval: [2]float64{low, high}, Other: []any{},
		Found: r.Case.Found, Ran: r.Here, Runs: r.Tally,
	}
	for i := range r.Other {
		o.Other = append(o.Other, r.Other[i].Verdict)
	}
	return o
}
