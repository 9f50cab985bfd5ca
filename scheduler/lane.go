package scheduler

import "github.com/mapstress/mapstress/target"

// A lane is where one run after the other has its map.
type lane struct {
	number   int // 0 or 1
	instance *target.Instance
	m        *target.Map[uint64, uint64] // for whoever fills and reads the map
	inserter inserter
	remove   func(k, v uint64) // for a peak; nil if the map has no method for it
	open     bool              // the map has not been closed
}

func newLane(number int, m target.Instance) *lane {
	l := &lane{number: number, instance: &m}
	l.m = l.methods()
	l.remove = deleter(l.m)
	return l
}

// methods returns the methods of the map of each run, for one goroutine.
func (l *lane) methods() *target.Map[uint64, uint64] {
	if l.instance.Renew == nil {
		return &l.instance.Map
	}
	own := l.instance.Own()
	return &own
}

// renew makes a fresh map, which must have what the first one had.
func (l *lane) renew(v *target.Variant, s *Schedule) error {
	l.open = true
	if l.instance.Renew != nil {
		l.instance.Renew()
		return nil
	}
	*l.instance = v.New()
	return supports(l.m, s)
}

func (l *lane) close() {
	if l.open && l.instance.Close != nil {
		l.instance.Close()
	}
	l.open = false
}
