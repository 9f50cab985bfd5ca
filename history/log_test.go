package history

import "testing"

func TestLog(t *testing.T) {
	l := NewLog(make([]uint64, LogWords(3)))
	if l.Len() != 0 {
		t.Fatalf("a new log has %d ops", l.Len())
	}
	l.Begin(0, 10)
	l.Called(0)
	l.End(0, 20, 7, true)
	l.Begin(1, 30)
	l.Called(1)
	l.Called(1)
	l.End(1, 40, 0, false)
	l.Begin(2, 50)
	l.Called(2)
	if l.Len() != 3 {
		t.Fatalf("got %d ops, want 3", l.Len())
	}
	for i, want := range []Event{
		{Inv: 10, Ret: 20, Out: 7, OK: true, Calls: 1},
		{Inv: 30, Ret: 40, Calls: 2},
		{Inv: 50, Ret: Pending},
	} {
		var e Event
		if l.Event(i, &e); e != want {
			t.Errorf("event %d: got %+v, want %+v", i, e, want)
		}
	}
	l.Reset(7)
	if l.Len() != 0 || l.Run() != 7 {
		t.Errorf("a log that was reset for run 7 has %d ops of run %d", l.Len(), l.Run())
	}
	l.Begin(0, 60)
	l.End(0, 70, 0, false)
	var e Event
	if l.Event(0, &e); e != (Event{Inv: 60, Ret: 70}) {
		t.Errorf("an event in a reset log: %+v", e)
	}
}

// A log in shared memory is read after its process died, and is read safely even
// if the dying process wrote over the count.
func TestLogDamagedCount(t *testing.T) {
	words := make([]uint64, LogWords(3))
	l := NewLog(words)
	for _, count := range []uint64{3, 4, 5, 1 << 40, 1<<64 - 1} {
		words[0] = count
		n := l.Len()
		if n < 3 || n > 4 { // there is room for a fourth, up to the cache line's end
			t.Errorf("count %d: %d ops", count, n)
		}
		for i := 0; i < n; i++ {
			l.Event(i, new(Event)) // must not panic
		}
	}
}

func TestLogWords(t *testing.T) {
	for ops := 0; ops < 100; ops++ {
		words := LogWords(ops)
		if words%8 != 0 {
			t.Errorf("%d ops: %d words are no whole cache lines", ops, words)
		}
		l := NewLog(make([]uint64, words))
		for i := 0; i < ops; i++ {
			l.Begin(i, 1)
		}
		if l.Len() != ops {
			t.Errorf("%d ops: the log has %d", ops, l.Len())
		}
	}
}

func TestClock(t *testing.T) {
	atomic, monotonic := NewClock(true), NewClock(false)
	if a, b := atomic.Now(), atomic.Now(); a != 1 || b != 2 {
		t.Errorf("atomic stamps %d, %d; want 1, 2", a, b)
	}
	if a, b := monotonic.Now(), monotonic.Now(); a < 0 || b < a {
		t.Errorf("monotonic stamps %d, %d", a, b)
	}
}
