package target

// incrementer returns the map's own Increment, or what serves for it; nil if
// nothing does.
func (w *coded[K, V]) incrementer() func(uint64) {
	switch {
	case w.values.codec.of:
	case w.m.Increment != nil:
		return w.increment
	case w.m.Compute != nil:
		return w.incrementByCompute
	case w.m.Load != nil && w.m.CompareAndSwap != nil && w.m.LoadOrStore != nil:
		return w.incrementBySwapping
	}
	return nil
}

func (w *coded[K, V]) increment(k uint64) { w.m.Increment(w.key(k)) }

func (w *coded[K, V]) incrementByCompute(k uint64) {
	w.compute(k, oneMore)
}

// oneMore is no literal in the method: in a generic one that would allocate.
func oneMore(old uint64, _ bool) (uint64, bool) { return old + 1, false }

// incrementBySwapping is the loop that programs write around CompareAndSwap: what
// was loaded is replaced by one more if it is still there, and an absent key gets
// 1 if it is still absent; else all begins again. It takes effect at one instant
// if the map's methods do.
func (w *coded[K, V]) incrementBySwapping(k uint64) {
	for {
		old, ok := w.load(k)
		if !ok {
			if _, loaded := w.loadOrStore(k, 1); !loaded {
				return
			}
			continue
		}
		// Nothing equals a foreign value, which is in the report already.
		if old == Foreign || w.compareAndSwap(k, old, old+1) {
			return
		}
	}
}
