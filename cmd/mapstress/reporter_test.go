package main

import "testing"

func TestInShort(t *testing.T) {
	for reason, want := range map[string]string{
		"nothing failed in 100 runs":                                     "nothing failed in 100 runs",
		"go build failed:\n# runtime/cgo\ncgo: no C compiler\nand so on": "go build failed: cgo: no C compiler",
		"it died:\n": "it died:",
		"make the directory for what is built: permission denied\nin /etc": "make the directory for what is built: permission denied",
	} {
		if got := inShort(reason); got != want {
			t.Errorf("%q: got %q, want %q", reason, got, want)
		}
	}
}
