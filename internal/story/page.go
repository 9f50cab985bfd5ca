package story

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler/controlled"
)

//go:embed page.tmpl
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// maxPageRows is how long the table of a page is: of a longer one the end is told.
const maxPageRows = 2000

// Page writes the story as one page for a browser, which needs nothing else: no script, and no
// file from elsewhere. Of a controlled run it has the table, and all points when they are opened.
func Page(w io.Writer, c *corpus.Case, steps []controlled.Step, replay string) error {
	p := page{
		Title: Title(c.Verdict), Target: c.Target, Detail: c.Verdict.Detail, Promise: c.Verdict.Promise,
		Size:       Plural(len(c.Schedule.Workers), "worker") + ", " + Plural(c.Schedule.Ops(), "op") + shrunkFrom(c),
		Reproduced: Reproduced(c), Found: c.Found.String(), Schedule: c.Schedule.Text(), Replay: replay,
	}
	if h, err := history.ParseText(c.History); err == nil && len(h.Events) > 0 {
		events := Conflicting(h, c.Verdict.Events)
		if round := Round(c, h); round != "" {
			p.Size += ", " + round
		}
		p.Picture = template.HTML(history.SVG(events, func(i int) bool {
			return slices.ContainsFunc(c.Verdict.Events, func(n int) bool { return n < len(h.Events) && same(&h.Events[n], &events[i]) })
		}))
	}
	p.accesses(c)
	if len(steps) > 0 {
		p.table(tabled(c, steps))
	}
	return pageTemplate.Execute(w, p)
}

func same(a, b *history.Event) bool { return a.Worker == b.Worker && a.Inv == b.Inv }

// A page is what the template is filled with.
type page struct {
	Title, Target, Size, Reproduced, Found string
	Detail, Promise                        string
	Picture                                template.HTML // of our own making, and escaped there
	Accesses                               []pageAccess
	Workers                                []int
	Left                                   string
	Rows                                   []pageRow
	Schedule, Replay                       string
}

type pageAccess struct {
	Head    string
	Calls   []pageCall
	Started string
}

type pageCall struct{ Place, Func string }

type pageRow struct {
	Switch        bool // another worker went on
	Before, After []struct{}
	Kind          kind
	Text          string
	Points        []pagePoint
}

type pagePoint struct {
	Text  string
	Races bool
}

func (p *page) accesses(c *corpus.Case) {
	for i := range c.Verdict.Accesses {
		a := &c.Verdict.Accesses[i]
		told := pageAccess{Head: heading(c, a), Started: startedAt(a)}
		for _, f := range a.Stack {
			told.Calls = append(told.Calls, pageCall{place(f), f.Func})
		}
		p.Accesses = append(p.Accesses, told)
	}
}

func (p *page) table(t *table) {
	for w := range t.workers {
		p.Workers = append(p.Workers, w)
	}
	rows := t.rows[max(0, len(t.rows)-maxPageRows):]
	if left := len(t.rows) - len(rows); left > 0 {
		p.Left = Plural(left, "row")
	}
	for i := range rows {
		r := &rows[i]
		told := pageRow{
			Switch: i > 0 && rows[i-1].worker != r.worker, Kind: r.kind, Text: r.text,
			Before: make([]struct{}, r.worker), After: make([]struct{}, t.workers-1-r.worker),
		}
		for _, s := range r.steps {
			text := s.Kind
			if s.Addr != 0 {
				text += fmt.Sprintf(" of address %d", s.Addr)
			}
			told.Points = append(told.Points, pagePoint{fmt.Sprintf("%s at %s in %s", text, s.Where, s.Where.Func), s.Races})
		}
		p.Rows = append(p.Rows, told)
	}
}
