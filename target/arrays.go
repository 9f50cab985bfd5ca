package target

import (
	"encoding/binary"
	"slices"
	"strconv"
)

// Array4 is the codec of [4]int, all of which hold the code. Maps store it in
// place.
func Array4() Codec[[4]int] {
	return Codec[[4]int]{
		Name:     "[4]int",
		Encode:   func(code uint64) (a [4]int) { fill(a[:], code); return a },
		Decode:   func(a [4]int) (uint64, bool) { return decodeWords(a[:]) },
		Describe: func(a [4]int, letter byte) string { return describeWords(a[:], letter) },
	}
}

// KiB2 is the codec of 2 KiB arrays that hold the code throughout. Arrays of more
// than 128 bytes are stored behind a pointer by the built-in map and copied
// word by word: the bigger, the easier torn.
func KiB2() Codec[[256]int] {
	return Codec[[256]int]{
		Name:     "2KiB",
		Costly:   true,
		Encode:   func(code uint64) (a [256]int) { fill(a[:], code); return a },
		Decode:   func(a [256]int) (uint64, bool) { return decodeWords(a[:]) },
		Describe: func(a [256]int, letter byte) string { return describeWords(a[:], letter) },
	}
}

func fill(words []int, code uint64) {
	for i := range words {
		words[i] = int(code)
	}
}

func decodeWords(words []int) (uint64, bool) {
	for _, w := range words[1:] {
		if w != words[0] {
			return 0, false
		}
	}
	return uint64(words[0]), words[0] >= 0 && words[0] <= maxCode
}

// describeWords tells whose the bytes are: "v7 in bytes 0-63, v9 in bytes 64-2047".
func describeWords(words []int, letter byte) string {
	var codes []uint64
	for _, w := range words {
		if w >= 0 && w <= maxCode && !slices.Contains(codes, uint64(w)) {
			codes = append(codes, uint64(w))
		}
	}
	return whose(bytesOf(words), letter, codes, func(code uint64) string {
		whole := make([]int, len(words))
		fill(whole, code)
		return bytesOf(whole)
	})
}

// bytesOf returns the words as they are in memory.
func bytesOf(words []int) string {
	var b []byte
	for _, w := range words {
		if strconv.IntSize == 64 {
			b = binary.NativeEndian.AppendUint64(b, uint64(w))
		} else {
			b = binary.NativeEndian.AppendUint32(b, uint32(w))
		}
	}
	return string(b)
}
