// Package nearest finds the name that somebody may have meant.
package nearest

import (
	"fmt"
	"strings"
)

// Hint asks whether somebody meant the name that is nearest to a word: `did you mean "sync.Map"? `,
// with a space after it; "" if none is near.
func Hint(word string, names []string) string {
	if name := Name(word, names); name != "" {
		return fmt.Sprintf("did you mean %q? ", name)
	}
	return ""
}

// Name returns the name that begins with the word, or else the one with the
// fewest edits to it, the first of equals; "" if that would be half of its letters or more.
func Name(word string, names []string) string {
	best, distance := "", -1
	for _, name := range names {
		d := edits(word, name)
		if word != "" && strings.HasPrefix(name, word) {
			d = 0
		}
		if 2*d < max(len(word), len(name)) && (distance < 0 || d < distance) {
			best, distance = name, d
		}
	}
	return best
}

// edits counts the letters to insert, delete or replace between a and b
// (Levenshtein's distance).
func edits(a, b string) int {
	row := make([]int, len(b)+1) // row[j]: between a[:i] and b[:j]
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
