package machine

import "math/rand"

// Any makes a small program: accesses, ranges, atomics, locks, semaphores, spawns,
// calls, and steps that depend on what was read.
func Any(r *rand.Rand, workers, steps int) *Program {
	p := &Program{Workers: workers}
	spawned := 0
	for w := 0; w < workers+spawned; w++ {
		var code []Instr
		locked := -1
		for range 1 + r.Intn(steps) {
			a := r.Intn(3)
			switch r.Intn(14) {
			case 0, 1:
				code = append(code, Load(a))
			case 2, 3:
				code = append(code, Plus(1), Store(a))
			case 4:
				code = append(code, LoadRange(a, 2))
			case 5:
				code = append(code, StoreRange(a, 2))
			case 6:
				code = append(code, AtomicAdd(a, 1))
			case 7:
				code = append(code, CAS(a, 0, 1), If(0, len(code)+3), Load(1+r.Intn(2)))
			case 8, 9:
				if locked < 0 {
					locked = 5 + r.Intn(2)
					code = append(code, Lock(locked))
				} else {
					code = append(code, Unlock(locked))
					locked = -1
				}
			case 10:
				code = append(code, Release(8))
			case 11:
				if r.Intn(3) == 0 {
					code = append(code, Acquire(8))
				}
			case 12:
				if spawned == 0 && workers < 3 {
					spawned++
					code = append(code, Spawn())
				}
			case 13:
				code = append(code, Call(), Return())
			}
		}
		if locked >= 0 && r.Intn(4) > 0 {
			code = append(code, Unlock(locked))
		}
		p.Codes = append(p.Codes, code)
	}
	return p
}
