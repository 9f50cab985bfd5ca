package controlled

import (
	"sync/atomic"
	"unsafe"

	"github.com/mapstress/mapstress/scheduler/strategy"
)

// A Record has the decisions of the run under way in memory that may outlive the process.
//
// One goroutine at a time adds to it; others read it once the process has ended.
type Record struct {
	count *uint64
	bytes []byte
}

// NewRecord makes a record over words, of which there must be two at least. It has room for
// eight decisions a word, but the first.
func NewRecord(words []uint64) *Record {
	rest := words[1:]
	return &Record{&words[0], unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(rest))), 8*len(rest))}
}

func (r *Record) reset() { atomic.StoreUint64(r.count, 0) }

// add adds one decision, unless there is no more room, or it is for a worker that no byte
// can name: then the record ends there, and so does a replay of it.
func (r *Record) add(id int) {
	n := *r.count
	if n < uint64(len(r.bytes)) && id < 256 {
		r.bytes[n] = byte(id)
		atomic.StoreUint64(r.count, n+1)
	}
}

// Decisions returns what was recorded.
func (r *Record) Decisions() (d strategy.Decisions) {
	for _, b := range r.bytes[:min(atomic.LoadUint64(r.count), uint64(len(r.bytes)))] {
		d = append(d, int(b))
	}
	return d
}
