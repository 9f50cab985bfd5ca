package controlled

// numbers numbers addresses by first touch, object by object, so that they are the same in
// each process. Bytes of one object stay side by side.
type numbers struct {
	slots []slot // open addressing; a power of two of them, half of them used at most
	used  int
	run   uint32
	next  uint64
}

type slot struct {
	base  uintptr
	first uint64
	run   uint32 // in which it was used
}

// reset forgets all.
func (n *numbers) reset() {
	if n.slots == nil {
		n.slots = make([]slot, 1<<10)
	}
	n.used, n.next = 0, 1
	n.run++
}

// static is what the numbers of variables start with: they are where the linker put them.
const static = 1 << 62

func (n *numbers) of(addr uintptr) uint64 {
	base, size := object(addr)
	if size == 0 {
		return static + uint64(addr)
	}
	if 2*n.used >= len(n.slots) {
		n.grow()
	}
	s := n.find(base)
	if s.run != n.run {
		*s = slot{base, n.next, n.run}
		n.next += uint64(size)
		n.used++
	}
	return s.first + uint64(addr-base)
}

// find returns the slot of an object, or where it is to be put.
func (n *numbers) find(base uintptr) *slot {
	mask := uint64(len(n.slots) - 1)
	for i := uint64(base) >> 3 * 0x9e3779b97f4a7c15 >> 32 & mask; ; i = (i + 1) & mask {
		if s := &n.slots[i]; s.run != n.run || s.base == base {
			return s
		}
	}
}

func (n *numbers) grow() {
	old := n.slots
	n.slots = make([]slot, 2*len(old))
	for _, s := range old {
		if s.run == n.run {
			*n.find(s.base) = s
		}
	}
}
