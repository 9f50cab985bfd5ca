package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/history"
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
	Events   []string       `json:"events,omitempty"`   // those of the verdict, in words
	Contract string         `json:"contract,omitempty"` // as it was asked for
}

// A checked history, and what it is held to.
type checking struct {
	file     string
	history  *history.History
	names    history.Names
	asked    string
	contract target.Contract
	svg      string
}

func (a *app) check() *cobra.Command {
	var contract, svg string
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
			c := checking{file: args[0], svg: svg}
			if err := c.promise(contract); err != nil {
				return err
			}
			if err := c.read(cmd.InOrStdin()); err != nil {
				return err
			}
			return a.checkHistory(&c)
		},
	}
	cmd.Flags().StringVar(&contract, "contract", "", "what the map promises less of: METHOD=LEVEL,..., or a target's name")
	cmd.Flags().StringVar(&svg, "svg", "", "file to draw the calls that contradict each other in")
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

// read reads the history in whichever form it has.
func (c *checking) read(stdin io.Reader) (err error) {
	var text []byte
	if c.file == "-" {
		c.file = "standard input"
		text, err = io.ReadAll(stdin)
	} else {
		text, err = os.ReadFile(c.file)
	}
	if err != nil {
		return err
	}
	if start := bytes.TrimSpace(text); len(start) > 0 && start[0] == '{' {
		c.history, c.names, err = history.ReadJSON(bytes.NewReader(text))
	} else {
		c.history, err = history.ParseText(string(text))
	}
	if err == nil && len(c.history.Events) == 0 {
		err = errors.New("no events; want at least one line such as w0 [1..2] load k1 -> absent")
	}
	if err == nil {
		err = c.history.Validate()
	}
	if err != nil {
		return fmt.Errorf("%s: %w", c.file, err)
	}
	return nil
}

func (a *app) checkHistory(c *checking) error {
	judge := oracle.Judge{Contract: c.contract}
	verdict := judge.Judge(c.history)
	if c.svg != "" && verdict.Class.Finding() {
		if err := os.WriteFile(c.svg, []byte(c.picture(verdict)), 0o666); err != nil {
			return brokenError{err}
		}
	}
	if a.json {
		a.emit("check", c.object(verdict))
	} else {
		fmt.Fprint(a.stdout, c.story(verdict, style(colored(a.stdout))))
	}
	switch {
	case verdict.Class.Finding():
		return errFinding
	case verdict.Class == oracle.Unknown:
		return brokenError{fmt.Errorf("%s: not decided: %s", c.file, verdict.Detail)}
	}
	return nil
}

// size counts the calls, and who called and on how many keys.
func (c *checking) size() (workers, keys int) {
	callers, named := map[int]bool{}, map[uint64]bool{}
	for i := range c.history.Events {
		e := &c.history.Events[i]
		callers[e.Worker] = true
		if e.Kind.Keyed() {
			named[e.Key] = true
		}
	}
	return len(callers), len(named)
}

func (c *checking) object(v oracle.Verdict) checkObject {
	workers, keys := c.size()
	o := checkObject{
		File: c.file, Verdict: v, Ops: len(c.history.Events), Workers: workers, Keys: keys,
		Contract: c.asked,
	}
	for _, i := range v.Events {
		o.Events = append(o.Events, c.history.Events[i].String())
	}
	return o
}

// story tells what the history is, and where it contradicts itself.
func (c *checking) story(v oracle.Verdict, s style) string {
	workers, keys := c.size()
	of := fmt.Sprintf("%s by %s on %s", plural(len(c.history.Events), "op"), plural(workers, "worker"), plural(keys, "key"))
	var b strings.Builder
	switch {
	case v.Class == oracle.Clean:
		fmt.Fprintf(&b, "%s   %s: %s; every answer is explained\n", s.good("clean"), c.file, of)
		return b.String()
	case v.Class == oracle.Unknown:
		return ""
	}
	fmt.Fprintf(&b, "%s   %s   %s\n", s.bad(title(v)), s.bold(c.file), of)
	events := conflicting(c.history, v.Events)
	for _, line := range drawn(events) {
		b.WriteString("  " + line + "\n")
	}
	b.WriteString("  " + v.Detail + "\n")
	if v.Promise != "" {
		fmt.Fprintf(&b, "  though it is promised: %q\n", v.Promise)
	}
	for _, line := range c.legend(events) {
		b.WriteString("  " + line + "\n")
	}
	if c.svg != "" {
		fmt.Fprintf(&b, "drawn: %s\n", c.svg)
	}
	return b.String()
}

// legend says what the codes of the events stand for.
func (c *checking) legend(events []history.Event) (lines []string) {
	seen := map[string]bool{}
	note := func(prefix string, code uint64, names map[uint64]string) {
		line := fmt.Sprintf("%s%d is %s", prefix, code, names[code])
		if names[code] != "" && !seen[line] {
			seen[line] = true
			lines = append(lines, line)
		}
	}
	for i := range events {
		note("k", events[i].Key, c.names.Keys)
	}
	for i := range events {
		for _, code := range []uint64{events[i].Old, events[i].Value, events[i].Out} {
			note("v", code, c.names.Values)
		}
	}
	return lines
}

// picture draws the events of the verdict, and those of the same keys that overlap
// them.
func (c *checking) picture(v oracle.Verdict) string {
	var events []history.Event
	var named []bool
	for i := range c.history.Events {
		e := &c.history.Events[i]
		is := slices.Contains(v.Events, i)
		if is || len(v.Events) == 0 || slices.ContainsFunc(v.Events, func(n int) bool {
			f := &c.history.Events[n]
			return e.Overlaps(f) && (!e.Kind.Keyed() || e.Key == f.Key)
		}) {
			events, named = append(events, *e), append(named, is)
		}
	}
	return history.SVG(events[:min(len(events), maxPictured)], func(i int) bool { return named[i] })
}

// maxPictured is how many events a picture has at most.
const maxPictured = 500
