package oracle

// The rules of silent corruption and of broken weak promises, as they appear in
// Verdict.Rule.
const (
	// TornValue: a key or value that no codec ever made.
	TornValue = "torn-value"
	// DuplicateKey: one pass over the map met a key twice.
	DuplicateKey = "duplicate-key"
	// BrokenStructure: Load and Range disagree about a map at rest.
	BrokenStructure = "broken-structure"
	// Phantom: a key or value was read that nobody had put there.
	Phantom = "phantom"
	// ConsumedTwice: two ops took out, or replaced, one and the same value.
	ConsumedTwice = "consumed-twice"
	// LostUpdate: completed increments are missing from a count, or two
	// overlapping ops both put the first value in, so one of them was lost.
	LostUpdate = "lost-update"
	// LostKey: a key was not found although it had been put in and nothing could
	// have taken it out.
	LostKey = "lost-key"
	// StaleRead: a value was read that had been replaced before.
	StaleRead = "stale-read"
	// Resurrected: a value was read that had been deleted before.
	Resurrected = "resurrected"
	// NonLinearizable: the answers have no order that explains them all, and
	// none of the names above fits.
	NonLinearizable = "non-linearizable"
	// WrongLen: Len is not the number of keys, or IsEmpty not whether that is 0.
	WrongLen = "wrong-len"
	// CallbackCount: a Compute called its function more than once, or never.
	CallbackCount = "callback-count"
	// CallbackPanic: a function panicked, and the method returned as if it had not.
	CallbackPanic = "callback-panic"
)

// ranks has the rules that a key's ops can break, the most telling first.
var ranks = map[string]int{
	Phantom: 0, ConsumedTwice: 1, LostUpdate: 2, LostKey: 3, Resurrected: 4, StaleRead: 5, NonLinearizable: 6,
}
