package linear

// A heap is a binary heap of times, the earliest first.
type heap []int64

func (h heap) least() int64 {
	if len(h) == 0 {
		return Pending
	}
	return h[0]
}

func (h *heap) push(t int64) {
	*h = append(*h, t)
	s := *h
	for i := len(s) - 1; i > 0; {
		up := (i - 1) / 2
		if s[up] <= s[i] {
			return
		}
		s[up], s[i] = s[i], s[up]
		i = up
	}
}

func (h *heap) pop() {
	s := *h
	n := len(s) - 1
	s[0] = s[n]
	s = s[:n]
	*h = s
	for i := 0; ; {
		down := 2*i + 1
		if down >= n {
			return
		}
		if down+1 < n && s[down+1] < s[down] {
			down++
		}
		if s[i] <= s[down] {
			return
		}
		s[i], s[down] = s[down], s[i]
		i = down
	}
}
