package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/internal/story"
)

// explain says what each choice of the search bought, dimension by dimension. The
// intervals have the schedules for their sample: runs of one are not independent.
func (r *textReporter) explain(t *mapstress.TargetReport) {
	r.strategies(t)
	if len(t.Choices) == 0 {
		return
	}
	fmt.Fprintf(r.stdout, "  what each choice bought, with 95 %% intervals; a detection is a schedule that failed\n")
	w := tabwriter.NewWriter(r.stdout, 0, 8, 2, ' ', 0)
	dimension := ""
	for i := range t.Choices {
		a := &t.Choices[i]
		if a.Dimension != dimension {
			dimension = a.Dimension
			fmt.Fprintf(w, "  %s\tschedules\truns\toverlapped\tgrowth overlaps\tdetections per CPU-second\n", dimension)
		}
		fmt.Fprintf(w, "    %s\t%s\t%s\t%s\t%s\t%s\n", a.Setting, story.Count(uint64(a.Tries)), story.Count(a.Tally.Runs),
			shareInterval(a.Overlapped), shareInterval(a.Growth), rateInterval(a.Detections))
	}
	w.Flush()
}

// strategies says what each strategy of controlled runs found.
func (r *textReporter) strategies(t *mapstress.TargetReport) {
	if len(t.Strategies) == 0 {
		return
	}
	fmt.Fprintln(r.stdout, "  what each strategy of controlled runs found")
	w := tabwriter.NewWriter(r.stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintf(w, "    \truns\tfailing\tfailing per CPU-second\tfound first\n")
	for _, s := range t.Strategies {
		fmt.Fprintf(w, "    %s\t%s\t%s\t%s\t%s\n", s.Strategy, story.Count(s.Runs), story.Percent(s.Failed, s.Runs),
			digits(float64(s.Failed)/max(s.CPU.Seconds(), 1e-9)), story.Plural(s.First, "finding"))
	}
	w.Flush()
}

// shareInterval writes "41 % (38-44)".
func shareInterval(r mapstress.Rate) string {
	return fmt.Sprintf("%s %% (%s-%s)", digits(100*r.Value), digits(100*r.Low), digits(100*r.High))
}

// rateInterval writes "2.1 (1.3-3.2)".
func rateInterval(r mapstress.Rate) string {
	return fmt.Sprintf("%s (%s-%s)", digits(r.Value), digits(r.Low), digits(r.High))
}

// digits writes a number with two digits that mean something, or all before the
// point.
func digits(x float64) string {
	switch {
	case x == 0:
		return "0"
	case x >= 10:
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.2g", x)
}
