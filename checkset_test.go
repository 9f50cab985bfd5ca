package mapstress_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mapstress/mapstress"
)

// A set is one of names. A careless one looks, and adds without a second look.
type set struct {
	mu       sync.Mutex
	names    map[string]bool
	careless bool
}

func (s *set) has(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.names[name]
}

func (s *set) add(name string) (added bool) {
	if s.careless && s.has(name) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	added = s.careless || !s.names[name]
	s.names[name] = true
	return added
}

func (s *set) remove(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.names[name]
	delete(s.names, name)
	return was
}

func sets(careless bool) func() mapstress.Map[string, struct{}] {
	return func() mapstress.Map[string, struct{}] {
		s := &set{names: map[string]bool{}, careless: careless}
		return mapstress.Map[string, struct{}]{
			Load:        func(name string) (struct{}, bool) { return struct{}{}, s.has(name) },
			LoadOrStore: func(name string, _ struct{}) (struct{}, bool) { return struct{}{}, !s.add(name) },
			Remove:      s.remove,
		}
	}
}

// TestCheckSet: a set is a map to a struct{}. Odds: two adds of a name that meet do in one run of 50 or so, and
// there are some thousands.
func TestCheckSet(t *testing.T) {
	for _, careless := range []bool{false, true} {
		result := check(t, func(t *taken) {
			mapstress.Check(t, sets(careless), mapstress.For(4*time.Second), mapstress.Corpus(""), mapstress.Seed(7))
		})
		text := strings.Join(append(result.errors, result.logs...), "\n")
		if found := len(result.errors) > 0; found != careless || found && !strings.Contains(text, "silent-corruption: ") {
			t.Errorf("of a set that is careless (%v): %s", careless, text)
		}
	}
}
