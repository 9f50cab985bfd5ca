package target

import (
	"fmt"
	"strings"
)

// whose tells which bytes of torn memory are whose: "v7 in bytes 0-62, v9 in
// bytes 63-255". It tries the codes, whose memory encode returns; bytes that are
// none of theirs it quotes. Bytes that two codes have in common count for the one
// that goes on longer.
func whose(torn string, letter byte, codes []uint64, encode func(code uint64) string) string {
	whole := make([]string, len(codes))
	for i, code := range codes {
		whole[i] = encode(code)
	}
	const most = 160 // bytes of text, and one part more
	var b strings.Builder
	for from := 0; from < len(torn); {
		if from > 0 {
			b.WriteString(", ")
		}
		if b.Len() > most {
			b.WriteString("...")
			break
		}
		owner, to := longest(torn, whole, from)
		if owner >= 0 {
			fmt.Fprintf(&b, "%c%d", letter, codes[owner])
		} else {
			for to = from + 1; to < len(torn); to++ {
				if _, end := longest(torn, whole, to); end-to > 1 { // a single byte fits by chance
					break
				}
			}
			fmt.Fprintf(&b, "%.20q", torn[from:to])
		}
		b.WriteString(inBytes(from, to))
		from = to
	}
	return b.String()
}

// longest returns which of the candidates agrees with torn the longest from a
// byte on, and up to which; -1 if none does.
func longest(torn string, candidates []string, from int) (owner, to int) {
	owner, to = -1, from
	for i, c := range candidates {
		n := from
		for n < len(torn) && n < len(c) && torn[n] == c[n] {
			n++
		}
		if n > to {
			owner, to = i, n
		}
	}
	return owner, to
}

// inBytes says where something is: from a byte to the one before another.
func inBytes(from, to int) string {
	if to-from == 1 {
		return fmt.Sprintf(" in byte %d", from)
	}
	return fmt.Sprintf(" in bytes %d-%d", from, to-1)
}
