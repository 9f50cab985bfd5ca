package strategy

import (
	"fmt"
	"strconv"
	"strings"
)

// Decisions are who was picked in a run, wherever there was a choice. With the same program
// they are all that is needed to run the same interleaving again.
//
// As text they are the workers in that order, with how many times in a row:
//
//	0*12 1 0*3 2*7
type Decisions []int

// Bounds of what is read.
const (
	maxWorker    = 1<<16 - 1
	maxDecisions = 1 << 20
)

// lineLength is where the text is broken.
const lineLength = 80

// Switches is how often another worker was picked than the time before.
func (d Decisions) Switches() (n int) {
	for i := 1; i < len(d); i++ {
		if d[i] != d[i-1] {
			n++
		}
	}
	return n
}

// String returns the text form, without a newline at the end.
func (d Decisions) String() string {
	var text []byte
	line := 0
	for _, s := range d.stretches() {
		word := strconv.Itoa(s.worker)
		if s.times > 1 {
			word += "*" + strconv.Itoa(s.times)
		}
		switch {
		case len(text) == 0:
		case len(text)-line+1+len(word) > lineLength:
			text = append(text, '\n')
			line = len(text)
		default:
			text = append(text, ' ')
		}
		text = append(text, word...)
	}
	return string(text)
}

// ParseDecisions reads the text form. Words may be apart by any white space; lines that
// start with # are skipped. At most 1,048,576 decisions are read, of workers up to 65,535.
func ParseDecisions(text string) (Decisions, error) {
	var d Decisions
	for n, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		for _, word := range strings.Fields(line) {
			s, err := parseStretch(word)
			if err != nil {
				return nil, fmt.Errorf("decisions line %d: %w", n+1, err)
			}
			if len(d)+s.times > maxDecisions {
				return nil, fmt.Errorf("decisions line %d: %q makes them %d; want at most %d", n+1, word, len(d)+s.times, maxDecisions)
			}
			for range s.times {
				d = append(d, s.worker)
			}
		}
	}
	return d, nil
}

func parseStretch(word string) (stretch, error) {
	worker, times, several := strings.Cut(word, "*")
	s := stretch{times: 1}
	var err error
	if s.worker, err = number(worker, 0, maxWorker); err == nil && several {
		s.times, err = number(times, 1, maxDecisions)
	}
	if err != nil {
		return s, fmt.Errorf("%q: %w; want a worker, or worker*times, as in 0*12", word, err)
	}
	return s, nil
}

// number reads what strconv.Itoa writes, and nothing else.
func number(text string, low, high int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || strconv.Itoa(n) != text || n < low || n > high {
		return 0, fmt.Errorf("%q is no number from %d to %d", text, low, high)
	}
	return n, nil
}

// A stretch is decisions for one worker in a row.
type stretch struct{ worker, times int }

func (d Decisions) stretches() (all []stretch) {
	for _, w := range d {
		if n := len(all); n > 0 && all[n-1].worker == w {
			all[n-1].times++
		} else {
			all = append(all, stretch{w, 1})
		}
	}
	return all
}

func join(stretches []stretch) (d Decisions) {
	for _, s := range stretches {
		for range s.times {
			d = append(d, s.worker)
		}
	}
	return d
}
