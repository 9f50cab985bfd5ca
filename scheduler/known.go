package scheduler

import (
	"go/version"
	"strings"

	"github.com/mapstress/mapstress/history"
)

// KnownBoundaries returns the sizes below limit at which the built-in map of a
// toolchain grows, from its sources; a probe sees the same, unless something in
// the process is in its way. The version is as runtime.Version gives it. False
// means that the version is not known.
//
// The Swiss map, from Go 1.24 on, is one group of 8 slots and then a table of
// which 7/8 are filled, up to 1024 slots; beyond that it splits into tables that
// grow each for itself, at sizes that its random hash decides. The classic map
// has buckets of 8, of which there are twice as many each time 6.5 of each are
// filled. Neither ever shrinks.
func KnownBoundaries(goVersion string, limit int) (history.Boundaries, bool) {
	language, experiments, ok := parseVersion(goVersion)
	if !ok {
		return history.Boundaries{}, false
	}
	up, largest := []int{8}, 7*1024/8
	size := 14
	if version.Compare(language, "go1.24") < 0 || strings.Contains(experiments, "noswissmap") {
		size, largest = 13, limit
	}
	for ; size <= largest; size *= 2 {
		up = append(up, size)
	}
	for len(up) > 0 && up[len(up)-1] >= limit {
		up = up[:len(up)-1]
	}
	return history.Boundaries{Up: up}, true
}

// parseVersion reads "go1.26.8", "go1.24.1 X:noswissmap", as later ones have it
// "go1.25.3-X:noswissmap", and "devel go1.27-0123abc Mon Jan 5", as far as the language goes.
func parseVersion(goVersion string) (language, experiments string, ok bool) {
	for _, word := range strings.Fields(goVersion) {
		if _, x, found := strings.Cut(word, "X:"); found {
			experiments = x
		}
		if word, _, _ = strings.Cut(word, "-"); language == "" {
			language = version.Lang(word) // or "", if it is none
		}
	}
	return language, experiments, language != ""
}
