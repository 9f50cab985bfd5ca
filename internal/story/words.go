package story

import (
	"fmt"
	"strconv"

	"github.com/mapstress/mapstress/oracle"
)

// Title names a verdict: "silent-corruption: lost-key".
func Title(v oracle.Verdict) string {
	if v.Rule == "" {
		return v.Class.String()
	}
	return v.Class.String() + ": " + v.Rule
}

// Count writes a number for people: 999, 12,345, 3.1 M.
func Count(n uint64) string {
	switch {
	case n >= 10_000_000:
		return fmt.Sprintf("%.0f M", float64(n)/1e6)
	case n >= 1_000_000:
		return fmt.Sprintf("%.1f M", float64(n)/1e6)
	case n >= 1_000:
		return fmt.Sprintf("%d,%03d", n/1000, n%1000)
	}
	return strconv.FormatUint(n, 10)
}

// Percent writes a share: 41 %, 3.2 %, 0.0012 %.
func Percent(part, whole uint64) string {
	if whole == 0 {
		return "0 %"
	}
	share := 100 * float64(part) / float64(whole)
	switch {
	case share == 0:
		return "0 %"
	case share >= 10:
		return fmt.Sprintf("%.0f %%", share)
	case share >= 0.1:
		return fmt.Sprintf("%.1f %%", share)
	}
	return fmt.Sprintf("%.2g %%", share)
}

// Plural writes a number with its noun: 1 worker, 2 workers, 1,024 workers.
func Plural[N int | uint64](n N, word string) string {
	return Count(uint64(n)) + " " + Noun(uint64(n), word)
}

// Noun returns the noun in the number that n takes.
func Noun(n uint64, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}
