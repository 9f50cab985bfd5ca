package buggy

import (
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/target"
)

func nonAtomicClear() Bug {
	b := Bug{
		Doc: "Clear replaces the table without the writers' lock: a writer that is in the old one still counts " +
			"its entry, and one that grows it puts everything back",
		Expect: Expect{
			oracle.SilentCorruption: {oracle.WrongLen, oracle.StaleRead, oracle.Resurrected, oracle.LostKey, oracle.NonLinearizable},
			oracle.Contract:         {oracle.WrongLen},
		},
	}
	b.Target, b.Correct = pair("non-atomic-clear", exactAtRest,
		func() target.Map[int, int] { return methods(unlockedClear{newReadMostly(true)}) },
		func() target.Map[int, int] { return methods(newReadMostly(true)) })
	return b
}

type unlockedClear struct{ *readMostly }

func (t unlockedClear) clear() {
	t.count.Store(0) // the bug: the lock is not held
	t.buckets.Store(emptyTable())
}
