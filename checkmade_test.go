package mapstress_test

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/mapstress/mapstress"
)

// TestCheckNoMap: what is no function that makes maps, or makes none that can be tested, fails the test
// with a line that says so, and not the process.
func TestCheckNoMap(t *testing.T) {
	type numbers = mapstress.Map[int, int]
	fill := func(change func(*numbers)) func() numbers {
		return func() numbers {
			var m sync.Map
			load := func(k int) (int, bool) { v, ok := m.Load(k); n, _ := v.(int); return n, ok }
			all := numbers{Load: load, Store: func(k, v int) { m.Store(k, v) }}
			change(&all)
			return all
		}
	}
	const none = "no map to test: the function that Check is given "
	for _, c := range []struct {
		name, want string
		new        func() numbers
	}{
		{"nil", "Check has no function that makes a map; want one that makes a fresh one each time", nil},
		{"panics", none + `fails: an unrecovered panic: "no such luck", in `, func() numbers { panic("no such luck") }},
		{"blocks", none + "does not return, in github.com/mapstress/mapstress_test.TestCheckNoMap.func", func() numbers { select {} }},
		{"exits", none + `ends the process with exit code 3, as os.Exit and log.Fatal do; it printed "full"; it should make a fresh map each time`, func() numbers {
			fmt.Println("full")
			os.Exit(3)
			return numbers{}
		}},
		{"empty", "no method of the map stores: want Store, LoadOrStore, Swap, Compute or Increment to be set; it has none at all", func() numbers { return numbers{} }},
		{"without a store", "no method of the map stores: want Store, LoadOrStore, Swap, Compute or Increment to be set; it has load", fill(func(m *numbers) { m.Store = nil })},
		{"without a load", "no method of the map answers anything that could be judged: want Load to be set; it has store, delete", fill(func(m *numbers) { m.Load, m.Delete = nil, func(int) {} })},
	} {
		refused := check(t, func(taken *taken) { mapstress.Check(taken, c.new, mapstress.Corpus("")) })
		if len(refused.errors) != 1 || !strings.HasPrefix(refused.errors[0], "mapstress: "+c.want) {
			t.Errorf("%s: got %q; want %s", c.name, refused.errors, c.want)
		}
	}
}

// TestCheckLeaves: a function that ends the test takes effect as it would without Check.
func TestCheckLeaves(t *testing.T) {
	var sub *testing.T
	t.Run("skips", func(t *testing.T) {
		sub = t
		mapstress.Check(t, func() mapstress.Map[int, int] {
			t.Skip("no server")
			return mapstress.Map[int, int]{}
		}, mapstress.Corpus(""))
	})
	if sub != nil && !sub.Skipped() {
		t.Error("the test was not skipped")
	}
}
