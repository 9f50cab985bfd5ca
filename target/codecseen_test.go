package target

import (
	"slices"
	"testing"
)

// seenOf returns the sizes of what is seen of a decoded value, and checks that no more is.
func seenOf[T any](t *testing.T) (sizes []uintptr) {
	t.Helper()
	c, err := CodecOf[T]()
	if err != nil {
		t.Fatal(err)
	}
	x := c.Encode(7)
	hidden := false
	Watched.Hide = func() uintptr { hidden = true; return 8 }
	Watched.Show = func(before uintptr) { hidden = before != 8 }
	Watched.Read = func(addr, size uintptr) {
		if hidden || addr == 0 {
			t.Errorf("%T: a read of %d bytes at %d, hidden: %v", x, size, addr, hidden)
		}
		sizes = append(sizes, size)
	}
	defer func() { Watched.Hide, Watched.Show, Watched.Read = nil, nil, nil }()
	if code, ok := c.Decode(x); code != 7 || !ok {
		t.Errorf("%T: decoded as %d, %v", x, code, ok)
	}
	if hidden {
		t.Errorf("%T: hidden for good", x)
	}
	return sizes
}

// TestSeen: what a codec does is hidden, but that it reads what a value points to.
func TestSeen(t *testing.T) {
	type flat struct {
		A int
		B string
	}
	type tagged struct {
		Flat flat
		Tags []int64
	}
	for name, got := range map[string][2][]uintptr{
		"struct":             {seenOf[flat](t), nil},
		"array":              {seenOf[[4]int64](t), nil},
		"pointer":            {seenOf[*[3]int64](t), {24}},
		"slice":              {seenOf[[]int64](t), {16}}, // code 7 has two elements
		"slice of slices":    {seenOf[[][]int64](t), {48, 16, 16}},
		"map":                {seenOf[map[int64]int64](t), {1}},
		"struct with slices": {seenOf[tagged](t), {16}},
		"pointer to such":    {seenOf[*tagged](t), {48}},
	} {
		if !slices.Equal(got[0], got[1]) {
			t.Errorf("%s: reads of %v bytes; want %v", name, got[0], got[1])
		}
	}
}
