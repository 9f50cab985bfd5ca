package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/story"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/target"
)

// A check object is what became of one history.
type checkObject struct {
	File     string         `json:"file"`
	Verdict  oracle.Verdict `json:"verdict"`
	Ops      int            `json:"ops"`
	Workers  int            `json:"workers"`
	Keys     int            `json:"keys"`
	Segments int            `json:"segments"`
	Events   []string       `json:"events,omitempty"`   // those of the verdict, in words
	Contract string         `json:"contract,omitempty"` // as it was asked for
}

// A checking is one history, and what it is held to.
type checking struct {
	file      string
	asked     string
	contract  target.Contract
	svg, page string
	segment   int

	ops       int
	segments  int
	validator history.Validator
	names     history.Names
}

func (a *app) check() *cobra.Command {
	var contract string
	var c checking
	cmd := &cobra.Command{
		Use:   "check HISTORY",
		Short: "Judge a history that somebody else recorded",
		Long: `Check reads a history of calls on a map, with the time of each call and return,
and says whether some order of the calls explains all answers: whether it is
linearizable. HISTORY is a file, or - for standard input, in the text form or as
JSON lines (docs/history.md).

A map may promise less. --contract names the methods that do, or a target of
mapstress whose promises it shares.

Exit codes: 0 the history is explained; 1 it is not; 2 it cannot be read; 70 the
search for an order was given up.`,
		Example: `  mapstress check history.txt
  mapstress check --contract range=weak,len=bounds history.jsonl
  mapstress check --contract sync.Map --svg history.svg -`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("check what? Want one history's file, or - for standard input; got %d arguments", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			c.file = args[0]
			if c.segment < 1 {
				return fmt.Errorf("--segment %d; want at least 1 op", c.segment)
			}
			if err := c.promise(contract); err != nil {
				return err
			}
			return a.checkFile(&c, cmd.InOrStdin())
		},
	}
	cmd.Flags().StringVar(&contract, "contract", "", "what the map promises less of: METHOD=LEVEL,..., or a target's name")
	cmd.Flags().StringVar(&c.svg, "svg", "", "file to draw the calls that contradict each other in")
	cmd.Flags().StringVar(&c.page, "page", "", "HTML file for Porcupine's view of the key that contradicts itself")
	cmd.Flags().IntVar(&c.segment, "segment", 100_000, "judge, and hold in memory, about so many ops at a time")
	return cmd
}

// promise sets the contract, from a list of levels or a target's name.
func (c *checking) promise(text string) (err error) {
	if c.asked = text; text != "" && !strings.Contains(text, "=") {
		t, err := mapstress.FindTarget(text)
		c.contract = t.Contract
		return err
	}
	if c.contract, err = oracle.ParseContract(text); err != nil {
		return fmt.Errorf("--contract: %w", err)
	}
	return nil
}

// checkFile reads the history from its file, and judges it.
func (a *app) checkFile(c *checking, in io.Reader) error {
	if c.file == "-" {
		c.file = "standard input"
	} else {
		f, err := os.Open(c.file)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	events, err := c.open(in)
	if err != nil {
		return fmt.Errorf("%s: %w", c.file, err)
	}
	judge := oracle.Judge{Contract: c.contract}
	last, err := c.judge(&judge, events)
	if err != nil {
		return fmt.Errorf("%s: %w", c.file, err)
	}
	return a.report(c, &judge, last)
}

// open finds out which form the history has.
func (c *checking) open(in io.Reader) (eventSource, error) {
	text := bufio.NewReaderSize(in, 1<<16)
	if mark, err := text.Peek(len(byteOrderMark)); err == nil && string(mark) == byteOrderMark {
		text.Discard(len(byteOrderMark)) // which are there
	}
	for n := 1; ; n++ {
		start, err := text.Peek(n)
		if err != nil || !isSpace(start[n-1]) {
			if len(start) == n && start[n-1] == '{' {
				h, names, err := history.ReadJSON(text)
				c.names = names
				return &heldEvents{history: h}, err
			}
			return scannedEvents{history.NewScanner(text)}, nil
		}
	}
}

// byteOrderMark is what some editors begin UTF-8 with.
const byteOrderMark = "\ufeff"

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\r' || b == '\n' }

// judge judges the history, segment by segment, until one is not clean or there are no
// more, and returns the last one.
func (c *checking) judge(judge *oracle.Judge, events eventSource) (oracle.Segment, error) {
	soak := oracle.Soak{Judge: judge, Size: c.segment}
	for events.Scan() {
		if c.ops == 0 {
			soak.Begin(events.Held().Prefill)
			for _, e := range events.Held().Prefill {
				c.validator.Prefill(e)
			}
		}
		e := events.Event()
		if err := c.validator.Event(e); err != nil {
			return oracle.Segment{}, err
		}
		c.ops++
		if ended, ok := soak.Add(e); ok {
			c.segments++
			if ended.Verdict.Class != oracle.Clean {
				return ended, nil
			}
		}
	}
	rest := events.Held().Rest
	switch err := events.Err(); {
	case err != nil:
		return oracle.Segment{}, err
	case c.ops == 0:
		return oracle.Segment{}, errors.New("no events; want at least one line such as w0 [1..2] load k1 -> absent")
	}
	if err := c.validator.Rest(rest); err != nil {
		return oracle.Segment{}, err
	}
	c.segments++
	return soak.End(rest), nil
}

func (a *app) report(c *checking, judge *oracle.Judge, s oracle.Segment) error {
	if s.Verdict.Class.Finding() {
		if err := c.draw(judge, s); err != nil {
			return brokenError{err}
		}
	}
	if a.json {
		a.emit("check", c.object(s))
	} else {
		fmt.Fprint(a.stdout, c.story(s, story.Style(colored(a.stdout))))
	}
	switch {
	case s.Verdict.Class.Finding():
		return errFinding
	case s.Verdict.Class == oracle.Unknown:
		return brokenError{fmt.Errorf("%s: not decided: %s%s", c.file, s.Verdict.Detail, c.place(s))}
	}
	return nil
}

// place says which segment it is, if there are several.
func (c *checking) place(s oracle.Segment) string {
	if c.segments == 1 {
		return ""
	}
	return fmt.Sprintf(" (in segment %d, ops %d to %d)", c.segments, s.First+1, s.First+len(s.History.Events))
}

func (c *checking) object(s oracle.Segment) checkObject {
	o := checkObject{
		File: c.file, Verdict: s.Verdict, Ops: c.ops, Workers: c.validator.Workers(), Keys: c.validator.Keys(),
		Segments: c.segments, Contract: c.asked,
	}
	o.Verdict.Events = nil
	for _, i := range s.Verdict.Events {
		o.Events = append(o.Events, s.History.Events[i].String())
		o.Verdict.Events = append(o.Verdict.Events, s.First+i)
	}
	return o
}
