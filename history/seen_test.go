package history

import (
	"strings"
	"testing"
)

// measured returns what a meter saw of the histories, one after the other.
func measured(t *testing.T, b Boundaries, texts ...string) *Meter {
	t.Helper()
	m := new(Meter)
	for _, text := range texts {
		h, err := ParseText(text)
		if err != nil {
			t.Fatal(err)
		}
		m.Measure(h, b)
	}
	return m
}

func TestSeen(t *testing.T) {
	for _, c := range []struct {
		name, text string
		boundaries Boundaries
		want       []int
	}{
		{"nothing overlaps, so nothing is seen", `
			w0 [1..2] store k1 v9
			w1 [3..4] load k1 -> v9`, Boundaries{}, nil},
		{"a concurrent read", `
			w0 [1..4] store k1 v9
			w1 [2..5] load k1 -> v9`, Boundaries{},
			[]int{pair(Load, Store), read(Load, int(Store), true, false)}},
		{"a miss, and a later read", `
			w0 [1..4] store k1 v9
			w1 [2..3] load-and-delete k1 -> absent
			w1 [5..6] load-and-delete k1 -> v9`, Boundaries{},
			[]int{pair(LoadAndDelete, Store), read(LoadAndDelete, fromNobody, true, false), read(LoadAndDelete, int(Store), false, false)}},
		{"of the prefill", `
			prefill k1=v1
			w0 [1..4] swap k1 v9 -> v1
			w1 [2..3] compare-and-swap k1 v9 v7 -> false`, Boundaries{},
			[]int{pair(Swap, CompareAndSwap), read(Swap, fromPrefill, true, false)}},
		{"one's own write is not concurrent", `
			w0 [1..2] store k1 v9
			w0 [3..6] load k1 -> v9
			w1 [4..5] len -> 1`, Boundaries{},
			[]int{pair(Load, Len), read(Load, int(Store), false, false)}},
		{"growth", `
			prefill k1=v1
			w0 [1..4] store k2 v9
			w1 [2..5] load-or-store k2 v7 -> v9 loaded`, Boundaries{Up: []int{1}},
			[]int{pair(Store, LoadOrStore), growthPair(Store, LoadOrStore), read(LoadOrStore, int(Store), true, true)}},
		{"shrinking", `
			prefill k1=v1 k2=v2
			w0 [1..4] delete k2
			w1 [2..5] len -> 1`, Boundaries{Down: []int{2}},
			[]int{pair(Delete, Len), growthPair(Delete, Len)}},
		{"what never returned", `
			w0 [1..] store k1 v9
			w1 [2..3] load k1 -> v9`, Boundaries{},
			[]int{pair(Load, Store), read(Load, int(Store), true, false)}},
	} {
		var want Seen
		for _, bit := range c.want {
			want.set(bit)
		}
		m := measured(t, c.boundaries, c.text)
		if m.Seen != want {
			t.Errorf("%s: got %v, want %v", c.name, m.Seen, want)
		}
		if m.Fresh != (len(c.want) > 0) {
			t.Errorf("%s: fresh is %v", c.name, m.Fresh)
		}
		if again := measured(t, c.boundaries, c.text, c.text); again.Fresh || again.Seen != want {
			t.Errorf("%s, again: fresh %v, got %v, want %v", c.name, again.Fresh, again.Seen, want)
		}
	}
}

// No two members of a Seen share a bit.
func TestSeenBits(t *testing.T) {
	used := map[int]bool{}
	add := func(bit int) {
		t.Helper()
		if used[bit] || bit < 0 || bit >= 64*SeenWords {
			t.Fatalf("bit %d is used twice, or is not there", bit)
		}
		used[bit] = true
	}
	writers := []int{fromNobody, fromPrefill}
	for _, a := range Kinds() {
		if a.Writes() {
			writers = append(writers, int(a))
		}
		for _, b := range Kinds() {
			add(growthPair(a, b))
			if a <= b {
				add(pair(a, b))
			}
			if pair(a, b) != pair(b, a) {
				t.Errorf("%v with %v is not %v with %v", a, b, b, a)
			}
		}
	}
	for _, reader := range Kinds() {
		for _, w := range writers {
			for bits := range 4 {
				add(read(reader, w, bits&1 > 0, bits&2 > 0))
			}
		}
	}
}

func TestSeenAdd(t *testing.T) {
	m := measured(t, Boundaries{}, "w0 [1..4] store k1 v9\nw1 [2..5] load k1 -> v9", "w0 [1..4] store k1 v9\nw1 [2..5] store k1 v8")
	var s Seen
	if fresh := s.Add(&m.Seen); fresh != 3 || s != m.Seen {
		t.Errorf("%d fresh; want 3", fresh)
	}
	if fresh := s.Add(&m.Seen); fresh != 0 {
		t.Errorf("%d fresh the second time", fresh)
	}
	if seen, all := s.Pairs([]Kind{Load, Store}); seen != 2 || all != 3 {
		t.Errorf("%d of %d pairs; want 2 of 3", seen, all)
	}
	text, err := s.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var same Seen
	if err := same.UnmarshalText(text); err != nil || same != s {
		t.Errorf("%s reads as %v, %v; want %v", text, same, err, s)
	}
	for _, bad := range []string{"", "AAAA", "!", string(text) + "AAAA"} {
		if err := same.UnmarshalText([]byte(bad)); err == nil || !strings.Contains(err.Error(), "want 192 bytes in base 64") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// Measuring allocates nothing once there is room.
func TestMeasureDoesNotAllocate(t *testing.T) {
	h, err := ParseText("prefill k1=v1\nw0 [1..4] store k2 v9\nw1 [2..5] load-or-store k2 v7 -> v9 loaded\nw0 [6..7] load k2 -> v9")
	if err != nil {
		t.Fatal(err)
	}
	m := new(Meter)
	b := Boundaries{Up: []int{1}}
	m.Measure(h, b)
	if n := testing.AllocsPerRun(100, func() { m.Measure(h, b) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
