package buggy

import "sync/atomic"

// A node is one entry of a chain. Its links and values are atomic, so that a
// misplaced lock loses entries, but never memory safety.
type node struct {
	key   int
	value atomic.Int64
	next  atomic.Pointer[node]
}

// A chain is a bucket: the entries of some hashes, newest first.
type chain struct{ head atomic.Pointer[node] }

func (c *chain) find(k int) *node {
	n := c.head.Load()
	for n != nil && n.key != k {
		n = n.next.Load()
	}
	return n
}

func (c *chain) load(k int) (int, bool) {
	if n := c.find(k); n != nil {
		return int(n.value.Load()), true
	}
	return 0, false
}

// insert needs the lock of whoever may write this chain, like all that follow.
// The key must not be there.
func (c *chain) insert(k, v int) {
	n := &node{key: k}
	n.value.Store(int64(v))
	n.next.Store(c.head.Load())
	c.head.Store(n)
}

func (c *chain) remove(k int) {
	for link := &c.head; ; {
		n := link.Load()
		if n == nil {
			return
		}
		if n.key == k {
			link.Store(n.next.Load())
			return
		}
		link = &n.next
	}
}

// update is that of core; it says by how much the chain grew.
func (c *chain) update(k int, f change) (grew int) {
	n := c.find(k)
	v := 0
	if n != nil {
		v = int(n.value.Load())
	}
	next, keep := f(v, n != nil)
	switch {
	case keep && n != nil:
		n.value.Store(int64(next))
	case keep:
		c.insert(k, next)
		return 1
	case n != nil:
		c.remove(k)
		return -1
	}
	return 0
}

// entries returns a copy of what the chain holds.
func (c *chain) entries() (all [][2]int) {
	for n := c.head.Load(); n != nil; n = n.next.Load() {
		all = append(all, [2]int{n.key, int(n.value.Load())})
	}
	return all
}

// firstBuckets is how many chains a table has at first; with more entries than
// chains it doubles. So growth happens at 8, 16, 32, ... entries.
const firstBuckets = 8

// hash spreads keys without regard to their order, for tables that look for a
// key's entry beside its bucket.
func hash(k int) uint64 {
	h := uint64(k) * 0x9e3779b97f4a7c15
	return h ^ h>>32
}

// bucketOf spreads keys over a power of two of buckets. The lowest bits of the
// bucket are the key's own, whatever the number of buckets.
func bucketOf(k, buckets int) int { return k & (buckets - 1) }
