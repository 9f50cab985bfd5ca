package target

import (
	"fmt"
	"strings"
)

// A Shape names the key and value types of a variant, by their codecs.
type Shape struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// String returns the shape's text form, such as "string/int".
func (s Shape) String() string { return s.Key + "/" + s.Value }

// An Instance is one map, driven by codes.
//
// It may serve for many runs, one after the other.
type Instance struct {
	Map[uint64, uint64]
	// Renew replaces the map by a fresh one, and forgets what was foreign. It must
	// not be called while a run is under way. Nil: every run needs an Instance
	// of its own.
	Renew func()
	// Own returns methods of the same map, renewed or not, for one goroutine
	// alone: these allocate nothing that the map does not. Nil if Renew is.
	Own func() Map[uint64, uint64]
	// Foreign describes the first few values that had no code; for use once the
	// run is over.
	Foreign func() []string
	// Odd tells the codes of odd keys (Codec.Odd); nil is none.
	Odd func(key uint64) bool
}

// A Variant is a target in one shape.
type Variant struct {
	Shape Shape
	// New makes a fresh map.
	New func() Instance
	// Apart says that to make a map and to fill it does nothing to another, so that this may be
	// done while the other is looked at. False is always safe: there is one at a time.
	Apart bool
	// Models are what the map's own methods promise. It makes a map to see.
	Models func() []Model
	// Prepare makes the keys and values of all codes up to the last ones, so
	// that no run has to: from 0, or from FirstOdd if the last one is above
	// that. It must not be called while a run is under way.
	Prepare func(lastKey, lastValue uint64)
}

// A Target is a map implementation in every shape it is known in, plus its
// contract.
type Target struct {
	Name     string
	Doc      string // one line for people
	Contract Contract
	Variants []Variant // at least one; the first is the default
}

// Variant returns the variant of a shape; the zero Shape means the default one.
func (t *Target) Variant(s Shape) (*Variant, error) {
	if s == (Shape{}) {
		return &t.Variants[0], nil
	}
	var known []string
	for i := range t.Variants {
		if t.Variants[i].Shape == s {
			return &t.Variants[i], nil
		}
		known = append(known, t.Variants[i].Shape.String())
	}
	return nil, fmt.Errorf("target %s has no shape %s; want one of %s", t.Name, s, strings.Join(known, ", "))
}

// Shapes lists the shapes of the target's variants.
func (t *Target) Shapes() []Shape {
	shapes := make([]Shape, len(t.Variants))
	for i := range t.Variants {
		shapes[i] = t.Variants[i].Shape
	}
	return shapes
}
