package target

import "encoding/binary"

// Bytes256 is the codec of 256-byte arrays in which nearly every byte tells its
// code: two codes that differ in their low 8 bits differ in every byte, two that
// do not, in one of 4 at least. What a byte is also depends on where it is, so a
// copy that went to another place is seen.
func Bytes256() Codec[[256]byte] {
	return Codec[[256]byte]{
		Name:     "256B",
		Costly:   true,
		Encode:   encodeBytes,
		Decode:   decodeBytes,
		Describe: describeBytes,
	}
}

// mask is what the pattern of a code is XORed with in the i'th 8 bytes: odd
// multiples of the golden ratio, as good as random.
func mask(i int) uint64 { return uint64(2*i+1) * 0x9e3779b97f4a7c15 }

// pattern spreads a code over 4 bytes, and unpattern is its inverse: the low byte
// of the code in all of them, in three of them XORed with the other bytes, which
// a multiplication mixes.
func pattern(code uint32) uint32 {
	return (code&0xff)*0x01010101 ^ (code>>8*factor)<<8
}

func unpattern(p uint32) uint32 {
	low := p & 0xff
	high := (p ^ low*0x01010101) >> 8
	return (high*inverse)<<8 | low
}

const (
	factor  = 0x5bd1e5
	inverse = 0xd503ed // factor*inverse is 1, modulo 1<<24
)

func encodeBytes(code uint64) (a [256]byte) {
	p := uint64(pattern(uint32(code)))
	for i := range len(a) / 8 {
		binary.LittleEndian.PutUint64(a[8*i:], (p<<32|p)^mask(i))
	}
	return a
}

func decodeBytes(a [256]byte) (uint64, bool) {
	first := binary.LittleEndian.Uint64(a[:]) ^ mask(0)
	for i := 1; i < len(a)/8; i++ {
		if binary.LittleEndian.Uint64(a[8*i:])^mask(i) != first {
			return 0, false
		}
	}
	code := uint64(unpattern(uint32(first)))
	return code, first>>32 == first&0xffffffff && code <= maxCode
}

// describeBytes tries the codes that are whole somewhere in 4 bytes. Any 4 bytes
// are some code, so one that is there once must also be a likely one.
func describeBytes(a [256]byte, letter byte) string {
	const likely = 1 << 20
	found := map[uint64]int{}
	var codes []uint64
	for i := 0; i < len(a); i += 4 {
		word := binary.LittleEndian.Uint32(a[i:]) ^ uint32(mask(i/8)>>(i%8*8))
		code := uint64(unpattern(word))
		found[code]++
		if found[code] == 1 && code < likely || found[code] == 2 && code >= likely {
			codes = append(codes, code)
		}
	}
	return whose(string(a[:]), letter, codes, func(code uint64) string {
		whole := encodeBytes(code)
		return string(whole[:])
	})
}
