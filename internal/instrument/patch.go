package instrument

import (
	"fmt"
	"strings"
)

// A patch is text of a file of Go's that is replaced, for some of Go's versions.
type patch struct {
	file string
	// since and until bound the minor versions of Go 1 that it is for: since <= minor, and
	// minor < until, where until is not 0.
	since, until int
	old, new     string
	// all replaces the text wherever it is; otherwise it must be there exactly once.
	all bool
}

func (p *patch) fits(minor int) bool {
	return p.since <= minor && (p.until == 0 || minor < p.until)
}

// An AnchorError says that a file of Go's is not what a patch was made for.
type AnchorError struct {
	File    string
	Anchor  string // the text that is looked for
	Found   int    // how often it is there
	Version string // of Go
}

func (e *AnchorError) Error() string {
	line, _, more := strings.Cut(strings.TrimSpace(e.Anchor), "\n")
	if more {
		line += " ..."
	}
	return fmt.Sprintf("cannot instrument %s: %s has %q %d times; want it once (this mapstress knows Go 1.%d to 1.%d)",
		e.Version, e.File, line, e.Found, oldest, newest)
}

func (p *patch) apply(text, version string) (string, error) {
	n := strings.Count(text, p.old)
	if n == 0 || n > 1 && !p.all {
		return "", &AnchorError{File: p.file, Anchor: p.old, Found: n, Version: version}
	}
	return strings.ReplaceAll(text, p.old, p.new), nil
}
