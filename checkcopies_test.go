package mapstress_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mapstress/mapstress"
)

// Lists copy what they are given, and what they answer; careless ones do the latter when they have given
// the lock back.
type lists struct {
	mu       sync.Mutex
	of       map[int][]int
	careless bool
}

func (l *lists) set(k int, numbers []int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if old := l.of[k]; len(old) >= len(numbers) {
		l.of[k] = old[:copy(old, numbers)]
		return
	}
	l.of[k] = append([]int(nil), numbers...)
}

func (l *lists) get(k int) ([]int, bool) {
	l.mu.Lock()
	numbers, ok := l.of[k]
	if l.careless {
		l.mu.Unlock()
		return slices.Clone(numbers), ok
	}
	defer l.mu.Unlock()
	return slices.Clone(numbers), ok
}

// TestCheckCopies: what copy and append access is seen in controlled runs. Odds: a load and a store of one key
// race whenever the one has given the lock back last: in half of the runs that have both.
func TestCheckCopies(t *testing.T) {
	hooks(t)
	for _, careless := range []bool{false, true} {
		result := check(t, func(taken *taken) {
			mapstress.Check(taken, func() mapstress.Map[int, []int] {
				l := &lists{of: map[int][]int{}, careless: careless}
				return mapstress.Map[int, []int]{Load: l.get, Store: l.set}
			}, mapstress.Using(mapstress.Controlled), mapstress.For(3*time.Second), mapstress.Seed(7), mapstress.Corpus(""))
		})
		text := strings.Join(append(result.errors, result.logs...), "\n")
		if found := len(result.errors) > 0; found != careless || found && !strings.Contains(text, "data-race: data race") {
			t.Errorf("of lists that are careless (%v): %s", careless, text)
		}
	}
}
