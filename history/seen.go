package history

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Seen is which kinds of meeting runs have shown: a set of fixed size, so that it
// can lie in shared memory. Its members are
//
//   - pairs of kinds whose ops overlapped,
//   - pairs of kinds, of which an op of the first took the map across a boundary
//     while it overlapped one of the second,
//   - reads: the kind that read, the kind that had written what it read (or the
//     prefill, or nobody), and whether the two, and growth, were concurrent.
//
// It has nothing of keys, values or schedules, so it fills up for every target
// alike, and what is new in it is new for the target.
type Seen [SeenWords]uint64

// SeenWords is how many words a Seen has.
const SeenWords = (2*pairBits + readBits) / 64

const (
	kindBits = 4 // a kind, or 0
	pairBits = 1 << (2 * kindBits)
	readBits = 1 << (2*kindBits + 2)

	fromNobody  = 0         // the writer of a key that was absent
	fromPrefill = int(Load) // the writer of a value that no op of the run wrote: a Load writes none
)

// All kinds fit, or this does not compile.
var _ [1<<kindBits - kinds]struct{}

func (s *Seen) set(bit int) { s[bit/64] |= 1 << (bit % 64) }

func (s *Seen) has(bit int) bool { return s[bit/64]&(1<<(bit%64)) != 0 }

// pair is the bit of two kinds that overlap, in either order.
func pair(a, b Kind) int { return int(min(a, b))<<kindBits | int(max(a, b)) }

// growthPair is the bit of a kind that grew the map while another was under way.
func growthPair(grew, other Kind) int { return pairBits + (int(grew)<<kindBits | int(other)) }

// read is the bit of a read.
func read(reader Kind, writer int, overlapped, growing bool) int {
	bit := int(reader)<<kindBits | writer
	if overlapped {
		bit |= 1 << (2 * kindBits)
	}
	if growing {
		bit |= 1 << (2*kindBits + 1)
	}
	return 2*pairBits + bit
}

// Add adds what t has, and returns how much of that was new.
func (s *Seen) Add(t *Seen) (fresh int) {
	for i := range s {
		fresh += bits.OnesCount64(t[i] &^ s[i])
		s[i] |= t[i]
	}
	return fresh
}

// Pairs counts the pairs of those kinds that were seen overlapping, and how many
// there are. A kind makes a pair with itself, too.
func (s *Seen) Pairs(kinds []Kind) (seen, all int) {
	for i, a := range kinds {
		for _, b := range kinds[:i+1] {
			all++
			if s.has(pair(a, b)) {
				seen++
			}
		}
	}
	return seen, all
}

// MarshalText implements encoding.TextMarshaler: all words, the low byte of each
// first, in base 64.
func (s Seen) MarshalText() ([]byte, error) {
	var b []byte
	for _, word := range s {
		b = binary.LittleEndian.AppendUint64(b, word)
	}
	return base64.StdEncoding.AppendEncode(nil, b), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Seen) UnmarshalText(text []byte) error {
	b, err := base64.StdEncoding.DecodeString(string(text))
	if err != nil || len(b) != 8*SeenWords {
		return fmt.Errorf("%q is not a set of meetings; want %d bytes in base 64", cut(string(text)), 8*SeenWords)
	}
	for i := range s {
		s[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
	return nil
}
