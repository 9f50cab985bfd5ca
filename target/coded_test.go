package target

import (
	"math"
	"testing"
)

// Keys are written as they are, and read and deleted by their alias.
func TestAlias(t *testing.T) {
	var negative bool
	note := func(k float64) { negative = math.Signbit(k) }
	in := (&Adapt("m", Float64(), Int(), func() Map[float64, int] {
		return Map[float64, int]{
			Load:             func(k float64) (int, bool) { note(k); return 0, false },
			Store:            func(k float64, _ int) { note(k) },
			LoadOrStore:      func(k float64, _ int) (int, bool) { note(k); return 0, false },
			LoadAndDelete:    func(k float64) (int, bool) { note(k); return 0, false },
			Delete:           func(k float64) { note(k) },
			Swap:             func(k float64, _ int) (int, bool) { note(k); return 0, false },
			CompareAndSwap:   func(k float64, _, _ int) bool { note(k); return false },
			CompareAndDelete: func(k float64, _ int) bool { note(k); return false },
			Compute:          func(k float64, _ func(int, bool) (int, bool)) (int, bool) { note(k); return 0, false },
			Increment:        func(k float64) { note(k) },
		}
	}, Contract{}).Variants[0]).New()
	for method, c := range map[string]struct {
		call  func()
		alias bool
	}{
		"Load":             {func() { in.Load(1) }, true},
		"Store":            {func() { in.Store(1, 2) }, false},
		"LoadOrStore":      {func() { in.LoadOrStore(1, 2) }, false},
		"LoadAndDelete":    {func() { in.LoadAndDelete(1) }, true},
		"Delete":           {func() { in.Delete(1) }, true},
		"Swap":             {func() { in.Swap(1, 2) }, false},
		"CompareAndSwap":   {func() { in.CompareAndSwap(1, 2, 3) }, false},
		"CompareAndDelete": {func() { in.CompareAndDelete(1, 2) }, true},
		"Compute":          {func() { in.Compute(1, nil) }, false},
		"Increment":        {func() { in.Increment(1) }, false},
	} {
		if c.call(); negative != c.alias {
			t.Errorf("%s is called with -0: %v; want %v", method, negative, c.alias)
		}
	}
}

// An instance that is renewed has a fresh map, and forgets what was foreign; so do
// the methods that one goroutine has for itself.
func TestRenew(t *testing.T) {
	in := (&Adapt("m", Int(), Array4(), behindMutex[int, [4]int], Contract{}).Variants[0]).New()
	own := in.Own()
	in.Store(1, 7)
	if v, ok := own.Load(1); v != 7 || !ok {
		t.Errorf("an own Load gives %d, %v; want 7, as the map is the same", v, ok)
	}
	old := in.Foreign()
	in.Renew()
	for name, m := range map[string]*Map[uint64, uint64]{"shared": &in.Map, "own": &own} {
		if got := contents(m); len(got) > 0 || m.Len() > 0 {
			t.Errorf("a renewed map holds %v, by its %s methods", got, name)
		}
	}
	own.Store(2, 8)
	if v, ok := in.Load(2); v != 8 || !ok {
		t.Errorf("Load gives %d, %v; want 8, as the map is the same", v, ok)
	}
	if len(old) > 0 || len(in.Foreign()) > 0 {
		t.Errorf("foreign: %q, then %q", old, in.Foreign())
	}
}

func TestRenewForgetsForeign(t *testing.T) {
	in := instance(Map[int, [4]int]{Load: func(int) ([4]int, bool) { return torn, true }})
	for range 2 {
		in.Renew()
		if seen := in.Foreign(); len(seen) != 0 {
			t.Errorf("a renewed instance has seen %q", seen)
		}
		in.Load(1)
		if seen := in.Foreign(); len(seen) != 1 {
			t.Errorf("foreign: %q; want one", seen)
		}
	}
}

func TestRenewAllocatesNothing(t *testing.T) {
	m := behindMutex[int, int]()
	in := (&Adapt("m", Int(), Int(), func() Map[int, int] { return m }, Contract{}).Variants[0]).New()
	if n := testing.AllocsPerRun(100, in.Renew); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
