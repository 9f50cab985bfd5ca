package serve

import (
	"bytes"
	"os"
	"runtime/metrics"
	"strconv"
)

// mapped is the address space that maps have taken beside Go's heap, by mmap or malloc. No collection
// gives it back, and one that is dropped, without a Close, mostly leaves it behind: in a program
// that has one map for long that is no bug, and here, with thousands of maps, it comes to an end.
type mapped struct {
	heap       [1]metrics.Sample // what the runtime has mapped, in bytes
	before     uint64            // bytes of others when it was first looked
	seen       uint64            // bytes that came since then
	runs, left int               // since it was last looked, and until it is looked again
}

const (
	// mostMapped is how many bytes are enough: a quarter of what a child may have.
	mostMapped = 2 << 30
	// lookEvery is after how many runs at most it is looked.
	lookEvery = 256
)

func newMapped() *mapped {
	m := &mapped{left: 1}
	m.heap[0].Name = "/memory/classes/total:bytes"
	m.before = m.look()
	return m
}

// look returns the size of the address space that is not the runtime's; 0 where the system does not
// tell as Linux does.
func (m *mapped) look() uint64 {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	size, _, _ := bytes.Cut(statm, []byte(" "))
	pages, err := strconv.ParseUint(string(size), 10, 64)
	if err != nil {
		return 0
	}
	metrics.Read(m.heap[:])
	all := pages * uint64(os.Getpagesize())
	return all - min(m.heap[0].Value.Uint64(), all)
}

// tooMuch is called after each run, and reports whether the process had better be replaced.
func (m *mapped) tooMuch() bool {
	m.runs++
	if m.left--; m.left > 0 {
		return false
	}
	now := m.look()
	now -= min(m.before, now)
	each := (now-min(m.seen, now))/uint64(m.runs) + 1
	m.seen = now
	m.runs, m.left = 0, int(min(max((mostMapped-min(now, mostMapped))/each, 1), lookEvery))
	return now >= mostMapped
}
