package buggy

import (
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/target"
)

func checkThenAct() Bug {
	b := Bug{
		Doc: "LoadOrStore looks under the read lock and stores under the write lock, without a second look: " +
			"of two callers both store, and both are told that they did",
		// The second winner's value replaces the first's, which no Store asked for.
		Expect: Expect{oracle.SilentCorruption: {
			oracle.LostUpdate, oracle.NonLinearizable, oracle.LostKey, oracle.StaleRead, oracle.Resurrected, oracle.ConsumedTwice,
		}},
	}
	b.Target, b.Correct = pair("check-then-act", target.Contract{}, func() target.Map[int, int] {
		s := newStriped(1)
		m := methods(s)
		m.LoadOrStore = func(k, v int) (int, bool) {
			if actual, ok := s.load(k); ok {
				return actual, true
			}
			s.update(k, func(int, bool) (int, bool) { return v, true })
			return v, false
		}
		return m
	}, func() target.Map[int, int] { return methods(newStriped(1)) })
	return b
}
