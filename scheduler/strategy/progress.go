package strategy

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

// Progress is how far a search is.
type Progress struct {
	Runs      int // all that were made
	Redundant int // of these, those that turned out to become equivalent to an earlier one
	Bound     int // preemptions that are allowed now
	// Explored is the part of the runs up to that bound that has been made, from 0 to 1, and
	// Left how many there still are. Both are estimates until nothing is left: each decision
	// is taken to have as much behind it one way as the other (Knuth, Estimating the
	// Efficiency of Backtrack Programs, 1975), and what a run shows to be necessary is not
	// known before it. So Left is too low at first, mostly.
	Explored float64
	Left     int
	// Ended says that there is nothing left up to the highest bound, and Complete that more
	// preemptions would show nothing new either.
	Ended, Complete bool
}

// Progress may be asked for between runs.
func (s *Exhaustive) Progress() Progress {
	p := Progress{Runs: s.runs, Redundant: s.redundant, Bound: s.bound}
	if s.ended {
		p.Ended, p.Complete = s.err == nil, s.err == nil && !s.cut
		if p.Ended {
			p.Explored = 1
		}
		return p
	}
	weight := 1.0
	for i := range s.nodes {
		n := &s.nodes[i]
		done := bits.OnesCount64(n.done)
		weight /= float64(done + bits.OnesCount64(s.within(n)&^n.done))
		p.Explored += float64(done) * weight
	}
	if p.Explored > 0 {
		made := float64(s.runs - s.before)
		p.Left = max(1, int(made/p.Explored-made))
	}
	return p
}

func (p Progress) String() string {
	up := "at any number of preemptions"
	switch p.Bound {
	case Unbounded:
	case 1:
		up = "up to 1 preemption"
	default:
		up = fmt.Sprintf("up to %d preemptions", p.Bound)
	}
	switch {
	case p.Complete:
		return fmt.Sprintf("explored completely in %d runs", p.Runs)
	case p.Ended:
		return fmt.Sprintf("explored completely %s in %d runs", up, p.Runs)
	case p.Explored == 0:
		return fmt.Sprintf("%d runs, now %s", p.Runs, up)
	}
	return fmt.Sprintf("%d runs, now %s: %.2g %% explored, about %d runs left", p.Runs, up, 100*p.Explored, p.Left)
}

const stateHeader = "mapstress exhaustive v1"

// MarshalText writes where the search stands, between runs, so that another process can go
// on with the same program. A line for what was counted is followed by one for each decision:
// who is picked, who had run before, and as bits in hexadecimal who could go on, who must be
// picked and who has been.
func (s *Exhaustive) MarshalText() ([]byte, error) {
	if s.err != nil {
		return nil, s.err
	}
	text := []byte(stateHeader + "\n")
	text = fmt.Appendf(text, "most=%d bound=%d runs=%d redundant=%d before=%d cut=%d ended=%d\n",
		s.most, s.bound, s.runs, s.redundant, s.before, number01(s.cut), number01(s.ended))
	for _, n := range s.nodes {
		text = fmt.Appendf(text, "%d %d %x %x %x\n", n.worker, n.current, n.open, n.todo, n.done)
	}
	return text, nil
}

func number01(b bool) int {
	if b {
		return 1
	}
	return 0
}

// UnmarshalText makes the search go on from where another stood.
func (s *Exhaustive) UnmarshalText(text []byte) error {
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	if lines[0] != stateHeader {
		return fmt.Errorf("state of a search: line 1: %q; want %q", lines[0], stateHeader)
	}
	var read Exhaustive
	if len(lines) < 2 {
		return fmt.Errorf("state of a search: it ends after line 1; want the counts")
	}
	if err := read.counts(lines[1]); err != nil {
		return fmt.Errorf("state of a search: line 2: %w", err)
	}
	for i, line := range lines[2:] {
		n, err := parseNode(line)
		if err != nil {
			return fmt.Errorf("state of a search: line %d: %w", i+3, err)
		}
		read.nodes = append(read.nodes, n)
	}
	if read.ended != (len(read.nodes) == 0) && read.runs > read.before {
		return fmt.Errorf("state of a search: %d decisions, ended=%d; want decisions unless it has ended", len(read.nodes), number01(read.ended))
	}
	read.fresh = len(read.nodes)
	*s = read
	return nil
}

func (s *Exhaustive) counts(line string) error {
	var cut, ended int
	fields := []struct {
		name string
		to   *int
		most int
	}{
		{"most", &s.most, Unbounded}, {"bound", &s.bound, Unbounded}, {"runs", &s.runs, Unbounded},
		{"redundant", &s.redundant, Unbounded}, {"before", &s.before, Unbounded}, {"cut", &cut, 1}, {"ended", &ended, 1},
	}
	words := strings.Fields(line)
	if len(words) != len(fields) {
		return fmt.Errorf("%q has %d words; want %d", line, len(words), len(fields))
	}
	for i, f := range fields {
		value, ok := strings.CutPrefix(words[i], f.name+"=")
		if !ok {
			return fmt.Errorf("%q; want %s=N", words[i], f.name)
		}
		n, err := number(value, 0, f.most)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		*f.to = n
	}
	s.cut, s.ended = cut == 1, ended == 1
	return nil
}

func parseNode(line string) (n node, err error) {
	words := strings.Fields(line)
	if len(words) != 5 {
		return n, fmt.Errorf("%q has %d words; want 5", line, len(words))
	}
	if n.worker, err = number(words[0], 0, 63); err != nil {
		return n, err
	}
	if n.current, err = number(words[1], -1, 63); err != nil {
		return n, err
	}
	for i, to := range []*uint64{&n.open, &n.todo, &n.done} {
		if *to, err = strconv.ParseUint(words[2+i], 16, 64); err != nil {
			return n, fmt.Errorf("%q is no set of workers, in hexadecimal", words[2+i])
		}
	}
	if n.todo&^n.open != 0 || n.done&^n.todo != 0 || n.todo&^n.done&bit(n.worker) == 0 {
		return n, fmt.Errorf("%q: want the worker among those to be picked and not picked yet, and these among those that could go on", line)
	}
	return n, nil
}
