package main

import (
	"context"
	"fmt"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/nearest"
	"github.com/mapstress/mapstress/internal/story"
	"github.com/mapstress/mapstress/target"
)

// A probe object is what a probe found.
type probeObject struct {
	Target      string             `json:"target"`
	Shape       target.Shape       `json:"shape"`
	Limit       int                `json:"limit"`
	Environment corpus.Environment `json:"environment"`
	Boundaries  history.Boundaries `json:"boundaries"`
	Inserts     []uint64           `json:"inserts"`           // bytes, by the size before
	Deletes     []uint64           `json:"deletes,omitempty"` // likewise
}

func (a *app) probe() *cobra.Command {
	var shape string
	var limit int
	cmd := &cobra.Command{
		Use:   "probe TARGET",
		Short: "Find the sizes at which a target grows and shrinks",
		Long: `Probe puts entries into a map one by one, takes them out again one by one, and
watches how much each step allocates: a jump means that the map has replaced or
split its storage. Concurrent ops are most likely to fail at such a size, so a
search fills maps up to there.

The map is made twice, and oftener if chance decides what it allocates; a size
counts if it shows each time.`,
		Example: `  mapstress probe map
  mapstress probe sync.Map --shape string/string --limit 300 --json
  mapstress probe 'github.com/puzpuzpuz/xsync/v3@v3.0.0 NewMapOf[int,int]()'`,
		ValidArgsFunction: completeTargets,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("probe what? Want one target; got %d arguments", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if limit < 2 || limit > mapstress.MaxProbe {
				return fmt.Errorf("--limit %d; want 2 to %d", limit, mapstress.MaxProbe)
			}
			s, err := a.probed(cmd.Context(), args[0], shape)
			if err != nil {
				return err
			}
			return a.probeTarget(cmd.Context(), args[0], s, limit)
		},
	}
	cmd.Flags().StringVar(&shape, "shape", "", "key and value types (default: the target's first; see mapstress targets)")
	cmd.Flags().IntVar(&limit, "limit", 1000, fmt.Sprintf("the largest size to go to, 2 to %d", mapstress.MaxProbe))
	return cmd
}

// probed returns the shape of a target to be probed. A map that is named by an expression
// is built for that, and has one.
func (a *app) probed(ctx context.Context, name, shape string) (target.Shape, error) {
	m, is, err := mapstress.Match(ctx, name, mapstress.Build{})
	switch {
	case ctx.Err() != nil:
		return target.Shape{}, errInterrupted
	case is && err == nil && shape != "":
		return target.Shape{}, fmt.Errorf("--shape %s; %s is of one shape, from %s to %s: leave the flag out", shape, name, m.Key, m.Value)
	case is || err != nil:
		return target.Shape{Key: m.Key, Value: m.Value}, err
	}
	t, err := mapstress.FindTarget(name)
	if err != nil {
		return target.Shape{}, err
	}
	return shapeOf(&t, shape)
}

// shapeOf finds the target's shape of that name; none means the first.
func shapeOf(t *target.Target, name string) (target.Shape, error) {
	var names []string
	for _, s := range t.Shapes() {
		if name == "" || s.String() == name {
			return s, nil
		}
		names = append(names, s.String())
	}
	return target.Shape{}, fmt.Errorf("target %s has no shape %q; %swant one of %s", t.Name, name, nearest.Hint(name, names), strings.Join(names, ", "))
}

func (a *app) probeTarget(ctx context.Context, name string, shape target.Shape, limit int) error {
	g, err := mapstress.Probe(ctx, name, shape, limit)
	switch {
	case ctx.Err() != nil:
		return errInterrupted
	case err != nil:
		return brokenError{err}
	case a.json:
		a.emit("probe", probeObject{name, shape, limit, corpus.Here(), g.Boundaries, g.Inserts, g.Deletes})
		return nil
	}
	fmt.Fprintf(a.stdout, "%s, %s, %s\n\nAt these sizes the map replaces or splits its storage: there, concurrent ops are\nmost likely to fail.\n\n", name, shape, runtime.Version())
	s := story.Style(colored(a.stdout))
	fmt.Fprintf(a.stdout, "  grows with the next insert    %s\n", s.Bold(sizes(g.Up)))
	if g.Deletes != nil {
		fmt.Fprintf(a.stdout, "  shrinks with the next delete  %s\n", s.Bold(sizes(g.Down)))
	}
	fmt.Fprintf(a.stdout, "\nBytes allocated by the insert into a map of so many entries:\n\n%s", plot(g.Inserts, g.Up))
	if g.Deletes != nil {
		fmt.Fprintf(a.stdout, "\nBytes allocated by the delete from one:\n\n%s", plot(g.Deletes, g.Down))
	}
	return nil
}

// sizes lists sizes in lines that fit beside what is before them.
func sizes(all []int) string {
	if len(all) == 0 {
		return "at no size that shows"
	}
	const width, indent = 48, "\n                                "
	var b strings.Builder
	column := 0
	for i, n := range all {
		word := fmt.Sprint(n)
		switch {
		case i == 0:
		case column+1+len(word) > width:
			b.WriteString(indent)
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	return b.String()
}
