// Package corpus keeps findings as files that replay: one case a file, in a form
// that people can read and edit.
//
// It knows nothing of how a case was found or how to run it again. Two processes
// may use the same directory at once.
package corpus

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime"

	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"
)

// A Case is a finding on disk.
type Case struct {
	Target  string         `json:"target"` // the target's name, such as "sync.Map"
	Verdict oracle.Verdict `json:"verdict"`
	// Unsafe says that the target is documented as not for concurrent use, so
	// that the finding is part of a survey and no bug.
	Unsafe     bool        `json:"unsafe,omitempty"`
	Found      Environment `json:"found"`
	Reproduced Rate        `json:"reproduced"`
	Scenario   string      `json:"scenario,omitempty"` // what made the schedule, such as "grow"
	Seed       uint64      `json:"-"`                  // the search's; in the file a string, as it may exceed 2^53
	Shrunk     Shrunk      `json:"shrunk"`

	Schedule *scheduler.Schedule `json:"-"`
	// Original is the schedule as it was found, if it has been shrunk since, or
	// nil.
	Original *scheduler.Schedule `json:"-"`
	// History is the text form of a run that failed, or empty.
	History string `json:"-"`
	// Evidence is what the process wrote to stderr as it died, or empty. Of more
	// than MaxEvidence bytes a file keeps the beginning and the end.
	Evidence string `json:"-"`
	// Decisions are kept as they are, for an engine that makes any.
	Decisions string `json:"-"`

	// File is where the case was read from; empty if it was not.
	File string `json:"-"`
}

// Shrunk says what became of the schedule since it first failed, and how far the
// shrinking came. The zero Shrunk is a schedule as it was found.
type Shrunk struct {
	From int `json:"from,omitempty"` // ops before; how many there are now, Schedule.Ops tells
	// Done says that nothing smaller fails, as far as Least goes; false if time
	// ran out first.
	Done bool `json:"done,omitempty"`
	// Rate is how often the schedule as it was found failed where and when
	// Case.Reproduced was measured. Nil means that nobody has shrunk it, or that it was not
	// measured there.
	Rate *Rate `json:"rate,omitempty"`
	// Least is how often a smaller schedule had to fail to be taken, as a share of
	// Rate, when shrinking ended or was last under way.
	Least float64 `json:"least,omitempty"`
	// Amplified says that the timing plan was chosen to fail often, and is not
	// the calmest any more.
	Amplified bool `json:"amplified,omitempty"`
	// Refused has the hashes of the next smaller schedules that have been tried
	// in vain, for who goes on; empty once Done.
	Refused string `json:"refused,omitempty"`
}

// Share returns how often the case's schedule fails as a share of how often it
// did as it was found, run by run; false if either is not known.
func (c *Case) Share() (share float64, known bool) {
	now, before := c.Reproduced, c.Shrunk.Rate
	if before == nil || before.Failed == 0 || now.Failed == 0 {
		return 0, false
	}
	return now.Chance() / before.Chance(), true
}

// An Environment is where a case was found.
type Environment struct {
	Go         string `json:"go"` // the toolchain's version, such as "go1.26.8"
	GOOS       string `json:"goos"`
	GOARCH     string `json:"goarch"`
	CPUs       int    `json:"cpus"`
	GOMAXPROCS int    `json:"gomaxprocs"`
}

// Here returns the environment of this process.
func Here() Environment {
	return Environment{
		Go: runtime.Version(), GOOS: runtime.GOOS, GOARCH: runtime.GOARCH,
		CPUs: runtime.NumCPU(), GOMAXPROCS: runtime.GOMAXPROCS(0),
	}
}

// String returns the environment on one line, such as
// "GOMAXPROCS=2 go1.26.8 linux/amd64".
func (e Environment) String() string {
	return fmt.Sprintf("GOMAXPROCS=%d %s %s/%s", e.GOMAXPROCS, e.Go, e.GOOS, e.GOARCH)
}

// ID names the case by what it is: eight hex digits out of the target, the
// finding's signature and the schedule. The signature is among them because small
// schedules often fail in several ways, and each is a case of its own.
//
// An ID of 32 bits is told from those of the same target only: of 1000 cases,
// two share one once in 8600.
func (c *Case) ID() string {
	text := ""
	if c.Schedule != nil {
		text = c.Schedule.Text()
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q\n%s", c.Target, c.Verdict.Signature(), text))
	return hex.EncodeToString(sum[:4])
}
