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

// chunk is the size of what is taken for one object where there is none, as with variables
// of packages. They are where the linker has put them, in any process.
const chunk = 256

// of returns the number of an address, and how many bytes there are from it on to the end of
// its object.
func (n *numbers) of(addr uintptr) (number, room uint64) {
	base, size := object(addr)
	if size == 0 {
		base, size = addr&^(chunk-1), chunk
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
	return s.first + uint64(addr-base), uint64(size - (addr - base))
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
