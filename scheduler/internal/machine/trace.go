package machine

import "github.com/mapstress/mapstress/scheduler/strategy"

// An event is a step that was done.
type event struct {
	worker int
	p      strategy.Point
	after  []uint64 // bit i of it all: event i comes before
}

// An edge says that what a worker does after an event comes after it.
type edge struct{ event, other int }

// trace hashes the partial order of the events: which of them come before which. It is
// written to be plainly right, not fast.
func (m *Machine) trace() (sum uint64) {
	n := (len(m.events) + 63) / 64
	index := make([]int, len(m.pc))
	number := make([]uint64, len(m.events)) // the same for an event in whichever run
	for k := range m.events {
		e := &m.events[k]
		e.after = make([]uint64, n)
		hash := uint64(0)
		number[k] = mix(uint64(e.worker)<<32 | uint64(index[e.worker]))
		index[e.worker]++
		for j := range k {
			o := &m.events[j]
			if o.worker == e.worker || o.p.Conflicts(e.p) || m.edge(j, k) {
				e.after[j/64] |= 1 << (j % 64)
				for i, bits := range o.after {
					e.after[i] |= bits
				}
			}
		}
		for j := range k {
			if e.after[j/64]&(1<<(j%64)) != 0 {
				hash += mix(number[j])
			}
		}
		sum += mix(number[k] ^ mix(hash))
	}
	return sum
}

func (m *Machine) edge(j, k int) bool {
	for _, e := range m.edges {
		if e.event == j && e.other == m.events[k].worker {
			return true
		}
	}
	return false
}

// outcome hashes what is left in the end.
func (m *Machine) outcome() (sum uint64) {
	for _, values := range [][]int{m.memory, m.register, m.pc} {
		for _, v := range values {
			sum = mix(sum ^ uint64(v))
		}
	}
	return sum
}

// mix is the finalizer of SplitMix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
