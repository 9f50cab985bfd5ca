package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/mapstress/mapstress"
)

// A match object is what was made of the methods of a map of another module.
type matchObject struct {
	Target string   `json:"target"`
	Key    string   `json:"key"`
	Value  string   `json:"value"`
	Taken  []string `json:"taken"`
	Left   []string `json:"left,omitempty"`
	Other  []string `json:"other,omitempty"`
	Evicts bool     `json:"evicts,omitempty"`
}

// match builds the child for a target that is a package and an expression, and tells what
// was made of its methods. Of other targets it says nothing.
func (a *app) match(ctx context.Context, name string, to io.Writer) error {
	m, is, err := mapstress.Match(ctx, name)
	switch {
	case ctx.Err() != nil:
		return errInterrupted
	case !is || err != nil:
		return err
	case a.json:
		a.emit("match", matchObject{name, m.Key, m.Value, m.Taken, m.Left, m.Unknown, m.Evicts})
		return nil
	}
	fmt.Fprintf(to, "%s: from %s to %s\n", name, m.Key, m.Value)
	fmt.Fprintf(to, "  matched   %s\n", strings.Join(m.Taken, ", "))
	for _, left := range m.Left {
		fmt.Fprintf(to, "  left out  %s\n", left)
	}
	if m.Evicts {
		fmt.Fprintln(to, "  a cache   of 4,000 keys not all stay, so one that is missing is no finding")
	}
	if len(m.Unknown) > 0 {
		fmt.Fprintf(to, "  unknown   %s\n", strings.Join(m.Unknown, ", "))
	}
	return nil
}
