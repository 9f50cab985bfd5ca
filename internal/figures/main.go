// Command figures measures what the README claims, side by side with what people
// do otherwise, and prints tables in Markdown:
//
//	go run ./internal/figures planted    planted bugs: a search against a hand-written loop
//	go run ./internal/figures policy     planted bugs: a learning search against a uniform one
//	go run ./internal/figures controlled planted bugs: runs in which it is decided who goes on against free ones
//	go run ./internal/figures noise      planted bugs: workers that are disturbed within ops against between them
//	go run ./internal/figures boundary   the built-in map: filled to a growth boundary, or not
//
// It takes minutes, and wants an idle machine.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/mapstress/mapstress/internal/buggy"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/child/serve"
	"github.com/mapstress/mapstress/target"
)

// An options is what all measurements share.
type options struct {
	seeds int
	limit time.Duration // of each search, and of each loop
	bugs  []buggy.Bug
	out   io.Writer
}

func main() {
	if serve.Requested() {
		serve.Main(append(target.Builtin(), buggy.Targets()...))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "figures:", err)
		os.Exit(2)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		return fmt.Errorf("measure what? Want planted, policy, controlled, noise or boundary")
	}
	flags := flag.NewFlagSet("figures "+args[0], flag.ContinueOnError)
	o := options{out: out}
	flags.IntVar(&o.seeds, "seeds", 5, "how many times each is measured")
	flags.DurationVar(&o.limit, "time", 20*time.Second, "longest time of each")
	only := flags.String("only", "", "part of the names of the planted bugs to take; empty is all")
	seed := flags.Int64("seed", 1, "for loop: where its choices come from")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	for _, b := range buggy.All() {
		if strings.Contains(b.Target.Name, *only) {
			o.bugs = append(o.bugs, b)
		}
	}
	if len(o.bugs) == 0 {
		return fmt.Errorf("no planted bug's name has %q in it", *only)
	}
	switch args[0] {
	case "planted":
		return planted(ctx, &o)
	case "policy":
		return policies(ctx, &o)
	case "boundary":
		return boundary(ctx, &o)
	case "controlled":
		return controlledRuns(ctx, &o)
	case "noise":
		return noise(ctx, &o)
	case "loop": // by planted, in a process of its own
		return loop(&o.bugs[0].Target, *seed, o.limit)
	}
	return fmt.Errorf("unknown measurement %q; want planted, policy, controlled, noise or boundary", args[0])
}

// children are this program again.
func children() (child.Config, error) {
	program, err := os.Executable()
	return child.Config{Command: []string{program}}, err
}

// header writes where the figures are from, and the table's head.
func (o *options) header(columns ...string) {
	fmt.Fprintf(o.out, "%s %s/%s, %d CPUs, %s, seeds 1 to %d, at most %v each\n\n",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), time.Now().Format(time.DateOnly), o.seeds, o.limit)
	o.row(columns...)
	o.row(slices.Repeat([]string{"---"}, len(columns))...)
}

func (o *options) row(cells ...string) { fmt.Fprintf(o.out, "| %s |\n", strings.Join(cells, " | ")) }

// times are how long it took until something was found; less than 0 is not found.
type times []time.Duration

const missed = -1

// median returns the median; what was not found counts as longer than all else.
func (t times) median() time.Duration {
	sorted := slices.Clone(t)
	slices.SortFunc(sorted, func(a, b time.Duration) int {
		switch {
		case a == b:
			return 0
		case a == missed || b != missed && a > b:
			return 1
		}
		return -1
	})
	return sorted[len(sorted)/2]
}

func (t times) found() (n int) {
	for _, d := range t {
		if d != missed {
			n++
		}
	}
	return n
}

// String writes the median, and how often it was found if not always.
func (t times) String() string {
	text := fmt.Sprintf("%.2f s", t.median().Seconds())
	if t.median() == missed {
		text = "not found"
	}
	if n := t.found(); n < len(t) {
		text += fmt.Sprintf(" (%d of %d)", n, len(t))
	}
	return text
}

// against returns how many times longer the other took, at the median.
func (t times) against(other times, limit time.Duration) string {
	if t.median() == missed {
		return "-"
	}
	if other.median() == missed {
		return fmt.Sprintf("> %.0f", limit.Seconds()/t.median().Seconds())
	}
	return fmt.Sprintf("%.2g", other.median().Seconds()/t.median().Seconds())
}
