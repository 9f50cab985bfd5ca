package scenarios

import (
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// addOdd adds, in 3 of 10 schedules of a shape that has odd keys, an op or two on
// such keys to some workers. What they answer is not judged; a lock that stays held
// when hashing a key panics, or entries that nobody finds again, shows in the others. A map
// with such entries cannot last for several rounds: what it holds cannot be read.
func (d *draft) addOdd() {
	if !slices.Contains(d.space.Odd, d.s.Shape) || !d.chance(30) || d.s.Rounds > 1 {
		return
	}
	for w := range d.s.Workers {
		for range d.Intn(3) {
			op := history.Op{Kind: d.keyedKind(), Key: target.FirstOdd + uint64(d.Intn(2))}
			at := d.Intn(len(d.s.Workers[w]) + 1)
			for at < len(d.s.Workers[w]) && d.s.Workers[w][at].Inside {
				at++ // leave together what belongs together
			}
			d.s.Workers[w] = slices.Insert(d.s.Workers[w], at, op)
		}
	}
}

// keyedKind draws a method that takes a key.
func (d *draft) keyedKind() history.Kind {
	keyed := slices.DeleteFunc(slices.Clone(d.space.Kinds), func(k history.Kind) bool { return !k.Keyed() })
	return pick(d, keyed)
}
