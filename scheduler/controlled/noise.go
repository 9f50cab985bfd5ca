package controlled

// Noise disturbs workers that run free in the midst of ops: at accesses to memory and atomic ops,
// at some of which it has them spin for up to some microseconds, or yield. It needs a program that
// was built with hooks.
//
// It implements scheduler.Noise. What is drawn depends on the seeds, and who meets whom then on
// the machine. Goroutines that the target starts are left alone.
type Noise struct{}

// noisy is the bit of a goroutine that is disturbed, and chance where its seed begins.
const (
	noisy  = 16
	chance = 8
)

// Begin sets how often workers are disturbed: at one point of so many. Nobody must be noisy.
func (Noise) Begin(points int) { setOdds(1 << 32 / uint64(points)) }

// On disturbs the goroutine that calls it until it calls Off.
func (Noise) On(seed uint64) { setBits(uintptr(seed)<<chance | noisy) }

// Off ends it.
func (Noise) Off() { setBits(0) }
