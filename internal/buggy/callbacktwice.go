package buggy

import (
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/target"
)

func callbackTwice() Bug {
	b := Bug{
		Doc: "Compute calls its function without a lock, so as not to hold up others, " +
			"and calls it again if the value has changed by the time it is to be stored",
		Expect: Expect{oracle.Contract: {oracle.CallbackCount}},
	}
	contract := target.Contract{
		Source:  "its own comments",
		Compute: target.Promise{Quote: "Compute calls the function once."},
	}
	b.Target, b.Correct = pair("callback-twice", contract, func() target.Map[int, int] {
		s := newStriped(1)
		m := methods(s)
		m.Compute = s.computeUnlocked
		return m
	}, func() target.Map[int, int] { return methods(newStriped(1)) })
	return b
}

func (s stripedMap) computeUnlocked(k int, f func(int, bool) (int, bool)) (v int, ok bool) {
	for done := false; !done; {
		old, loaded := s.load(k)
		next, remove := f(old, loaded) // the bug: once for each attempt
		s.update(k, func(now int, present bool) (int, bool) {
			if done = now == old && present == loaded; done {
				return next, !remove
			}
			return now, present
		})
		v, ok = next, !remove
	}
	if !ok {
		return 0, false
	}
	return v, true
}
