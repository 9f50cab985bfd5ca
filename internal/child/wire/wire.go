// Package wire is what a parent and its children say to each other: frames of
// JSON over a pair of pipes, and a journal in shared memory that survives the
// child.
//
// It is built into children next to other people's maps, so it uses the
// standard library alone.
package wire

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/scheduler/controlled"
	"github.com/mapstress/mapstress/scheduler/strategy"
	"github.com/mapstress/mapstress/target"
)

// Environ is the environment variable that makes a process a child. Its value
// is the name of the set of targets that the child knows.
const Environ = "MAPSTRESS_CHILD"

// MemoryEnviron is the environment variable with the limit of a child's address
// space, in bytes; unset or 0 is none.
const MemoryEnviron = "MAPSTRESS_CHILD_MEMORY"

// MaxFrame is the largest frame, in bytes; more is taken for garbage.
const MaxFrame = 64 << 20

// A Request is what a parent asks of a child; the child answers with any number
// of frames that have a Failure, then one that has Done set.
type Request struct {
	ID     uint64
	Do     Task
	Target string
	// For RunTask.
	Schedule   string             // its text form
	First      int                // number of the first run; with the plan's seed it decides the disturbance
	Count      int                // runs
	Atomic     bool               // stamp with the atomic clock
	StopAfter  int                // end after that many failing runs; 0: never
	Known      bool               // that it fails is known: leave Failure.ClockFree alone
	Millis     int                // end after that much time; 0: never
	Boundaries history.Boundaries // sizes at which the map grows, to count growth overlap
	Controlled *Controlled        `json:",omitempty"` // one worker at a time; nil: they run free
	// For ProbeTask.
	Shape target.Shape
	Limit int // the largest size to probe
}

// Controlled says who decides which worker goes on.
type Controlled struct {
	// Strategy is a name of strategy.Names, or Exhaustive; its choices follow from Seed.
	// Empty: the decisions of Recipe are replayed.
	Strategy string `json:",omitempty"`
	Seed     uint64 `json:",omitempty"`
	Recipe   string `json:",omitempty"` // text form of a controlled.Recipe
	Steps    int    `json:",omitempty"` // bound of a run's points; 0 is the engine's
	Trace    bool   `json:",omitempty"` // of failing runs
	Tell     bool   `json:",omitempty"` // the points of all runs: see Done.Points
	Races    bool   `json:",omitempty"` // look for data races
	SyncOnly bool   `json:",omitempty"` // with Races: see controlled.Config; a recipe has its own
	// Preemptions is how many a run may have at most, of the strategy Exhaustive; less than 0
	// is any number.
	Preemptions int `json:",omitempty"`
}

// MaxPoints is how many bytes of Done.Points there are, about.
const MaxPoints = 1 << 20

// Exhaustive is the strategy that makes every run there is. All of them draw the same.
const Exhaustive = "exhaustive"

// RunSeed returns the seed of what a target draws in the run of that number.
func (c *Controlled) RunSeed(number int) uint64 {
	if c.Strategy == Exhaustive {
		number = 0
	}
	x := c.Seed + (uint64(number)+1)*0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	return x ^ x>>27
}

// A Task is a thing that a child can do.
type Task string

// The tasks.
const (
	DescribeTask Task = "describe" // which targets are there
	ProbeTask    Task = "probe"    // at which sizes a target grows and shrinks
	RunTask      Task = "run"      // run a schedule, and judge what comes of it
	// LookTask asks for the stacks of all goroutines. It may come in the midst of
	// another task, and does not end it.
	LookTask Task = "look"
)

// A Frame is what a child says. One of its pointers is set, or Error.
type Frame struct {
	ID      uint64
	Hello   *Hello   `json:",omitempty"`
	Failure *Failure `json:",omitempty"`
	Look    *Look    `json:",omitempty"`
	Done    *Done    `json:",omitempty"`
	Error   string   `json:",omitempty"` // the request could not be done
}

// A Hello is a child's first frame.
type Hello struct {
	GoVersion string
	GOOS      string
	GOARCH    string
	CPUs      int
	Race      bool // built with the race detector
	Journal   bool // the journal is shared, so it survives the child
	Hooks     bool `json:",omitempty"` // built for controlled runs
}

// A Look is what a LookTask saw.
type Look struct {
	Stacks string // as runtime.Stack writes them
	Cut    bool   // there was more
}

// A Done ends the answer to a request.
type Done struct {
	Tally     Tally
	Seen      history.Seen      // what its runs have shown
	Counts    map[string]uint64 `json:",omitempty"` // failing runs by Verdict.Signature
	Worn      bool              `json:",omitempty"` // it ended early, and the child should be replaced
	Misfit    string            `json:",omitempty"` // how a replay differed from its recipe
	Exhausted bool              `json:",omitempty"` // the strategy has no further run to make
	// Points has the text of the traces of all runs, if they were asked for, each behind a line of
	// its own with the run's number. What is more than MaxPoints is told by a sum in its place.
	Points    string    `json:",omitempty"`
	Explored  *Explored `json:",omitempty"` // by the strategy Exhaustive
	Suspended int       `json:",omitempty"` // runs in which a worker was suspended, as the recipe wants it
	Shares    Shares    // what controlled runs came to, by strategy
	CPUMillis int64     // CPU time of the child since it started; 0 where that is not known
	Targets   []Description
	Growth    scheduler.Growth
}

// Shares are what controlled runs came to, by strategy.Number.
type Shares [strategy.Count]Share

// A Share is what the runs of one strategy came to.
type Share struct {
	Runs   uint64
	Failed uint64
	Nanos  uint64 // of wall time, which is CPU time where one worker runs at a time
}

// Add adds what further runs came to.
func (s *Shares) Add(more *Shares) {
	for i := range s {
		s[i].Add(more[i])
	}
}

// Add adds what further runs came to.
func (s *Share) Add(more Share) {
	s.Runs += more.Runs
	s.Failed += more.Failed
	s.Nanos += more.Nanos
}

// Explored is how far the strategy Exhaustive came.
type Explored struct {
	Runs, Redundant int // redundant are those that turned out to be equivalent to another
	Bound           int // preemptions of the last runs; less than 0 is any number
	// Ended says that nothing is left up to the bound, and Complete that more preemptions would
	// show nothing new.
	Ended, Complete bool
	// Doubt says why that is not certain, if it is not.
	Doubt string `json:",omitempty"`
}

// A Description is what a parent knows of a target without having its code.
type Description struct {
	Name     string
	Doc      string
	Contract target.Contract
	Variants []scheduler.Ability // the default one first
}

// A Failure is one failing run.
type Failure struct {
	Verdict oracle.Verdict
	History string // the text form; empty for a failure that has none
	// ClockFree says that the history stays wrong when all order between
	// workers is dropped from it: then no clock can be at fault.
	ClockFree bool
	Run       int               // number of the run in its request
	Recipe    string            // of a controlled run: what it takes to replay it
	Trace     []controlled.Step `json:",omitempty"` // of a controlled run, if it was asked for
}

// A Tally counts runs.
type Tally struct {
	Runs       uint64 `json:"runs"`
	Overlapped uint64 `json:"overlapped"` // runs in which ops of different workers overlapped
	Growth     uint64 `json:"growth"`     // runs in which an op that grew the map overlapped another
	Unknown    uint64 `json:"unknown"`    // runs that the oracle could not decide in its budget
	Failed     uint64 `json:"failed"`
	Ops        uint64 `json:"ops"`
}

// Add adds another tally to t.
func (t *Tally) Add(u Tally) {
	t.Runs += u.Runs
	t.Overlapped += u.Overlapped
	t.Growth += u.Growth
	t.Unknown += u.Unknown
	t.Failed += u.Failed
	t.Ops += u.Ops
}

// Write writes one frame: its length in 4 bytes, big end first, and its JSON.
func Write(w io.Writer, frame any) error {
	body, err := json.Marshal(frame)
	if err != nil {
		return fmt.Errorf("encode frame: %w", err)
	}
	if len(body) > MaxFrame {
		return fmt.Errorf("frame of %d bytes; want at most %d", len(body), MaxFrame)
	}
	_, err = w.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), body...))
	return err
}

// Read reads one frame into what frame points to. It returns io.EOF if there is
// none, and an error that quotes what is there if that is no frame.
func Read(r *bufio.Reader, frame any) error {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return err
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > MaxFrame {
		rest, _ := r.Peek(min(r.Buffered(), quoted))
		return fmt.Errorf("garbage where a frame should be: %q", append(size[:], rest...))
	}
	var body bytes.Buffer // it grows as bytes come: the length may be garbage too
	if m, err := io.CopyN(&body, r, int64(n)); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return fmt.Errorf("frame of %d bytes is cut short after %d: %w", n, m, err)
	}
	if err := json.Unmarshal(body.Bytes(), frame); err != nil {
		start := body.Bytes()[:min(body.Len(), quoted)]
		return fmt.Errorf("garbage in a frame of %d bytes: %w: %q", n, err, start)
	}
	return nil
}

// quoted is how much of what should have been a frame is quoted, in bytes.
const quoted = 80
