package methods

import (
	"strings"
	"testing"

	"github.com/mapstress/mapstress/target"
)

// TestGuesses: a filter, which answers of a few keys in a thousand that they are there, is no set.
func TestGuesses(t *testing.T) {
	names := Candidates{"Load": {"Test"}, "Store": {"Add"}}
	for modulus, want := range map[int]string{1 << 30: "", 10 * many: "as a Bloom filter may"} {
		r, err := Examine(names, func(Choice) target.Map[int, bool] {
			m := plain{}
			return target.Map[int, bool]{
				Load:  func(k int) (bool, bool) { _, ok := m.load(k % modulus); return ok, ok },
				Store: func(k int, _ bool) { m.store(k%modulus, 1) },
			}
		}, "")
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("modulo %d: %+v, %v", modulus, r, err)
		}
	}
}

// TestList: what has a key twice that is stored twice counts no keys, and meets none once.
func TestList(t *testing.T) {
	r, err := Examine(Candidates{"Load": {"Contains"}, "Store": {"Add"}, "Range": {"Values"}, "Len": {"Len"}}, func(use Choice) target.Map[int, bool] {
		var all []int
		m := target.Map[int, bool]{
			Load: func(k int) (bool, bool) {
				for _, x := range all {
					if x == k {
						return true, true
					}
				}
				return false, false
			},
			Store: func(k int, _ bool) { all = append(all, k) },
		}
		if use.Len > 0 {
			m.Len = func() int { return len(all) }
		}
		if use.Range > 0 {
			m.Range = func(yield func(int, bool) bool) {
				for _, x := range all {
					if !yield(x, true) {
						return
					}
				}
			}
		}
		return m
	}, "")
	if err != nil || r.Choice.Len > 0 || r.Choice.Range > 0 || len(r.Left) != 2 || r.Left[1] != "Len: as len, of 2 entries it answers 3" {
		t.Errorf("%+v, %v", r, err)
	}
}
