package strategy

// A Portfolio shares runs among strategies, since none is the best for all bugs: each gets
// its share of any stretch of runs, as exactly as can be, in an order that is always the
// same. A strategy that has no further run to make is left out from then on.
//
// When one of them has explored everything, so that no other can find anything new, the
// portfolio has no further run to make either.
type Portfolio struct {
	members  []member
	current  int // whose run it is, or was last; -1 before the first
	complete bool
}

type member struct {
	Member
	due   int64 // the lower, the sooner it is its turn
	ended bool
}

// A Member is a strategy of a portfolio.
type Member struct {
	Name     string
	Strategy Strategy
	Share    int // of the runs, in proportion to the others; 0 is 1
}

// NewPortfolio returns a portfolio of at least one member.
func NewPortfolio(members ...Member) *Portfolio {
	p := &Portfolio{current: -1}
	for _, m := range members {
		m.Share = max(m.Share, 1)
		p.members = append(p.members, member{Member: m})
	}
	return p
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
			return true
		}
		m.ended = true
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

// Next is the name of the member whose run is next, if that has a run to make; "" if there is none.
func (p *Portfolio) Next() string {
	if next := p.next(); next >= 0 && !p.complete {
		return p.members[next].Name
	}
	return ""
}

// Complete says that one of the members has explored everything.
func (p *Portfolio) Complete() bool { return p.complete }
