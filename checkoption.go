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

// Trying chooses scenarios by name; without it, all are tried.
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
