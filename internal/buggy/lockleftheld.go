package buggy

import (
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/target"
)

func lockLeftHeld() Bug {
	b := Bug{
		Doc: "LoadOrStore looks again once it has the write lock; if another caller was first, " +
			"it returns without unlocking, and every later call hangs",
		Expect: Expect{oracle.Hang: {"deadlock"}},
	}
	b.Target, b.Correct = pair("lock-left-held", target.Contract{}, func() target.Map[int, int] {
		s := newStriped(1)
		m := methods(s)
		m.LoadOrStore = s.loadOrStoreLeavingLock
		return m
	}, func() target.Map[int, int] { return methods(newStriped(1)) })
	return b
}

func (s stripedMap) loadOrStoreLeavingLock(k, v int) (int, bool) {
	if actual, ok := s.load(k); ok {
		return actual, true
	}
	t := s.of(k)
	t.Lock()
	if actual, ok := t.m[k]; ok {
		return actual, true // the bug: no Unlock on this path
	}
	t.m[k] = v
	t.Unlock()
	return v, false
}
