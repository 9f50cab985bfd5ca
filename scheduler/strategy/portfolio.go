package strategy

import (
	"fmt"
	"slices"
)

// A Portfolio shares runs among strategies, since none is the best for all bugs: each gets
// its share of any stretch of runs, as exactly as can be, in an order that is always the
// same. A strategy that has no further run to make is left out from then on.
//
// When one of them has explored everything, so that no other can find anything new, the
// portfolio has no further run to make either.
type Portfolio struct {
	members  []member
	current  int // whose run it is, or was last; -1 before the first
	runs     int
	complete bool
}

type member struct {
	Member
	due     int64 // the lower, the sooner it is its turn
	ended   bool
	account Account
}

// A Member is a strategy of a portfolio.
type Member struct {
	Name     string
	Strategy Strategy
	Share    int // of the runs, in proportion to the others; 0 is 1
}

// An Account says what the runs of a member have come to.
type Account struct {
	Name  string
	Runs  int
	Ended bool // it has no further run to make
	Found []Find
}

// A Find is something that was found in the runs of a member.
type Find struct {
	What  string
	First int // the run in which it was found first, of all the portfolio's, from 1
	Times int
}

// NewPortfolio returns a portfolio of at least one member.
func NewPortfolio(members ...Member) *Portfolio {
	p := &Portfolio{current: -1}
	for _, m := range members {
		m.Share = max(m.Share, 1)
		p.members = append(p.members, member{Member: m, account: Account{Name: m.Name}})
	}
	return p
}

// Usual is a portfolio for programs of which nothing is known: a random walk, PCT for bugs
// of depths 2 and 3, POS and SURW. All its runs follow from the seed.
func Usual(seed uint64) *Portfolio {
	r := rng(seed)
	return NewPortfolio(
		Member{"random", NewRandom(r.next()), 2},
		Member{"pct2", NewPCT(r.next(), 2), 1},
		Member{"pct3", NewPCT(r.next(), 3), 1},
		Member{"pos", NewPOS(r.next()), 2},
		Member{"surw", NewSURW(r.next()), 2},
	)
}

func (p *Portfolio) Begin(workers int) bool {
	for !p.complete {
		next := p.next()
		if next < 0 {
			return false
		}
		m := &p.members[next]
		if m.Strategy.Begin(workers) {
			p.current = next
			m.due += turn / int64(m.Share)
			m.account.Runs++
			p.runs++
			return true
		}
		m.ended, m.account.Ended = true, true
		if e, ok := m.Strategy.(*Exhaustive); ok {
			p.complete = e.Progress().Complete
		}
	}
	return false
}

// turn is by how much a run of a member with a share of 1 puts it off: shares up to some
// thousands are kept exactly enough.
const turn = 1 << 32

// next is whose turn it is: who has had the least for its share, of these the first. It is
// -1 if nobody is left.
func (p *Portfolio) next() int {
	best := -1
	for i := range p.members {
		if m := &p.members[i]; !m.ended && (best < 0 || m.due < p.members[best].due) {
			best = i
		}
	}
	return best
}

func (p *Portfolio) Pick(v *View) int { return p.members[p.current].Strategy.Pick(v) }

func (p *Portfolio) Step(worker int, step Point) { p.members[p.current].Strategy.Step(worker, step) }

func (p *Portfolio) Finish() { p.members[p.current].Strategy.Finish() }

// Enable and Left are for members that listen.
func (p *Portfolio) Enable(by, other int) {
	if l, ok := p.members[p.current].Strategy.(Listener); ok {
		l.Enable(by, other)
	}
}

func (p *Portfolio) Left(worker int, step Point) {
	if l, ok := p.members[p.current].Strategy.(Listener); ok {
		l.Left(worker, step)
	}
}

// Current is the name of the member whose run it is, or was last; "" before the first.
func (p *Portfolio) Current() string {
	if p.current < 0 {
		return ""
	}
	return p.members[p.current].Name
}

// Complete says that one of the members has explored everything.
func (p *Portfolio) Complete() bool { return p.complete }

// Found tells that the last run, or the one under way, found something.
func (p *Portfolio) Found(what string) {
	if p.current < 0 {
		panic("strategy: found before the first run")
	}
	a := &p.members[p.current].account
	i := slices.IndexFunc(a.Found, func(f Find) bool { return f.What == what })
	if i < 0 {
		i = len(a.Found)
		a.Found = append(a.Found, Find{What: what, First: p.runs})
	}
	a.Found[i].Times++
}

// Accounts are those of all members, in their order.
func (p *Portfolio) Accounts() (all []Account) {
	for i := range p.members {
		a := p.members[i].account
		a.Found = slices.Clone(a.Found)
		all = append(all, a)
	}
	return all
}

// String is a line: "pos: 100 runs, lost-key in 12 of them, first in run 7".
func (a Account) String() string {
	text := fmt.Sprintf("%s: %d runs", a.Name, a.Runs)
	for _, f := range a.Found {
		text += fmt.Sprintf(", %s in %d of them, first in run %d", f.What, f.Times, f.First)
	}
	if len(a.Found) == 0 {
		text += ", nothing found"
	}
	return text
}
