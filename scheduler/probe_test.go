package scheduler_test

import (
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// The sizes at which the built-in map grows, from its sources: 8 entries, then
// 7/8 of a power of two in the Swiss map, of Go 1.24 and later; 8, then 6.5 for
// each of a power of two buckets in the classic one, whose overflow buckets show
// as a few sizes more.
var (
	swiss   = []int{8, 14, 28, 56, 112, 224, 448, 896}
	classic = []int{8, 13, 26, 52, 104, 208, 416, 832}
)

func TestProbeBuiltinMap(t *testing.T) {
	bounds, err := scheduler.Probe(&find(t, "map").Variants[0], 900)
	if err != nil {
		t.Fatal(err)
	}
	got := bounds.Up
	version := runtime.Version()
	if strings.HasPrefix(version, "go1.23") || strings.Contains(version, "noswissmap") {
		for _, size := range classic {
			if !slices.Contains(got, size) {
				t.Errorf("%s: sizes %d lack %d", version, got, size)
			}
		}
		if extra := len(got) - len(classic); extra > len(classic) {
			t.Errorf("%s: sizes %d; want few beside %d", version, got, classic)
		}
		return
	}
	if !slices.Equal(got, swiss) {
		t.Errorf("%s: sizes %d; want %d", version, got, swiss)
	}
}

// Every built-in target can be probed in every shape.
func TestProbe(t *testing.T) {
	for _, tgt := range target.Builtin() {
		for i := range tgt.Variants {
			v := &tgt.Variants[i]
			bounds, err := scheduler.Probe(v, 300)
			got := bounds.Up
			if err != nil || !slices.IsSorted(got) || len(got) > 100 || len(got) > 0 && (got[0] < 1 || got[len(got)-1] >= 300) {
				t.Errorf("%s %s: sizes %d, %v", tgt.Name, v.Shape, got, err)
			}
		}
	}
}

func TestProbeWithoutInsert(t *testing.T) {
	_, err := scheduler.Probe(&empty().Variants[0], 10)
	if want := "probe: the map has no method that inserts: store, swap, load-or-store or compute"; err == nil || err.Error() != want {
		t.Errorf("got %v; want %q", err, want)
	}
}
