package soak

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/internal/search"
)

// The format of a state, and the version written here.
const (
	stateFormat  = "mapstress soak"
	stateVersion = 1
)

// A State is all that a soak needs to go on after it was killed: what was asked
// for, how far it is, and what came of it. docs/soak.md has its form on disk.
type State struct {
	Format  string `json:"format"`
	Version int    `json:"version"`

	// What was asked for.
	Seed      uint64          `json:"seed,string"`
	Duration  search.Duration `json:"duration"`
	Targets   []string        `json:"targets"`
	Scenarios []string        `json:"scenarios"`
	Corpus    string          `json:"corpus"`
	// Controlled says that a third of the time is for controlled runs, of targets that promise to
	// be safe.
	Controlled bool `json:"controlled"`

	// How far it is.
	Done   bool            `json:"done"`   // the duration is over
	Used   search.Duration `json:"used"`   // time spent by then
	Slices int             `json:"slices"` // slices of the plan that are finished

	// What came of it.
	Environment corpus.Environment `json:"environment"` // the children's; empty before the first slice
	Others      int                `json:"others"`      // cases of other targets, which are not replayed
	Cases       []Case             `json:"cases"`       // replayed, in that order
	Searched    []Searched         `json:"searched"`    // one for each of Targets, in their order
	Findings    []Finding          `json:"findings"`    // in the order in which they were found
}

// Searched is what the slices of one target came to.
type Searched struct {
	search.TargetReport              // its Findings stay empty
	Seen                history.Seen `json:"seen"`  // what all runs have shown, in base 64
	Parts               []Exercise   `json:"parts"` // the free search first, then each scenario, then controlled runs
}

// add adds what a slice came to; d describes the target.
func (s *Searched) add(d *wire.Description, r *search.TargetReport) {
	s.TargetReport.Seen = s.Seen
	s.TargetReport.Add(d, r)
	s.Seen = s.TargetReport.Seen
}

// An Exercise is how much a scenario was tried, alone; or controlled runs, by that of their
// schedules.
type Exercise struct {
	Scenario string          `json:"scenario"` // empty: the free search
	Fits     bool            `json:"fits"`     // whether the target can do what it needs
	Slices   int             `json:"slices"`
	Elapsed  search.Duration `json:"elapsed"` // of slices with several targets, an equal share
	Tally    wire.Tally      `json:"runs"`
}

// format returns the state's form on disk.
func (s *State) format() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // stories are full of < and >
	e.SetIndent("", " ")
	if err := e.Encode(s); err != nil {
		panic("soak: " + err.Error()) // plain structs of strings and numbers always encode
	}
	return b.Bytes()
}

// parseState reads a state. Its errors say what was read.
func parseState(data []byte) (*State, error) {
	var header struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&header); err != nil {
		return nil, fmt.Errorf("damaged: %w in what begins %s", err, beginning(data))
	}
	switch {
	case header.Format != stateFormat:
		return nil, fmt.Errorf("format %q; want %q", header.Format, stateFormat)
	case header.Version > stateVersion:
		return nil, fmt.Errorf("soak format v%d is newer than this mapstress knows (v%d)", header.Version, stateVersion)
	case header.Version < 1:
		return nil, fmt.Errorf("damaged: version %d; want 1 to %d", header.Version, stateVersion)
	}
	var rest any
	if err := d.Decode(&rest); err != io.EOF {
		return nil, errors.New("damaged: something follows the state")
	}
	s := &State{}
	if err := json.Unmarshal(data, s); err != nil {
		return nil, fmt.Errorf("damaged: %w", err)
	}
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("damaged: %w", err)
	}
	return s, nil
}

// check says what cannot be in a state.
func (s *State) check() error {
	switch {
	case s.Duration <= 0:
		return fmt.Errorf("duration %v s; want more than 0", s.Duration.Seconds())
	case s.Used < 0:
		return fmt.Errorf("used %v s; want 0 or more", s.Used.Seconds())
	case s.Slices < 0:
		return fmt.Errorf("%d slices; want 0 or more", s.Slices)
	case len(s.Targets) == 0:
		return errors.New("no targets")
	case len(s.Searched) != len(s.Targets):
		return fmt.Errorf("%d targets were searched, of %d", len(s.Searched), len(s.Targets))
	}
	for i := range s.Searched {
		if got, want := s.Searched[i].Target, s.Targets[i]; got != want {
			return fmt.Errorf("searched target %q; want %q", got, want)
		}
	}
	for i := range s.Findings {
		if s.searched(s.Findings[i].Target) == nil {
			return fmt.Errorf("a finding on %q; want one of the targets %q", s.Findings[i].Target, s.Targets)
		}
	}
	for _, c := range s.Cases {
		if !c.Outcome.known() {
			return fmt.Errorf("case %s has the outcome %q", c.Path, c.Outcome)
		}
	}
	return nil
}

// searched returns the books of a target, or nil.
func (s *State) searched(target string) *Searched {
	for i := range s.Searched {
		if s.Searched[i].Target == target {
			return &s.Searched[i]
		}
	}
	return nil
}

// part returns the books of a scenario, or of the free search, or nil.
func (s *Searched) part(scenario string) *Exercise {
	for i := range s.Parts {
		if s.Parts[i].Scenario == scenario {
			return &s.Parts[i]
		}
	}
	return nil
}

// beginning quotes the beginning of what was read.
func beginning(data []byte) string {
	const enough = 60
	if len(data) > enough {
		return fmt.Sprintf("%q...", data[:enough])
	}
	return fmt.Sprintf("%q", data)
}
