package target

import "testing"

func TestIncrement(t *testing.T) {
	own := 0
	m := behindMutex[int, int]()
	compute := &Adapt("m", Int(), Int(), func() Map[int, int] { return m }, Contract{}).Variants[0]
	in := compute.New()
	in.Increment(5)
	in.Increment(5)
	if v, ok := in.Load(5); v != 2 || !ok {
		t.Errorf("after two increments by Compute: %d, %v", v, ok)
	}
	m.Increment = func(int) { own++ }
	in = compute.New()
	in.Increment(5)
	if v, _ := in.Load(5); v != 2 || own != 1 {
		t.Errorf("the map's own Increment was called %d times, and the value is %d; want 1 and 2", own, v)
	}
}

// Without Increment and Compute, the loop that programs write serves: it must not
// give up when others come in between.
func TestIncrementBySwapping(t *testing.T) {
	full := behindMutex[int, int]()
	between := 3 // how often somebody else is first
	in := (&Adapt("m", Int(), Int(), func() Map[int, int] {
		return Map[int, int]{
			Load: full.Load,
			LoadOrStore: func(k, v int) (int, bool) {
				if between > 0 {
					between--
					full.Store(k, 100)
					full.LoadAndDelete(k)
					return 100, true
				}
				return full.LoadOrStore(k, v)
			},
			CompareAndSwap: func(k, old, new int) bool {
				if between > 0 {
					between--
					full.Swap(k, old+10)
				}
				return full.CompareAndSwap(k, old, new)
			},
		}
	}, Contract{}).Variants[0]).New()
	in.Increment(5)
	if v, ok := in.Load(5); v != 1 || !ok || between != 0 {
		t.Errorf("after one increment of an absent key: %d, %v", v, ok)
	}
	between = 3
	in.Increment(5)
	if v, _ := in.Load(5); v != 32 || between != 0 {
		t.Errorf("after one more, and 30 by others: %d; want 32", v)
	}
}

// A foreign value cannot be swapped for anything: the increment gives up, and the
// value is in the report.
func TestIncrementOfForeign(t *testing.T) {
	in := instance(Map[int, [4]int]{
		Load:           func(int) ([4]int, bool) { return torn, true },
		LoadOrStore:    func(int, [4]int) ([4]int, bool) { return torn, true },
		CompareAndSwap: func(int, [4]int, [4]int) bool { return false },
	})
	in.Increment(1)
	if len(in.Foreign()) != 1 {
		t.Errorf("Foreign gives %q; want the torn value", in.Foreign())
	}
}
