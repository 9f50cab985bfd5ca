package buggy

import (
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/target"
)

func nonAtomicSwap() Bug {
	b := Bug{
		Doc: "Swap is a Load and then a Store: what is put in between them is lost, " +
			"and nobody is told that it was there",
		Expect: Expect{oracle.SilentCorruption: {
			oracle.ConsumedTwice, oracle.LostUpdate, oracle.LostKey, oracle.StaleRead, oracle.Resurrected, oracle.NonLinearizable,
		}},
	}
	b.Target, b.Correct = pair("non-atomic-swap", target.Contract{}, func() target.Map[int, int] {
		s := newStriped(1)
		m := methods(s)
		m.Swap = func(k, v int) (int, bool) {
			old, loaded := s.load(k)
			m.Store(k, v) // the bug: under another lock than the load
			return old, loaded
		}
		return m
	}, func() target.Map[int, int] { return methods(newStriped(1)) })
	return b
}
