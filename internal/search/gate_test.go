package search

import "testing"

func TestUnsteadyAt(t *testing.T) {
	for _, c := range []struct {
		first, second string
		want          UnsteadyError
	}{
		{"run 0\nw0 call\nw0 read @1 a.go:1\n", "run 0\nw0 call\nw0 lock @1 a.go:2\n", UnsteadyError{1, 2, [2]string{"w0 read @1 a.go:1", "w0 lock @1 a.go:2"}}},
		{"run 0\nw0 call\nrun 1\nw0 call\n", "run 0\nw0 call\nrun 1\nw1 call\n", UnsteadyError{2, 1, [2]string{"w0 call", "w1 call"}}},
		{"run 0\nw0 call\nrun 1\nw0 call\n", "run 0\nw0 call\nw0 return\nrun 1\nw0 call\n", UnsteadyError{1, 2, [2]string{"", "w0 return"}}},
		{"run 0\nw0 call\nw0 return\n", "run 0\nw0 call\n", UnsteadyError{1, 2, [2]string{"w0 return", ""}}},
	} {
		if got := unsteadyAt(c.first, c.second); *got != c.want {
			t.Errorf("%q and %q: %+v; want %+v", c.first, c.second, got, c.want)
		}
	}
}
