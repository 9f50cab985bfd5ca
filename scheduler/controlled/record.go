package controlled

import (
	"strings"
	"sync/atomic"
	"unsafe"

	"github.com/mapstress/mapstress/scheduler/strategy"
)

// A Record has the decisions of the run under way in memory that may outlive the process.
//
// One goroutine at a time adds to it; others read it once the process has ended.
type Record struct {
	count, noted *uint64
	notes        []byte // the racing places, a line each
	bytes        []byte // a decision each
}

// MinRecord is how many words a record takes at least. It has room for eight decisions in
// each word beyond.
const MinRecord = 2 + noteWords

const noteWords = 1 << 12

// NewRecord makes a record over words, of which there must be MinRecord at least.
func NewRecord(words []uint64) *Record {
	rest := words[2:]
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(rest))), 8*len(rest))
	return &Record{&words[0], &words[1], bytes[:8*noteWords], bytes[8*noteWords:]}
}

// note keeps the racing places, as long as there is room for them.
func (r *Record) note(racing []string) {
	atomic.StoreUint64(r.noted, 0)
	n := copy(r.notes, strings.Join(racing, "\n"))
	atomic.StoreUint64(r.noted, uint64(n))
}

// Racing returns the racing places that were noted.
func (r *Record) Racing() []string {
	text := string(r.notes[:min(atomic.LoadUint64(r.noted), uint64(len(r.notes)))])
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
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
