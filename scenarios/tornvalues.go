package scenarios

import (
	"github.com/leanovate/gopter"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

var tornValues = forShapes(wide, scenario("torn-values",
	"workers overwrite and read few keys whose values take several words, the widest that the target has",
	func(s Space) bool { return len(wide(s)) > 0 },
	func(d *draft) {
		if d.chance(30) {
			d.prefillAtBoundary(1) // growth copies values
		} else {
			d.s.Prefill = d.between(1, 3)
		}
		keys := d.hotKeys(d.between(1, 2))
		writers, workers := d.split()
		each, deletes := d.between(3, 8), d.chance(20)
		for w := range workers {
			for range each {
				switch key := pick(d, keys); {
				case w >= writers && d.chance(80):
					d.add(w, history.Load, key)
				case w >= writers:
					d.addAny(w, key, history.Load, history.LoadOrStore, history.Range)
				case deletes && d.space.deletes() && d.chance(30):
					d.add(w, history.LoadAndDelete, key)
				default:
					d.addAny(w, key, history.Store, history.Store, history.Swap, history.LoadOrStore, history.Compute)
				}
			}
		}
	}))

// wideValues are the value types of more than one word, the widest first: a map
// that writes one without care lets others see it half done.
var wideValues = []string{"record", "2KiB", "256B", "[4]int", "any", "string"}

// wide returns the shapes with such values in which the target can insert and
// read, the widest first.
func wide(s Space) (shapes []target.Shape) {
	for _, value := range wideValues {
		for _, shape := range s.Shapes {
			if in := s.in(shape); shape.Value == value && in.Inserts() && in.reads() {
				shapes = append(shapes, shape)
			}
		}
	}
	return shapes
}

// forShapes makes the scenario draw from those shapes only.
func forShapes(shapes func(Space) []target.Shape, s Scenario) Scenario {
	s.Shapes = shapes
	s.Gen = func(space Space) gopter.Gen { return s.gen(space, Choice{}) }
	return s
}
