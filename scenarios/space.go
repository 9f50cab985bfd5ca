package scenarios

import (
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// Space is what a target allows a scenario to use.
type Space struct {
	// Kinds are the methods that the target has in its default shape.
	Kinds []history.Kind
	// Without has the methods of Kinds that a shape lacks. Most targets have
	// the same methods in all shapes, and nil here.
	Without map[target.Shape][]history.Kind
	// Custom are the names of the target's own methods.
	Custom []string
	// Shapes are the target's, the default one first. Empty means that
	// schedules name none, and so get the default one.
	Shapes []target.Shape
	// Odd are those of the shapes that have odd keys: see target.FirstOdd.
	Odd []target.Shape
	// Boundaries are the sizes at which the map grows and shrinks. Where those of
	// growth are not known, the usual ones are tried.
	Boundaries history.Boundaries
	// InCompute and InRange are what the functions of these may do.
	InCompute, InRange target.Callback
	// Lasting says that nothing vanishes from the map by itself, so that what it holds at
	// rest is what the next round on it begins with.
	Lasting bool
	// Procs is the number of CPUs; below 2 counts as 2.
	Procs int
}

// SpaceOf returns the space of a target with those variants, of which there must
// be one.
func SpaceOf(variants []scheduler.Ability, boundaries history.Boundaries, procs int) Space {
	s := Space{Kinds: variants[0].Kinds, Custom: variants[0].Custom, Boundaries: boundaries, Procs: procs, Without: map[target.Shape][]history.Kind{}}
	for _, v := range variants {
		s.Shapes = append(s.Shapes, v.Shape)
		if v.Odd {
			s.Odd = append(s.Odd, v.Shape)
		}
		for _, k := range s.Kinds {
			if !slices.Contains(v.Kinds, k) {
				s.Without[v.Shape] = append(s.Without[v.Shape], k)
			}
		}
	}
	return s
}

// Under returns the space with what a contract lets functions do, and what it says of how
// long entries last.
func (s Space) Under(c *target.Contract) Space {
	s.InCompute, s.InRange, s.Lasting = c.InCompute, c.InRange, c.Load.Level == target.Linearizable
	return s
}

// in narrows the space to one shape.
func (s Space) in(shape target.Shape) Space {
	lacks := s.Without[shape]
	s.Kinds = slices.DeleteFunc(slices.Clone(s.Kinds), func(k history.Kind) bool { return slices.Contains(lacks, k) })
	s.Shapes = []target.Shape{shape}
	return s
}

// has reports whether there is any of the kinds.
func (s Space) has(any ...history.Kind) bool {
	return slices.ContainsFunc(any, func(k history.Kind) bool { return slices.Contains(s.Kinds, k) })
}

// hasOp reports whether the target has the op's method.
func (s Space) hasOp(op history.Op) bool {
	if op.Kind == history.Custom {
		return slices.Contains(s.Custom, op.Name)
	}
	return s.has(op.Kind)
}

// Inserts, reads and deletes report whether the target can do so by some method.
func (s Space) Inserts() bool { return s.can(history.Store) }
func (s Space) reads() bool   { return s.can(history.Load) }
func (s Space) deletes() bool { return s.can(history.Delete) }

func (s Space) can(k history.Kind) bool {
	_, ok := s.near(k)
	return ok
}

// instead has the kinds that may stand in for one that a target lacks, nearest
// first.
var instead = map[history.Kind][]history.Kind{
	history.Load:             {history.LoadOrStore},
	history.Store:            {history.Swap, history.LoadOrStore, history.Compute},
	history.Swap:             {history.Store, history.Compute, history.LoadOrStore},
	history.Delete:           {history.LoadAndDelete, history.CompareAndDelete},
	history.LoadAndDelete:    {history.Delete, history.CompareAndDelete},
	history.CompareAndDelete: {history.LoadAndDelete, history.Delete},
	history.Len:              {history.IsEmpty},
	history.Increment:        {history.Compute, history.CompareAndSwap},
}

// near returns the kind itself, or the nearest that the target has.
func (s Space) near(k history.Kind) (history.Kind, bool) {
	if s.has(k) {
		return k, true
	}
	for _, other := range instead[k] {
		if s.has(other) {
			return other, true
		}
	}
	return 0, false
}

// usualBoundaries are tried where a target's are not known: those of the
// built-in map since Go 1.24 (8, then 7/8 of powers of two) and powers of two.
var usualBoundaries = []int{8, 14, 16, 28, 32, 56, 64, 112, 128, 224, 256, 448, 512, 896, 1024}

func (s Space) boundaries() []int {
	if len(s.Boundaries.Up) == 0 {
		return usualBoundaries
	}
	return s.Boundaries.Up
}
