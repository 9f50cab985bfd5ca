package methods

import (
	"strings"
	"testing"

	"github.com/mapstress/mapstress/target"
)

// once makes a map whose Put stores only if there is nothing.
func once(use Choice) (t target.Map[int, int]) {
	m := plain{}
	if use.Load > 0 {
		t.Load = m.load
	}
	if use.Store > 0 {
		t.Store = func(k, v int) {
			if _, ok := m[k]; !ok {
				m[k] = v
			}
		}
	}
	if use.Swap > 0 {
		t.Swap = func(k, v int) (int, bool) {
			old, ok := m[k]
			m[k] = v
			return old, ok
		}
	}
	if use.Delete > 0 {
		t.Delete = func(k int) { delete(m, k) }
	}
	return t
}

// A map whose only Store is none is refused for that alone: its other methods have not been
// looked at, for want of a method that stores. If another one does, they are.
func TestPutOnce(t *testing.T) {
	names := Candidates{"Load": {"Get"}, "Store": {"Put"}, "Delete": {"Del"}}
	_, err := Examine(names, once, "")
	if want := "no method stores as it should:\n  Put: as store, of a present key it does not leave the value that it should: there is another"; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v; want %s", err, want)
	}
	names["Swap"] = []string{"Exchange"}
	r, err := Examine(names, once, "")
	if err != nil {
		t.Fatal(err)
	}
	if want := (Choice{Load: 1, Swap: 1, Delete: 1}); r.Choice != want {
		t.Errorf("chose %+v; want %+v", r.Choice, want)
	}
	if left := strings.Join(r.Left, "; "); left != "Put: as store, of a present key it does not leave the value that it should: there is another" {
		t.Errorf("left out %s", left)
	}
}
