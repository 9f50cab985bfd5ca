package buggy

import (
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/target"
)

// These bugs show when the function of a Compute does more than answer.

func callbackLocked() Bug {
	b := Bug{
		Doc: "Compute calls its function under the lock, though its documentation lets that call the map: " +
			"it waits for itself",
		Expect:     Expect{oracle.Hang: {"deadlock"}},
		Sequential: true, InCallback: true,
	}
	contract := target.Contract{
		Source: "its own comments",
		InCompute: target.Callback{Calls: true, Again: true,
			Quote: "Compute holds no lock while it calls the function, and calls it again if the value has changed meanwhile."},
	}
	b.Target, b.Correct = pair("callback-locked", contract,
		func() target.Map[int, int] { return methods(newStriped(1)) },
		func() target.Map[int, int] {
			s := newStriped(1)
			m := methods(s)
			m.Compute = s.computeUnlocked
			return m
		})
	return b
}

// panicking is the contract of maps that must bear a function that panics.
var panicking = target.Contract{
	Source:    "its own comments",
	InCompute: target.Callback{Panics: true, Quote: "If the function panics, Compute leaves the map as it was."},
}

func panicLeavesLock() Bug {
	b := Bug{
		Doc:        "Compute gives back its lock after its function has returned, and not if that panics",
		Expect:     Expect{oracle.Hang: {"deadlock"}},
		Sequential: true, InCallback: true,
	}
	b.Target, b.Correct = pair("panic-leaves-lock", panicking, func() target.Map[int, int] {
		s := newStriped(1)
		m := methods(s)
		m.Compute = s.computeWithoutDefer
		return m
	}, func() target.Map[int, int] { return methods(newStriped(1)) })
	return b
}

func (s stripedMap) computeWithoutDefer(k int, f func(int, bool) (int, bool)) (v int, ok bool) {
	t := s.of(k)
	t.Lock()
	t.update(k, func(old int, loaded bool) (int, bool) {
		next, remove := f(old, loaded) // the bug: no Unlock if it panics
		if ok = !remove; ok {
			v = next
		}
		return next, ok
	})
	t.Unlock()
	return v, ok
}

func panicLosesEntry() Bug {
	b := Bug{
		Doc: "Compute takes the entry out, has its function make a new one, and puts that in: " +
			"if the function panics, there is none",
		Expect:     Expect{oracle.SilentCorruption: {oracle.LostKey, oracle.LostUpdate, oracle.WrongLen, oracle.NonLinearizable}},
		Sequential: true, InCallback: true,
	}
	b.Target, b.Correct = pair("panic-loses-entry", panicking, func() target.Map[int, int] {
		s := newStriped(1)
		m := methods(s)
		m.Compute = s.computeAnew
		return m
	}, func() target.Map[int, int] { return methods(newStriped(1)) })
	return b
}

func (s stripedMap) computeAnew(k int, f func(int, bool) (int, bool)) (v int, ok bool) {
	t := s.of(k)
	t.Lock()
	defer t.Unlock()
	old, loaded := t.m[k]
	delete(t.m, k) // the bug: what it holds is gone, should the function panic
	next, remove := f(old, loaded)
	if remove {
		return 0, false
	}
	t.m[k] = next
	return next, true
}
