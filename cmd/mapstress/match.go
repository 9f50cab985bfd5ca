package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

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
	Ints   bool     `json:"ints,omitempty"`
	Unsafe string   `json:"unsafe,omitempty"`
	Making float64  `json:"making"`
}

// tell tells what was made of a map's methods, and writes them to a file, if it has a name.
func (a *app) tell(ctx context.Context, name, file string) error {
	if !strings.Contains(strings.TrimSpace(name), " ") {
		return fmt.Errorf("%q; want a package and an expression that makes a map, such as 'sync Map'", name)
	}
	if err := a.match(ctx, name, mapstress.Build{}, a.stdout); err != nil || file == "" {
		return err
	}
	source, err := mapstress.Adapter(ctx, name)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return fmt.Errorf("--write: %w", err)
	}
	_, err = f.Write(source)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil && !a.json {
		fmt.Fprintf(a.stdout, "written   %s\n", file)
	}
	return err
}

// slowMaking is how long it takes to make and to close a map of which a search has few runs.
const slowMaking = 20 * time.Millisecond

// match builds the child for a target that is a package and an expression, and tells what
// was made of its methods. Of other targets it says nothing.
func (a *app) match(ctx context.Context, name string, how mapstress.Build, to io.Writer) error {
	done := a.busy("mapstress: building a child for "+name+", and trying its methods", strings.Contains(strings.TrimSpace(name), " "))
	m, is, err := mapstress.Match(ctx, name, how)
	done()
	switch {
	case ctx.Err() != nil:
		return errInterrupted
	case !is || err != nil:
		return err
	case a.json:
		a.emit("match", matchObject{name, m.Key, m.Value, m.Taken, m.Left, unused(m.Unused), m.Evicts, m.Ints, m.Unsafe, m.Making.Seconds()})
		return nil
	}
	of := "from " + m.Key + " to " + m.Value
	if m.Value == "struct {}" {
		of = "a set of " + m.Key
	}
	fmt.Fprintf(to, "%s: %s\n", name, of)
	fmt.Fprintf(to, "  matched   %s\n", strings.Join(m.Taken, ", "))
	if len(m.Others) > 0 {
		var by []string
		for _, o := range m.Others {
			by = append(by, o.Name)
		}
		fmt.Fprintf(to, "  shapes    one by the first method of each op, others by %s\n", strings.Join(by, ", by "))
	}
	for _, left := range m.Left {
		fmt.Fprintf(to, "  left out  %s\n", left)
	}
	switch {
	case m.Stay != "":
		fmt.Fprintf(to, "  a cache   %s keys stay, so one that is missing is no finding: with more room it is held to more\n", m.Stay)
	case m.Evicts:
		fmt.Fprintln(to, "  a cache   keys do not stay for 3 s, so one that is missing is no finding: with a longer time to live it is held to more")
	}
	if m.Ints {
		fmt.Fprintln(to, "  ints      values of other types come back changed, so that all are of type int")
	}
	if m.Unsafe != "" {
		fmt.Fprintf(to, "  unsafe    so that what is found is a survey: %q\n", m.Unsafe)
	}
	if m.Making >= slowMaking {
		fmt.Fprintf(to, "  slow      a map takes %.2g s to make and to close, as each run does: a smaller one has more runs\n", m.Making.Seconds())
	}
	for _, line := range byReason(m.Unused) {
		fmt.Fprintf(to, "  not used  %s\n", line)
	}
	return nil
}
