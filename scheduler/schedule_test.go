package scheduler_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
)

func TestValidate(t *testing.T) {
	load := history.Op{Kind: history.Load, Key: 1}
	for _, test := range []struct {
		want   string // what the error begins with; empty: it is valid
		change func(*scheduler.Schedule)
	}{
		{"", func(*scheduler.Schedule) {}},
		{"", func(s *scheduler.Schedule) { s.Workers = append(s.Workers, nil) }},
		{"", func(s *scheduler.Schedule) { s.Workers = slices.Repeat(s.Workers, scheduler.MaxWorkers) }},
		{"", func(s *scheduler.Schedule) { s.Prefill = scheduler.MaxPrefill }},
		{"", func(s *scheduler.Schedule) {
			s.Timing = scheduler.Timing{Start: scheduler.Spin, Procs: scheduler.MaxProcs, Gosched: 100, Spin: scheduler.MaxSpin}
		}},
		{"0 workers", func(s *scheduler.Schedule) { s.Workers = nil }},
		{"65 workers", func(s *scheduler.Schedule) { s.Workers = slices.Repeat(s.Workers, 65) }},
		{"0 ops", func(s *scheduler.Schedule) { s.Workers = [][]history.Op{nil, {}} }},
		{"1048577 ops", func(s *scheduler.Schedule) { s.Workers[0] = make([]history.Op, scheduler.MaxOps+1) }},
		{"prefill of -1", func(s *scheduler.Schedule) { s.Prefill = -1 }},
		{"prefill of 1048577", func(s *scheduler.Schedule) { s.Prefill = scheduler.MaxPrefill + 1 }},
		{"start=start(3); want one of ", func(s *scheduler.Schedule) { s.Timing.Start = 3 }},
		{"procs=-1", func(s *scheduler.Schedule) { s.Timing.Procs = -1 }},
		{"procs=257", func(s *scheduler.Schedule) { s.Timing.Procs = 257 }},
		{"gosched=-1", func(s *scheduler.Schedule) { s.Timing.Gosched = -1 }},
		{"gosched=101", func(s *scheduler.Schedule) { s.Timing.Gosched = 101 }},
		{"", func(s *scheduler.Schedule) {
			s.Timing = scheduler.Timing{Lock: true, GC: true, NoPreempt: true, Stalled: 1}
		}},
		{"stalled=w1; want one of the workers, w0 to w0", func(s *scheduler.Schedule) { s.Timing.Stalled = 2 }},
		{"stalled=w-2", func(s *scheduler.Schedule) { s.Timing.Stalled = -1 }},
		{"spin=-1", func(s *scheduler.Schedule) { s.Timing.Spin = -1 }},
		{"spin=1048577", func(s *scheduler.Schedule) { s.Timing.Spin = scheduler.MaxSpin + 1 }},
	} {
		s := &scheduler.Schedule{Workers: [][]history.Op{{load}}}
		test.change(s)
		switch err := s.Validate(); {
		case test.want == "" && err != nil:
			t.Errorf("a valid schedule gives %v", err)
		case test.want != "" && (err == nil || !strings.HasPrefix(err.Error(), test.want)):
			t.Errorf("got %v; want %q", err, test.want)
		}
	}
}

func TestKeys(t *testing.T) {
	s := parse(t, "prefill 2\nw0 store k9 v1\nw0 len\nw1 load k2\nw1 delete k0\nw1 load k9")
	if got, want := s.Keys(), []uint64{0, 1, 2, 9}; !slices.Equal(got, want) {
		t.Errorf("keys %d; want %d", got, want)
	}
	if got, want := s.Entries(), []history.Entry{{Key: 1, Value: 1}, {Key: 2, Value: 2}}; !slices.Equal(got, want) {
		t.Errorf("entries %d; want %d", got, want)
	}
	if got := s.Ops(); got != 5 {
		t.Errorf("%d ops; want 5", got)
	}
}

func TestSequential(t *testing.T) {
	s := parse(t, "prefill 2\ntiming lock=1 stalled=w1\nw0 load k1\nw0 load k2\nw1 load k3\nw2 idle\nw3 load k4")
	before := s.Text()
	keys := func(s *scheduler.Schedule) (keys []uint64) {
		if len(s.Workers) != 1 || s.Prefill != 2 {
			t.Errorf("%d workers and prefill %d; want 1 and 2", len(s.Workers), s.Prefill)
		}
		if err := s.Validate(); err != nil || !s.Timing.Lock {
			t.Errorf("timing %+v: %v; want it valid, and locked as it was", s.Timing, err)
		}
		for _, op := range s.Workers[0] {
			keys = append(keys, op.Key)
		}
		return keys
	}
	if got, want := keys(s.Sequential(nil)), []uint64{1, 2, 3, 4}; !slices.Equal(got, want) {
		t.Errorf("one after the other: %d; want %d", got, want)
	}
	order := []scheduler.Position{{Worker: 3}, {Worker: 0}, {Worker: 1}, {Worker: 0, Op: 1}}
	if got, want := keys(s.Sequential(order)), []uint64{4, 1, 3, 2}; !slices.Equal(got, want) {
		t.Errorf("as ordered: %d; want %d", got, want)
	}
	if s.Text() != before {
		t.Error("the schedule was changed")
	}
}

func TestClone(t *testing.T) {
	s := parse(t, "shape string/int\nprefill 2\ntiming spin=7\nw0 load k1\nw1 load k3")
	before := s.Text()
	c := s.Clone()
	if !reflect.DeepEqual(c, s) {
		t.Errorf("cloned as\n%s\nwant\n%s", c.Text(), before)
	}
	c.Workers[0][0].Key = 5
	c.Workers[1] = append(c.Workers[1][:0], history.Op{Kind: history.Clear})
	c.Workers = append(c.Workers[:1], nil)
	c.Prefill = 9
	if s.Text() != before {
		t.Errorf("the clone's changes show:\n%s", s.Text())
	}
}

func TestLogs(t *testing.T) {
	s := parse(t, "w0 load k1\nw0 load k2\nw1 idle\nw2 load k3")
	logs := scheduler.NewLogs(s, make([]uint64, scheduler.LogWords(s)))
	for w := range logs.Workers { // all that fits is written, and none into another's
		for i := range s.Workers[w] {
			logs.Workers[w].Begin(i, int64(10*w+i))
		}
	}
	for w := range logs.Workers {
		if got, want := logs.Workers[w].Len(), len(s.Workers[w]); got != want {
			t.Errorf("log of w%d has %d; want %d", w, got, want)
		}
		for i := range s.Workers[w] {
			var e history.Event
			if logs.Workers[w].Event(i, &e); e.Inv != int64(10*w+i) {
				t.Errorf("log of w%d has op %d at %d; want %d", w, i, e.Inv, 10*w+i)
			}
		}
	}
}

// What a run left behind that never ended: calls that returned, calls that did
// not, and calls that were never made.
func TestPartial(t *testing.T) {
	s := parse(t, "prefill 1\nw0 store k1 v2\nw0 load k1\nw0 load k2\nw1 range\nw1 load k3")
	logs := scheduler.NewLogs(s, make([]uint64, scheduler.LogWords(s)))
	logs.Workers[0].Begin(0, 10)
	logs.Workers[0].End(0, 20, 0, false)
	logs.Workers[0].Begin(1, 30)
	logs.Workers[0].End(1, 40, 2, true)
	logs.Workers[1].Begin(0, 10)
	logs.Workers[1].End(0, 35, 0, false)
	logs.Workers[1].Begin(1, 36)
	got := scheduler.Partial(s, logs)
	want := &history.History{Prefill: s.Entries(), Events: []history.Event{
		{Op: s.Workers[0][0], Worker: 0, Inv: 10, Ret: 20},
		{Op: s.Workers[1][0], Worker: 1, Inv: 10, Ret: 35},
		{Op: s.Workers[0][1], Worker: 0, Inv: 30, Ret: 40, Out: 2, OK: true},
		{Op: s.Workers[1][1], Worker: 1, Inv: 36, Ret: history.Pending},
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", history.Text(got), history.Text(want))
	}
}
