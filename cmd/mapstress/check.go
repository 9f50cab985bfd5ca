package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
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
	page     string
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
	cmd.Flags().StringVar(&c.svg, "svg", "", "file to draw the calls that contradict each other in")
	cmd.Flags().StringVar(&c.page, "page", "", "HTML file for Porcupine's view of the key that contradicts itself")
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
	if verdict.Class.Finding() {
		if err := c.draw(&judge, verdict); err != nil {
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
