package search

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
)

// A learned file is what searches learned of a target: which settings paid, and
// which schedules are worth varying.
type learned struct {
	Version int    `json:"version"`
	Target  string `json:"target"`
	// Arms are the bandit's, by dimension and setting.
	Arms map[string]map[string]arm `json:"arms"`
	Kept []keptText                `json:"kept"`
}

type keptText struct {
	Scenario string `json:"scenario"`
	Schedule string `json:"schedule"`
}

const (
	learnedVersion = 1
	// learnedWeight bounds what a file's payments count for, in tries' worth of
	// time: the target may have changed since.
	learnedWeight = 100.0
	// learnedEvery is how often the file is written while the search goes on.
	learnedEvery = 10 * time.Second
	// learnedFrom is how long a target must have been searched for it to be
	// worth a file.
	learnedFrom = time.Second
)

// recall reads what earlier searches learned of the target. It keeps no file from
// being written but one of a newer version.
func (s *search) recall(t *state) {
	if s.Store == nil || s.Policy != Learning {
		return
	}
	data, path, err := s.Store.Learned(t.target.Name)
	if err != nil {
		s.problem("%w; going on without what was learned of %s", err, t.target.Name)
		return
	}
	if data == nil {
		return
	}
	var file learned
	if err := json.Unmarshal(data, &file); err != nil {
		s.problem("%s: %w; want what a search learned, as JSON: going on without it", path, err)
		return
	}
	if file.Version != learnedVersion {
		t.newer = file.Version > learnedVersion
		s.problem("%s: version %d is not known to this mapstress, which knows %d; going on without it", path, file.Version, learnedVersion)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t.bandit.recall(file.Arms)
	for _, k := range file.Kept {
		if schedule, err := k.parse(t.mix); err == nil {
			t.pool.add(k.Scenario, schedule)
		}
	}
}

// parse returns the schedule, if the target can still run it.
func (k keptText) parse(m *scenarios.Mix) (*scheduler.Schedule, error) {
	s, err := scheduler.Parse(k.Schedule)
	if err != nil {
		return nil, err
	}
	if !m.Allows(k.Scenario, s) {
		return nil, fmt.Errorf("the target has no such methods or shape any more")
	}
	return s, nil
}

// recall believes earlier payments, up to a limit.
func (b *bandit) recall(arms map[string]map[string]arm) {
	for d := range b.arms {
		for name, a := range arms[scenarios.Dimension(d).String()] {
			if b.arms[d] == nil {
				b.arms[d] = map[string]arm{}
			}
			if !(a.Spent > 0 && a.Paid >= 0) {
				continue
			}
			weight := min(1, learnedWeight/a.Spent)
			b.arms[d][name] = arm{a.Paid * weight, a.Spent * weight}
			if scenarios.Dimension(d) == scenarios.ByScenario {
				b.total.Paid += a.Paid * weight
				b.total.Spent += a.Spent * weight
			}
		}
	}
}

// due reports whether it is time to write what was learned.
func (s *search) due(t *state) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.remembered.IsZero() {
		t.remembered = s.started
	}
	return time.Since(t.remembered) > learnedEvery
}

// remember writes what was learned of the target.
func (s *search) remember(t *state) {
	s.mu.Lock()
	skip := s.Store == nil || s.Policy != Learning || t.newer || t.used < learnedFrom || t.mix == nil
	data := t.learned()
	t.remembered = time.Now()
	s.mu.Unlock()
	if skip {
		return
	}
	if err := s.Store.SaveLearned(t.target.Name, data); err != nil {
		s.problem("%w", err)
	}
}

// learned returns the file of what is known by now; search.mu must be held.
func (t *state) learned() []byte {
	file := learned{Version: learnedVersion, Target: t.target.Name, Arms: map[string]map[string]arm{}, Kept: []keptText{}}
	for d, arms := range t.bandit.arms {
		file.Arms[scenarios.Dimension(d).String()] = arms
	}
	for _, k := range t.pool.kept {
		file.Kept = append(file.Kept, keptText{k.scenario, k.schedule.Text()})
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", " ")
	if err := e.Encode(file); err != nil {
		panic("search: " + err.Error()) // plain structs of strings and numbers always encode
	}
	return b.Bytes()
}
