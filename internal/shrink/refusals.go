package shrink

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Refusals are hashes of schedules that were refused, in the order in which they
// were.
type refusals []string

// hash tells schedules apart: of 500 candidates two share one once in 30,000.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:4])
}

func (r *refusals) add(text string) {
	if h := hash(text); !slices.Contains(*r, h) {
		*r = append(*r, h)
	}
}

// String is what parseRefusals reads.
func (r refusals) String() string { return strings.Join(r, " ") }

// parseRefusals reads the hashes; words that are none refuse nothing.
func parseRefusals(text string) map[string]bool {
	all := map[string]bool{}
	for _, h := range strings.Fields(text) {
		all[h] = true
	}
	return all
}
