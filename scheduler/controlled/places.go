package controlled

import (
	"hash/fnv"
	"path"
	"runtime"
	"strings"
)

// places has by PC what there is to know of a plain access.
type places struct {
	slots [1 << 12]known
	names map[uint64]Place // by Where
}

type known struct {
	pc    uintptr
	skip  bool   // it is no part of the map
	where uint64 // names the line, in any process and any build of the same source
}

// of returns what is known of a PC.
func (p *places) of(pc uintptr) *known {
	k := &p.slots[uint64(pc)*0x9e3779b97f4a7c15>>52]
	if k.pc != pc {
		p.look(k, pc)
	}
	return k
}

func (p *places) look(k *known, pc uintptr) {
	place := placeOf(pc)
	*k = known{pc, isAdapter(place.Func), p.named(place)}
}

// placeOf returns the line of a return address.
func placeOf(pc uintptr) Place {
	frame, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	return Place{Func: frame.Function, File: path.Base(frame.File), Line: frame.Line}
}

// named returns the number of a place, and keeps its name.
func (p *places) named(place Place) uint64 {
	n := place.number()
	if p.names == nil {
		p.names = map[uint64]Place{}
	}
	p.names[n] = place
	return n
}

// number is the same for the same place, and in practice for no other. It is never 0.
func (p Place) number() uint64 { return numberOf(p.Func + " " + p.String()) }

func numberOf(place string) uint64 {
	sum := fnv.New64a()
	sum.Write([]byte(place))
	return sum.Sum64() | 1
}

// isAdapter reports whether a function is of what stands between a worker and the map: what
// it touches is each worker's own, or never written.
func isAdapter(function string) bool {
	name, ours := strings.CutPrefix(function, "github.com/mapstress/mapstress/target")
	if !ours {
		return false
	}
	for _, prefix := range []string{"/methods.", ".(*coded[", ".(*coder[", ".(*table[", ".decode[", ".newOwn[", ".Codec[", ".(*Codec[", ".syncMapOf[", ".Adapt["} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}
