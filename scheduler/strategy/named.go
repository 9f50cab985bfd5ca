package strategy

import "slices"

// Usual is the name of a portfolio for programs of which nothing is known: a random walk, PCT
// for bugs of depths 2 and 3, POS and SURW.
const Usual = "usual"

// named are the strategies that make one run after the other by chance, and their shares of the
// portfolio.
var named = [Count]struct {
	name  string
	new   func(seed uint64) Strategy
	share int
}{
	{"random", func(seed uint64) Strategy { return NewRandom(seed) }, 2},
	{"pct2", func(seed uint64) Strategy { return NewPCT(seed, 2) }, 1},
	{"pct3", func(seed uint64) Strategy { return NewPCT(seed, 3) }, 1},
	{"pos", func(seed uint64) Strategy { return NewPOS(seed) }, 2},
	{"surw", func(seed uint64) Strategy { return NewSURW(seed) }, 2},
	{"urw", func(seed uint64) Strategy { return NewURW(seed) }, 0},
}

// Count is how many strategies have a name, without Usual.
const Count = 6

// Name returns the name of the strategy of that number, from 0 to Count-1.
func Name(number int) string { return named[number].name }

// Number returns the number of a strategy by its name; -1 if there is none, or it is Usual.
func Number(name string) int {
	for i := range named {
		if named[i].name == name {
			return i
		}
	}
	return -1
}

// Names returns what Named knows, Usual first.
func Names() []string {
	names := []string{Usual}
	for i := range named {
		names = append(names, named[i].name)
	}
	return slices.Clip(names)
}

// Named returns a new strategy by its name, all of whose choices follow from the seed; nil if
// there is none of that name.
func Named(name string, seed uint64) Strategy {
	if name != Usual {
		if i := Number(name); i >= 0 {
			return named[i].new(seed)
		}
		return nil
	}
	r := rng(seed)
	var members []Member
	for i := range named {
		if m := &named[i]; m.share > 0 {
			members = append(members, Member{m.name, m.new(r.next()), m.share})
		}
	}
	return NewPortfolio(members...)
}
