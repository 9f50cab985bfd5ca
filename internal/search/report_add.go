package search

import (
	"encoding/json"
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child/wire"
)

// Add adds what another search of the same target came to; d describes the target.
// Findings are left alone: whoever makes one report of many knows which of them are
// one and the same, see Signatures. So are Choices, whose bounds take each try, and Strategies.
func (r *TargetReport) Add(d *wire.Description, u *TargetReport) {
	r.Schedules += u.Schedules
	r.Tally.Add(u.Tally)
	r.Noisy += u.Noisy
	r.CPU += u.CPU
	r.Deaths += u.Deaths
	r.Lost += u.Lost
	r.Unconfirmed += u.Unconfirmed
	r.Stalled = max(r.Stalled, u.Stalled)
	if len(u.Boundaries.Up)+len(u.Boundaries.Down) > 0 {
		r.Boundaries = u.Boundaries
	}
	r.Seen.Add(&u.Seen)
	r.PairsSeen, r.Pairs = Pairs(d, &r.Seen)
	if u.Beside != nil {
		r.besides().add(u.Beside)
	}
}

// Pairs counts the pairs of a target's ops, and those of them that were seen
// overlapping.
func Pairs(d *wire.Description, seen *history.Seen) (met, all int) {
	var kinds []history.Kind
	for _, v := range d.Variants {
		for _, k := range v.Kinds {
			if !slices.Contains(kinds, k) {
				kinds = append(kinds, k)
			}
		}
	}
	return seen.Pairs(kinds)
}

// Signatures returns the signatures under which the finding was seen: as it was
// found, and in the form it has now. Two findings on a target that share one are
// the same.
func (f *Finding) Signatures() (all []string) {
	for _, s := range []string{f.signature, f.also, f.Verdict.Signature()} {
		if s != "" && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// UnmarshalJSON reads seconds.
func (d *Duration) UnmarshalJSON(data []byte) error {
	var seconds float64
	if err := json.Unmarshal(data, &seconds); err != nil {
		return err
	}
	*d = Duration(seconds * 1e9)
	return nil
}
