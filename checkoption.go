package mapstress

import (
	"time"

	"github.com/mapstress/mapstress/target"
)

// An Option changes what Check does.
type Option func(*checking)

// For sets how long the search takes.
func For(d time.Duration) Option { return func(c *checking) { c.duration = d } }

// Seed sets where all that is random comes from. Without it each run has another seed,
// which is told when something is found.
func Seed(seed uint64) Option { return func(c *checking) { c.seed = seed } }

// Promising sets what the map promises; without it, that is target.Usual: ops on a key are
// linearizable, and ops on the whole map go from key to key. Of target.Contract{} every
// method is linearizable, a Range being a snapshot.
func Promising(contract target.Contract) Option {
	return func(c *checking) { c.contract = contract }
}

// Using sets how schedules are run; without it, that is Stress.
//
// Controlled takes the go command, which builds the test binary once more, without cgo and the
// race detector, and an amd64 processor: without these the test fails. What it finds fails each
// time again, and the story has a table of who stopped where. Auto is Stress, and tries what that
// finds like that for 10 s, or what is left of the time, 40 s at most, as the kept cases that are of
// Controlled; what could not be had for it is told with the finding.
func Using(engine Engine) Option { return func(c *checking) { c.engine = engine } }

// Deciding chooses who decides in controlled runs which worker goes on: "random", "pct2", "pct3",
// "pos", "surw" or "urw"; without it, several of them in turn, which is "usual".
func Deciding(strategy Strategy) Option { return func(c *checking) { c.strategy = strategy } }

// Trying chooses scenarios by name; without it, all are tried. Controlled has none.
func Trying(names ...string) Option { return func(c *checking) { c.scenarios = names } }

// Keys gives the codec of the keys. Without it target.CodecOf makes one, for most types.
func Keys[K comparable](codec target.Codec[K]) Option {
	return func(c *checking) { c.keys = codec }
}

// Values gives the codec of the values. Without it target.CodecOf makes one, for most
// types.
func Values[V any](codec target.Codec[V]) Option {
	return func(c *checking) { c.values = codec }
}

// Corpus sets the directory of kept cases; empty keeps nothing.
func Corpus(dir string) Option { return func(c *checking) { c.corpus = dir } }
