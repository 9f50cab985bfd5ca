package machine

import "testing"

// count makes every run, and counts them and their traces.
func count(p *Program) (runs int, traces map[uint64]int, r Result) {
	traces = map[uint64]int{}
	All(&Machine{Program: p, Traced: true}, func(one Result) bool {
		runs++
		traces[one.Trace]++
		r.Failed = r.Failed || one.Failed
		r.Deadlock = r.Deadlock || one.Deadlock
		return true
	})
	return runs, traces, r
}

// What is known of small programs by counting on paper.
func TestAll(t *testing.T) {
	reader, writer := []Instr{Load(0)}, []Instr{Set(1), Store(0)}
	locked := []Instr{Lock(0), Load(1), Plus(1), Store(1), Unlock(0)}
	increment := []Instr{Load(0), Plus(1), Store(0)}
	seesOne := []Instr{Load(0), FailIf(1)}
	for _, c := range []struct {
		name             string
		p                *Program
		runs, traces     int
		failed, deadlock bool
	}{
		{"nothing shared", New(Times(3, Store(0)), Times(3, Store(1))), 20, 1, false, false},
		{"reads only", New(reader, reader, reader), 6, 1, false, false},
		{"one race", New(reader, writer), 2, 2, false, false},
		{"a reader each side", New(reader, reader, writer), 6, 4, false, false},
		{"writers", New(Times(2, Store(0)), Times(2, Store(0))), 6, 6, false, false},
		{"increments", New(increment, increment), 6, 4, false, false},
		{"ranges", New([]Instr{StoreRange(0, 3)}, []Instr{Load(2)}, []Instr{Load(3)}), 6, 2, false, false},
		{"lock", New(locked, locked), 2, 2, false, false},
		{"lock order", New(Code([]Instr{Lock(0), Lock(1), Unlock(1), Unlock(0)}), Code([]Instr{Lock(1), Lock(0), Unlock(0), Unlock(1)})), 6, 3, false, true},
		{"failure", New(writer, seesOne), 2, 2, true, false},
		{"calls", New([]Instr{Call(), Return()}, []Instr{Call(), Return()}), 6, 3, false, false},
		{"hand-over", New([]Instr{Acquire(0), Load(1)}, []Instr{Release(0)}), 2, 2, false, false},
		{"never handed over", New([]Instr{Acquire(0)}, []Instr{Load(1)}), 2, 1, false, true},
		{"spawn", &Program{Codes: [][]Instr{{Spawn(), Set(1), Store(0)}, {Load(0), FailIf(1)}}, Workers: 1}, 2, 2, true, false},
		{"jump", New([]Instr{Load(0), If(0, 3), FailIf(7), Load(1)}, writer), 3, 2, false, false},
	} {
		runs, traces, r := count(c.p)
		if runs != c.runs || len(traces) != c.traces || r.Failed != c.failed || r.Deadlock != c.deadlock {
			t.Errorf("%s: %d runs, %d traces, failed %v, deadlock %v; want %d, %d, %v, %v",
				c.name, runs, len(traces), r.Failed, r.Deadlock, c.runs, c.traces, c.failed, c.deadlock)
		}
	}
}
