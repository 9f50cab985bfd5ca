package scenarios

import (
	"strings"
	"testing"

	"github.com/mapstress/mapstress/history"
)

// Two ops on one key, two workers: of n sequences n(n+1)/2 pairs. On two keys, half of those
// that are not their own mirror image are left.
func TestEvery(t *testing.T) {
	few := []history.Kind{history.Load, history.Store}
	for _, c := range []struct {
		b    Bounds
		want int
	}{
		{Bounds{Workers: 2, Ops: 2, Keys: 1, Kinds: few}, 4 * 5 / 2},
		{Bounds{Workers: 2, Ops: 2, Keys: 1}, 36 * 37 / 2},
		{Bounds{Workers: 3, Ops: 1, Keys: 1, Kinds: few}, 4},
		// 16 sequences, 136 pairs; the 8 of a sequence with its own mirror image are their own.
		{Bounds{Workers: 2, Ops: 2, Keys: 2, Kinds: few}, (136-8)/2 + 8},
		// The key that is there and the one that is not are not the same.
		{Bounds{Workers: 2, Ops: 2, Keys: 2, Prefill: 1, Kinds: few}, 136},
		{Bounds{Workers: 1, Ops: 1, Keys: 3, Kinds: append(few, history.Len)}, 3},
	} {
		all, err := Every(Space{Kinds: history.Kinds()}, c.b)
		if err != nil || len(all) != c.want {
			t.Errorf("%v: %d schedules, %v; want %d", c.b, len(all), err, c.want)
		}
		seen := map[string]bool{}
		for _, s := range all {
			if err := s.Validate(); err != nil {
				t.Errorf("%s: %v", s.Text(), err)
			}
			if text := s.Text(); seen[text] {
				t.Errorf("twice:\n%s", text)
			} else {
				seen[text] = true
			}
		}
	}
}

func TestEveryErrors(t *testing.T) {
	for want, b := range map[string]Bounds{
		"at least one of each":   {Workers: 2, Ops: 2},
		"none of the ops":        {Workers: 2, Ops: 2, Keys: 1, Kinds: []history.Kind{history.Clear}},
		"schedules of 3 x 4 ops": {Workers: 3, Ops: 4, Keys: 3},
	} {
		if _, err := Every(Space{Kinds: []history.Kind{history.Load, history.Store}}, b); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: got %v; want %q", b, err, want)
		}
	}
}
