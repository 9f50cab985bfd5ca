package instrument

import "strings"

// The minor versions of Go 1 on which the patches are tested.
const (
	oldest = 23
	newest = 27
)

// patches is what is changed in Go's own files. In the text, the names that begin with
// mapstress are those of runtime.go.txt.
var patches = concat(goroutines, timers, chance, channels, locks, maps, copies, atomics)

func concat(all ...[]patch) (joined []patch) {
	for _, some := range all {
		joined = append(joined, some...)
	}
	return joined
}

// goroutines: those of the run are started, parked and woken by the engine.
var goroutines = []patch{
	{file: "runtime/proc.go",
		old: "\tdropg()\n\n\tif fn := mp.waitunlockf; fn != nil {",
		new: "\tdropg()\n\n\tmapstressParks(gp)\n\tif fn := mp.waitunlockf; fn != nil {"},
	{file: "runtime/proc.go",
		old: "\t\t\texecute(gp, true) // Schedule it back, never returns.",
		new: "\t\t\tgp.racectx &^= mapstressParked\n\t\t\texecute(gp, true) // Schedule it back, never returns."},
	{file: "runtime/proc.go",
		old: "\tschedule()\n}\n\nfunc goschedImpl(",
		new: "\tmapstressHasParked(gp)\n\tschedule()\n}\n\nfunc goschedImpl("},
	{file: "runtime/proc.go",
		old: "\nfunc ready(gp *g, traceskip int, next bool) {\n",
		new: "\nfunc ready(gp *g, traceskip int, next bool) {\n\tif mapstressReadies(gp) {\n\t\treturn\n\t}\n"},
	{file: "runtime/proc.go",
		old: "\tsystemstack(func() {\n\t\tnewg := newproc1(fn, gp, pc, false, waitReasonZero)\n",
		new: "\tif mapstressStarts(fn, gp, pc) {\n\t\treturn\n\t}\n\tsystemstack(func() {\n\t\tnewg := newproc1(fn, gp, pc, false, waitReasonZero)\n"},
	{file: "runtime/proc.go",
		old: "\tgdestroy(gp)\n\tschedule()\n}\n",
		new: "\tours := mapstressEnds(gp)\n\tgdestroy(gp)\n\tif ours {\n\t\tmapstressToHome(2)\n\t}\n\tschedule()\n}\n"},
	// A run has its memory for itself until it is over: its races are told by address.
	{file: "runtime/mgc.go",
		old: "\nfunc GC() {\n",
		new: "\nfunc GC() {\n\tif mapstressOn() {\n\t\treturn\n\t}\n"},
	{file: "runtime/proc.go",
		old: "\nfunc Gosched() {\n",
		new: "\nfunc Gosched() {\n\tif mapstressYields() {\n\t\treturn\n\t}\n"},
}

// timers: the clock is the run's, and so are what goes by it.
var timers = []patch{
	{file: "runtime/time.go", since: 24,
		old: "\nfunc time_runtimeNow() (sec int64, nsec int32, mono int64) {\n",
		new: "\nfunc time_runtimeNow() (sec int64, nsec int32, mono int64) {\n\tif getg().racectx&mapstressDraws != 0 {\n\t\treturn mapstressNow()\n\t}\n"},
	{file: "runtime/time.go", since: 24,
		old: "\nfunc time_runtimeNano() int64 {\n",
		new: "\nfunc time_runtimeNano() int64 {\n\tif getg().racectx&mapstressDraws != 0 {\n\t\treturn mapstressNano()\n\t}\n"},
	{file: "runtime/time.go",
		old: "\nfunc timeSleep(ns int64) {\n",
		new: "\nfunc timeSleep(ns int64) {\n\tif mapstressSleeps(ns) {\n\t\treturn\n\t}\n"},
	{file: "runtime/time.go",
		old: "\nfunc newTimer(when, period int64, f func(arg any, seq uintptr, delay int64), arg any, c *hchan) *timeTimer {\n",
		new: "\nfunc newTimer(when, period int64, f func(arg any, seq uintptr, delay int64), arg any, c *hchan) *timeTimer {\n\tif getg().racectx&mapstressDraws != 0 {\n\t\treturn mapstressNewTimer(when, period, f, arg, c)\n\t}\n"},
	{file: "runtime/time.go",
		old: "\nfunc stopTimer(t *timeTimer) bool {\n",
		new: "\nfunc stopTimer(t *timeTimer) bool {\n\tif ours, pending := mapstressResets(t, 0, 0, false); ours {\n\t\treturn pending\n\t}\n"},
	{file: "runtime/time.go",
		old: "\nfunc resetTimer(t *timeTimer, when, period int64) bool {\n",
		new: "\nfunc resetTimer(t *timeTimer, when, period int64) bool {\n\tif ours, pending := mapstressResets(t, when, period, true); ours {\n\t\treturn pending\n\t}\n"},
}

// chance: what is random follows from the run's seed.
var chance = []patch{
	{file: "runtime/rand.go",
		old: "\tglobalRand.state.Init(*seed)\n",
		new: "\t*seed = [32]byte{1, 2, 3, 4, 5, 6, 7, 8}\n\tglobalRand.state.Init(*seed)\n"},
	{file: "runtime/rand.go",
		old: "\nfunc rand() uint64 {\n",
		new: "\nfunc rand() uint64 {\n\tif getg().racectx&mapstressDraws != 0 {\n\t\treturn mapstressRand()\n\t}\n"},
	{file: "runtime/rand.go",
		old: "\nfunc cheaprand() uint32 {\n",
		new: "\nfunc cheaprand() uint32 {\n\tif getg().racectx&mapstressDraws != 0 {\n\t\treturn mapstressCheap()\n\t}\n"},
	{file: "runtime/rand.go", since: 27, // before, it called cheaprand
		old: "\nfunc cheaprandu64() uint64 {\n",
		new: "\nfunc cheaprandu64() uint64 {\n\tif getg().racectx&mapstressDraws != 0 {\n\t\treturn uint64(mapstressCheap())<<32 | uint64(mapstressCheap())\n\t}\n"},
	// How many threads the runtime starts while packages are initialized is not the same in each
	// process, and what is drawn for them was drawn from the numbers of who starts them: a seed
	// that a package makes for all of its maps was another one.
	{file: "runtime/rand.go", until: 27,
		old: "\tmp.cheaprand = rand()\n",
		new: "\tmp.cheaprand = seed[0] | 1\n"},
	{file: "runtime/rand.go", since: 27,
		old: "\tmp.cheaprand = uint32(rand())\n\tmp.cheaprand64 = rand()\n",
		new: "\tmp.cheaprand, mp.cheaprand64 = uint32(seed[0])|1, seed[0]|1\n"},
	// What the runtime draws for itself, now and then, is not the run's: not whether it remembers
	// the answer to a type assertion, which a process then does for good, nor which line of code
	// it forgets, nor whom it wakes.
	{file: "runtime/iface.go", all: true,
		old: "\tif cheaprand()&1023 != 0 {\n",
		new: "\tif getg().racectx&mapstressDraws != 0 || cheaprand()&1023 != 0 {\n"},
	{file: "runtime/symtab.go",
		old: "\tci := cheaprandn(uint32(len(cache.entries[ck])))\n",
		new: "\tci := uint32(0)\n\t\t\t\t\tif getg().racectx&mapstressDraws == 0 {\n\t\t\t\t\t\tci = cheaprandn(uint32(len(cache.entries[ck])))\n\t\t\t\t\t}\n"},
	{file: "runtime/lock_spinbit.go", since: 24,
		old: "\tantiStarve := cheaprandn(mutexTailWakePeriod) == 0\n",
		new: "\tantiStarve := getg().racectx&mapstressDraws == 0 && cheaprandn(mutexTailWakePeriod) == 0\n"},
	// Which small objects share a block is not the same in each process.
	{file: "runtime/malloc.go",
		old: "if off+size <= maxTinySize && c.tiny != 0 {",
		new: "if off+size <= maxTinySize && c.tiny != 0 && getg().racectx&mapstressDraws == 0 {"},
	{file: "runtime/malloc_generated.go", since: 26, until: 27, all: true,
		old: "if off+constsize <= maxTinySize && c.tiny != 0 {",
		new: "if off+constsize <= maxTinySize && c.tiny != 0 && getg().racectx&mapstressDraws == 0 {"},
	{file: "runtime/malloc_generated.go", since: 27, all: true,
		old: "if off+size <= maxTinySize && c.tiny != 0 {",
		new: "if off+size <= maxTinySize && c.tiny != 0 && getg().racectx&mapstressDraws == 0 {"},
	{file: "sync/pool.go",
		old: "\tl, _ := p.pin()\n\tif l.private == nil {\n",
		new: "\tif mapstressOn() {\n\t\treturn\n\t}\n\tl, _ := p.pin()\n\tif l.private == nil {\n"},
	{file: "sync/pool.go",
		old: "\tl, pid := p.pin()\n\tx := l.private\n",
		new: "\tif mapstressOn() {\n\t\tif p.New != nil {\n\t\t\treturn p.New()\n\t\t}\n\t\treturn nil\n\t}\n\tl, pid := p.pin()\n\tx := l.private\n"},
}

// channels: what is sent and received is seen by others.
var channels = []patch{
	{file: "runtime/chan.go",
		old: "\nfunc chansend(c *hchan, ep unsafe.Pointer, block bool, callerpc uintptr) bool {\n",
		new: "\nfunc chansend(c *hchan, ep unsafe.Pointer, block bool, callerpc uintptr) bool {\n\tmapstressChannel(unsafe.Pointer(c))\n"},
	{file: "runtime/chan.go",
		old: "\nfunc chanrecv(c *hchan, ep unsafe.Pointer, block bool) (selected, received bool) {\n",
		new: "\nfunc chanrecv(c *hchan, ep unsafe.Pointer, block bool) (selected, received bool) {\n\tmapstressChannel(unsafe.Pointer(c))\n"},
	// A semaphore may be had without a wait, and then nobody has woken whom it orders.
	{file: "runtime/sema.go",
		old: "\nfunc semacquire1(addr *uint32, lifo bool, profile semaProfileFlags, skipframes int, reason waitReason) {\n",
		new: "\nfunc mapstressAcquire(addr *uint32, lifo bool, profile semaProfileFlags, skipframes int, reason waitReason) {\n"},
	{file: "runtime/sema.go",
		old: "\nfunc semrelease1(addr *uint32, handoff bool, skipframes int) {\n",
		new: "\nfunc semrelease1(addr *uint32, handoff bool, skipframes int) {\n\tmapstressSemaphore(addr)\n"},
	{file: "runtime/select.go",
		old: "cheaprandn(uint32(norder + 1))",
		new: "mapstressChoice(uint32(norder + 1))"},
	{file: "runtime/select.go",
		old: "\tscases := cas1[:ncases:ncases]\n",
		new: "\tscases := cas1[:ncases:ncases]\n\tmapstressSelect(scases)\n"},
	{file: "runtime/chan.go",
		old: "\nfunc closechan(c *hchan) {\n",
		new: "\nfunc closechan(c *hchan) {\n\tmapstressChannel(unsafe.Pointer(c))\n"},
}

// locks: a Mutex that is taken is waited for in the engine, not in the runtime.
var locks = concat(mutex("sync/mutex.go", 0, 24), mutex("internal/sync/mutex.go", 24, 0))

func mutex(file string, since, until int) []patch {
	return []patch{
		{file: file, since: since, until: until,
			old: "\nfunc (m *Mutex) Lock() {\n",
			new: "\nfunc (m *Mutex) Lock() {\n\tif mapstressTake(&m.state) {\n\t\treturn\n\t}\n"},
		{file: file, since: since, until: until,
			old: "\t// Fast path: drop lock bit.\n",
			new: "\tif left, ours := mapstressGive(&m.state); ours {\n\t\tif left != 0 {\n\t\t\tm.unlockSlow(left)\n\t\t}\n\t\treturn\n\t}\n\t// Fast path: drop lock bit.\n"},
		// What mapstressTake relies on.
		{file: file, since: since, until: until,
			old: "\tmutexLocked = 1 << iota // mutex is locked\n\tmutexWoken\n\tmutexStarving\n",
			new: "\tmutexLocked = 1 << iota // mutex is locked\n\tmutexWoken\n\tmutexStarving\n"},
	}
}

// copies: what copy, append and conversions to a string read and write, the compiler leaves to the runtime
// to tell.
var copies = []patch{
	{file: "runtime/slice.go", old: "\tif raceenabled {\n", new: "\tif mapstressSees {\n", all: true},
	{file: "runtime/slice.go", old: "racereadrangepc(", new: "mapstressReadRange(", all: true},
	{file: "runtime/slice.go", old: "racewriterangepc(", new: "mapstressWriteRange(", all: true},
	{file: "runtime/string.go", old: "\tif raceenabled ", new: "\tif mapstressSees ", all: true},
	{file: "runtime/string.go", old: "racereadrangepc(", new: "mapstressReadRange(", all: true},
	{file: "runtime/mbarrier.go",
		old: "needs its own instrumentation.\n\tif raceenabled {\n",
		new: "needs its own instrumentation.\n\tif mapstressSees {\n"},
	{file: "runtime/mbarrier.go", old: "racereadrangepc(", new: "mapstressReadRange("},
	{file: "runtime/mbarrier.go", old: "racewriterangepc(", new: "mapstressWriteRange("},
}

// maps: ops of the built-in map are accesses to it, as they are to the race detector.
var maps = concat(
	swiss("internal/runtime/maps/runtime.go", 26, 0, true), swiss("internal/runtime/maps/runtime_fast32.go", 26, 0, false),
	swiss("internal/runtime/maps/runtime_fast64.go", 26, 0, false), swiss("internal/runtime/maps/runtime_faststr.go", 26, 0, false),
	swiss("internal/runtime/maps/runtime_swiss.go", 24, 26, true), swiss("internal/runtime/maps/runtime_fast32_swiss.go", 24, 26, false),
	swiss("internal/runtime/maps/runtime_fast64_swiss.go", 24, 26, false), swiss("internal/runtime/maps/runtime_faststr_swiss.go", 24, 26, false),
	inRuntime("runtime/map.go", 26, 0, true), inRuntime("runtime/map_swiss.go", 24, 26, true),
	accesses("internal/runtime/maps/runtime.go", "", "unsafe.Pointer"), accesses("internal/runtime/maps/runtime_fast32.go", "_fast32", "uint32"),
	accesses("internal/runtime/maps/runtime_fast64.go", "_fast64", "uint64"), accesses("internal/runtime/maps/runtime_faststr.go", "_faststr", "string"),
	inRuntime("runtime/map.go", 0, 24, true), inRuntime("runtime/map_fast32.go", 0, 24, false),
	inRuntime("runtime/map_fast64.go", 0, 24, false), inRuntime("runtime/map_faststr.go", 0, 24, false),
)

func swiss(file string, since, until int, objects bool) []patch {
	all := []patch{
		{file: file, since: since, until: until, old: "race.Enabled", new: "true", all: true},
		{file: file, since: since, until: until, old: "race.ReadPC(", new: "mapstressReadPC(", all: true},
		{file: file, since: since, until: until, old: "race.WritePC(", new: "mapstressWritePC(", all: true},
		{file: file, since: since, until: until, old: "\t\"internal/race\"\n", new: "\t_ \"internal/race\"\n"},
	}
	if objects {
		all = append(all, patch{file: file, since: since, until: until, old: "race.ReadObjectPC(", new: "mapstressObjectPC(", all: true})
	}
	return all
}

// accesses has a read without the second answer be where the program has it: since Go 1.27 it is
// one with both, which is called in between.
func accesses(file, suffix, key string) []patch {
	with := func(name string) string { return strings.NewReplacer("SUFFIX", suffix, "KEY", key).Replace(name) }
	return []patch{
		{file: file, since: 27,
			old: with("\tp, _ := runtime_mapaccess2SUFFIX(typ, m, key)\n"),
			new: with("\tp, _ := mapstressAccessSUFFIX(typ, m, key, sys.GetCallerPC())\n")},
		{file: file, since: 27,
			old: with("\nfunc runtime_mapaccess2SUFFIX(typ *abi.MapType, m *Map, key KEY) (unsafe.Pointer, bool) {\n\tif true && m != nil {\n\t\tcallerpc := sys.GetCallerPC()\n"),
			new: with("\nfunc runtime_mapaccess2SUFFIX(typ *abi.MapType, m *Map, key KEY) (unsafe.Pointer, bool) {\n\treturn mapstressAccessSUFFIX(typ, m, key, sys.GetCallerPC())\n}\n\nfunc mapstressAccessSUFFIX(typ *abi.MapType, m *Map, key KEY, callerpc uintptr) (unsafe.Pointer, bool) {\n\tif true && m != nil {\n")},
	}
}

func inRuntime(file string, since, until int, objects bool) []patch {
	all := []patch{
		{file: file, since: since, until: until, old: "raceenabled", new: "true", all: true},
		{file: file, since: since, until: until, old: "racewritepc(", new: "mapstressWritePC(", all: true},
		{file: file, since: since, until: until, old: "racereadpc(", new: "mapstressReadPC(", all: true},
	}
	if objects {
		all = append(all, patch{file: file, since: since, until: until, old: "raceReadObjectPC(", new: "mapstressObjectPC(", all: true})
	}
	return all
}

// atomics: those that store pointers have a write barrier, after which nobody must stop.
var atomics = []patch{
	{file: "runtime/atomic_pointer.go", old: "//go:linkname sync_atomic_StorePointer sync/atomic.StorePointer\n", new: "//go:linkname sync_atomic_StorePointer sync/atomic.mapstressStorePointer\n"},
	{file: "runtime/atomic_pointer.go", old: "//go:linkname sync_atomic_SwapPointer sync/atomic.SwapPointer\n", new: "//go:linkname sync_atomic_SwapPointer sync/atomic.mapstressSwapPointer\n"},
	{file: "runtime/atomic_pointer.go", old: "//go:linkname sync_atomic_CompareAndSwapPointer sync/atomic.CompareAndSwapPointer\n", new: "//go:linkname sync_atomic_CompareAndSwapPointer sync/atomic.mapstressCompareAndSwapPointer\n"},
	{file: "runtime/atomic_pointer.go", old: "//go:linkname sync_atomic_StoreUintptr sync/atomic.StoreUintptr\nfunc sync_atomic_StoreUintptr(ptr *uintptr, new uintptr)\n", new: ""},
	{file: "runtime/atomic_pointer.go", old: "//go:linkname sync_atomic_SwapUintptr sync/atomic.SwapUintptr\nfunc sync_atomic_SwapUintptr(ptr *uintptr, new uintptr) uintptr\n", new: ""},
	{file: "runtime/atomic_pointer.go", old: "//go:linkname sync_atomic_CompareAndSwapUintptr sync/atomic.CompareAndSwapUintptr\nfunc sync_atomic_CompareAndSwapUintptr(ptr *uintptr, old, new uintptr) bool\n", new: ""},
	{file: "runtime/atomic_pointer.go", old: "\tsync_atomic_StoreUintptr((*uintptr)(unsafe.Pointer(ptr)), uintptr(new))", new: "\tatomic.Storeuintptr((*uintptr)(unsafe.Pointer(ptr)), uintptr(new))"},
	{file: "runtime/atomic_pointer.go", old: "unsafe.Pointer(sync_atomic_SwapUintptr((", new: "unsafe.Pointer(atomic.Xchguintptr(("},
	{file: "runtime/atomic_pointer.go", old: "\treturn sync_atomic_CompareAndSwapUintptr((", new: "\treturn atomic.Casuintptr(("},
}
