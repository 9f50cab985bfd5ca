package buggy_test

import (
	"fmt"
	"maps"
	"math/rand"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/internal/buggy"
	"github.com/mapstress/mapstress/target"
)

func TestCatalogue(t *testing.T) {
	seen := map[string]bool{}
	for _, b := range buggy.All() {
		name := b.Target.Name
		if seen[name] || !strings.HasPrefix(name, "buggy-") {
			t.Errorf("%s: a second one of that name, or not buggy-...", name)
		}
		seen[name] = true
		if b.Doc == "" || len(b.Expect) == 0 {
			t.Errorf("%s: no doc, or nothing to be found", name)
		}
		for class, rules := range b.Expect {
			if !class.Finding() || len(rules) == 0 {
				t.Errorf("%s: %v %q is no finding", name, class, rules)
			}
		}
		if want := "repaired-" + strings.TrimPrefix(name, "buggy-"); b.Correct.Name != want {
			t.Errorf("%s: the correct one is %q; want %q", name, b.Correct.Name, want)
		}
	}
}

// TestSequential checks every map, buggy or repaired, against the built-in one:
// in one goroutine all are right, growth and shrinking included, but for those
// that need no concurrency to be wrong.
func TestSequential(t *testing.T) {
	for _, b := range buggy.All() {
		t.Run(b.Target.Name, func(t *testing.T) {
			wrong := useAlone(&b.Target)
			if want := b.Sequential && !b.InCallback; (wrong != "") != want {
				t.Errorf("used by one goroutine: %q; want it wrong: %t", wrong, want)
			}
		})
		t.Run(b.Correct.Name, func(t *testing.T) {
			if wrong := useAlone(&b.Correct); wrong != "" {
				t.Error(wrong)
			}
		})
	}
}

// useAlone says what was wrong first, if anything was.
func useAlone(tgt *target.Target) (wrong string) {
	for seed := range int64(20) {
		m := model{rng: rand.New(rand.NewSource(seed)), got: tgt.Variants[0].New().Map, want: map[uint64]uint64{}}
		m.keys = 1 << (1 + seed%8)
		for step := 0; step < 2000 && m.wrong == ""; step++ {
			m.step()
		}
		m.compare()
		if m.got.Close != nil {
			m.got.Close()
		}
		if m.wrong != "" {
			return m.wrong
		}
	}
	return ""
}

// A model does the same to a map under test and to a built-in one.
type model struct {
	rng   *rand.Rand
	keys  int64
	got   target.Map[uint64, uint64]
	want  map[uint64]uint64
	wrong string // the first answer that differs
}

func (m *model) fail(format string, args ...any) {
	if m.wrong == "" {
		m.wrong = fmt.Sprintf(format, args...)
	}
}

func (m *model) step() {
	k, v, w := uint64(m.rng.Int63n(m.keys)), uint64(m.rng.Intn(4)), uint64(m.rng.Intn(4))
	old, had := m.want[k]
	matches := had && old == w
	switch m.rng.Intn(30) {
	case 0, 1, 2:
		m.answers("load", k, old, had)(m.got.Load(k))
	case 3, 4, 5, 6, 7, 8, 9:
		m.got.Store(k, v)
		m.want[k] = v
	case 10, 11, 12, 13, 14, 15:
		if !had {
			m.want[k] = v
		}
		m.answers("load-or-store", k, m.want[k], had)(m.got.LoadOrStore(k, v))
	case 16, 17, 18:
		m.answers("load-and-delete", k, old, had)(m.got.LoadAndDelete(k))
		delete(m.want, k)
	case 19, 20:
		m.got.Delete(k)
		delete(m.want, k)
	case 21, 22:
		m.answers("swap", k, old, had)(m.got.Swap(k, v))
		m.want[k] = v
	case 23, 24:
		m.answers("compare-and-swap", k, 0, matches)(0, m.got.CompareAndSwap(k, w, v))
		if matches {
			m.want[k] = v
		}
	case 25, 26:
		m.answers("compare-and-delete", k, 0, matches)(0, m.got.CompareAndDelete(k, w))
		if matches {
			delete(m.want, k)
		}
	case 27, 28:
		if m.got.Compute != nil {
			m.got.Increment(k)
			m.want[k]++
			m.compute(k)
		}
	case 29:
		m.compare()
		if m.rng.Intn(20) == 0 {
			m.got.Clear()
			clear(m.want)
		}
	}
}

// compute deletes even values, and adds one to the others.
func (m *model) compute(k uint64) {
	f := func(v uint64, _ bool) (uint64, bool) { return v + 1, v%2 == 0 }
	next, remove := f(m.want[k], false)
	if remove {
		next = 0
		delete(m.want, k)
	} else {
		m.want[k] = next
	}
	m.answers("compute", k, next, !remove)(m.got.Compute(k, f))
}

func (m *model) answers(op string, k, want uint64, wantOK bool) func(uint64, bool) {
	return func(got uint64, ok bool) {
		if got != want || ok != wantOK {
			m.fail("%s k%d answers %d, %t; want %d, %t", op, k, got, ok, want, wantOK)
		}
	}
}

func (m *model) compare() {
	if n := m.got.Len(); n != len(m.want) {
		m.fail("len is %d; want %d", n, len(m.want))
	}
	seen := map[uint64]uint64{}
	m.got.Range(func(k, v uint64) bool {
		if _, twice := seen[k]; twice {
			m.fail("range yields k%d twice", k)
		}
		seen[k] = v
		return true
	})
	if !maps.Equal(seen, m.want) {
		m.fail("range yields %v; want %v", seen, m.want)
	}
	m.got.Range(func(uint64, uint64) bool {
		if len(seen) == 0 {
			m.fail("range goes on after its function answered false")
		}
		clear(seen)
		return false
	})
}
