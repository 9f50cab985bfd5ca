package controlled

import (
	"runtime"
	"strings"
)

// adapters knows by PC the plain accesses of what stands between a worker and the map,
// which is no part of the map: it is each worker's own, or never written.
type adapters struct {
	slots [1 << 12]struct {
		pc  uintptr
		has bool
	}
}

// has reports whether an access is the adapter's.
func (a *adapters) has(pc uintptr) bool {
	s := &a.slots[uint64(pc)*0x9e3779b97f4a7c15>>52]
	if s.pc != pc {
		s.pc, s.has = pc, isAdapter(pc)
	}
	return s.has
}

func isAdapter(pc uintptr) bool {
	frame, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	name, ours := strings.CutPrefix(frame.Function, "github.com/mapstress/mapstress/target")
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
