package scheduler_test

import (
	"math/rand"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// The probe sees what is known of the built-in map of the toolchain that runs.
// The classic map's overflow buckets, which chance makes, may show as a few sizes
// more.
func TestProbeBuiltinMap(t *testing.T) {
	for _, limit := range []int{100, 900} {
		known, ok := scheduler.KnownBoundaries(runtime.Version(), limit)
		if !ok {
			t.Fatalf("nothing is known of %s", runtime.Version())
		}
		got := probe(t, &find(t, "map").Variants[0], limit)
		extra := len(got.Up) - len(known.Up)
		for _, size := range known.Up {
			if !slices.Contains(got.Up, size) {
				t.Errorf("%s: sizes %d lack %d", runtime.Version(), got.Up, size)
			}
		}
		classic := slices.Contains(known.Up, 13)
		if extra > 0 && !classic || extra > len(known.Up) {
			t.Errorf("%s: sizes %d; want %d", runtime.Version(), got.Up, known.Up)
		}
		if len(got.Down) > 0 {
			t.Errorf("it shrinks at %d", got.Down)
		}
		if len(got.Inserts) != limit || len(got.Deletes) != limit+1 || got.Inserts[8] < 200 || got.Deletes[0] != 0 {
			t.Errorf("%d inserts, %d deletes, %d bytes at 8", len(got.Inserts), len(got.Deletes), got.Inserts[8])
		}
	}
}

func TestKnownBoundaries(t *testing.T) {
	swiss, classic := []int{8, 14, 28, 56, 112, 224, 448, 896}, []int{8, 13, 26, 52, 104, 208, 416, 832}
	for _, c := range []struct {
		version string
		limit   int
		up      []int
	}{
		{"go1.26.8", 1000, swiss},
		{"go1.24", 897, swiss},
		{"go1.24", 896, swiss[:7]},
		{"go1.24rc1", 1000, swiss},
		{"go1.25.1 X:greenteagc,nodwarf5", 1 << 20, swiss}, // beyond, its tables grow each for itself
		{"devel go1.27-1234abc Mon Jan 5 10:00:00 2026 +0000", 14, swiss[:1]},
		{"go1.27-devel_1234abc", 15, swiss[:2]},
		{"go1.23.12", 1000, classic},
		{"go1.23.12", 1665, append(slices.Clone(classic), 1664)},
		{"go1.9", 8, nil},
		{"go1.24.5 X:noswissmap", 1000, classic},
		{"go1.25 X:rangefunc,noswissmap", 1000, classic},
		{"go1.25.3-X:noswissmap", 1000, classic},
		{"go1.26.8-X:nogreenteagc", 1000, swiss},
	} {
		if got, ok := scheduler.KnownBoundaries(c.version, c.limit); !ok || !slices.Equal(got.Up, c.up) || got.Down != nil {
			t.Errorf("%s up to %d: %d, %v; want %d", c.version, c.limit, got, ok, c.up)
		}
	}
	for _, version := range []string{"", "unknown", "devel", "1.26", "X:noswissmap"} {
		if got, ok := scheduler.KnownBoundaries(version, 1000); ok || got.Up != nil {
			t.Errorf("%q: %d, %v", version, got, ok)
		}
	}
}

func probe(t *testing.T, v *target.Variant, limit int) scheduler.Growth {
	t.Helper()
	g, err := scheduler.Probe(v, limit)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// Every built-in target can be probed in every shape.
func TestProbe(t *testing.T) {
	for _, tgt := range target.Builtin() {
		for i := range tgt.Variants {
			v := &tgt.Variants[i]
			got := probe(t, v, 300).Up
			if !slices.IsSorted(got) || len(got) > 100 || len(got) > 0 && (got[0] < 1 || got[len(got)-1] >= 300) {
				t.Errorf("%s %s: sizes %d", tgt.Name, v.Shape, got)
			}
		}
	}
}

// A table is what a map is to a probe: it has a size, and storage that doubles
// when it is full and halves when three quarters of it are free. On top of that it
// allocates what nodes makes for each insert and each delete.
type table struct {
	mu      sync.Mutex
	storage []uint64 // guarded by mu
	size    int
	nodes   func() []byte
	node    []byte
	grow    func(resize func()) // runs it, sooner or later
}

func (m *table) resize(capacity int) {
	m.grow(func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.storage = make([]uint64, capacity)
	})
}

func (m *table) capacity() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.storage)
}

func (m *table) Store(uint64, uint64) {
	m.node = m.nodes()
	if m.size == m.capacity() {
		m.resize(max(16, 2*m.size))
	}
	m.size++
}

func (m *table) Delete(uint64) {
	m.node = m.nodes()
	if n := m.capacity(); n > 16 && m.size == n/4 {
		m.resize(n / 2)
	}
	m.size--
}

// The sizes at which a table of up to 600 entries grows and shrinks.
var tableBounds = history.Boundaries{Up: []int{16, 32, 64, 128, 256, 512}, Down: []int{8, 16, 32, 64, 128, 256}}

func TestProbeShrinking(t *testing.T) {
	nothing := func() []byte { return nil }
	at := func(resize func()) { resize() }
	random := rand.New(rand.NewSource(1))
	for name, build := range map[string]func() *table{
		"plain": func() *table { return &table{nodes: nothing, grow: at} },
		"nodes": func() *table { return &table{nodes: func() []byte { return make([]byte, 48) }, grow: at} },
		// A third of the ops allocate far more than the others: of 600 sizes 67
		// show in two probes by luck, and in 8, which it takes, less than 0.1.
		"random nodes": func() *table {
			return &table{grow: at, nodes: func() []byte { return make([]byte, 32+1000*(random.Intn(3)/2)) }}
		},
		"another goroutine": func() *table {
			return &table{nodes: nothing, grow: func(resize func()) {
				go func() { // ended when resize is: the probe waits for it
					time.Sleep(50 * time.Microsecond)
					resize()
				}()
			}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := probe(t, made(func() target.Map[uint64, uint64] {
				m := build()
				return target.Map[uint64, uint64]{Store: m.Store, Delete: m.Delete}
			}), 600)
			want := tableBounds
			if !slices.Equal(got.Up, want.Up) || !slices.Equal(got.Down, want.Down) {
				t.Errorf("got %+v; want %+v", got.Boundaries, want)
			}
		})
	}
}

// Each way to delete serves.
func TestProbeDeletes(t *testing.T) {
	type codes = target.Map[uint64, uint64]
	for name, with := range map[string]func(m *table, c *codes){
		"delete": func(m *table, c *codes) { c.Delete = m.Delete },
		"load-and-delete": func(m *table, c *codes) {
			c.LoadAndDelete = func(k uint64) (uint64, bool) { m.Delete(k); return k, true }
		},
		"compare-and-delete": func(m *table, c *codes) {
			c.CompareAndDelete = func(k, v uint64) bool {
				if k == v {
					m.Delete(k)
				}
				return k == v
			}
		},
		"compute": func(m *table, c *codes) {
			c.Compute = func(k uint64, f func(uint64, bool) (uint64, bool)) (uint64, bool) {
				if _, remove := f(k, true); remove {
					m.Delete(k)
				}
				return 0, false
			}
		},
		"nothing": func(*table, *codes) {},
	} {
		got := probe(t, made(func() codes {
			m := &table{nodes: func() []byte { return nil }, grow: func(resize func()) { resize() }}
			c := codes{Store: m.Store}
			with(m, &c)
			return c
		}), 600)
		want := tableBounds.Down
		if name == "nothing" {
			want = nil
		}
		if !slices.Equal(got.Up, tableBounds.Up) || !slices.Equal(got.Down, want) || (got.Deletes == nil) != (want == nil) {
			t.Errorf("%s: got %+v; want down %d", name, got.Boundaries, want)
		}
	}
}

// Maps in which chance alone decides what is allocated have no boundaries: 0.1
// sizes that seem to be one are what the probe puts up with, so more than 3 have a
// chance of 4e-6.
func TestProbeChance(t *testing.T) {
	random := rand.New(rand.NewSource(2))
	got := probe(t, made(func() target.Map[uint64, uint64] {
		var node []byte
		step := func(uint64) { node = make([]byte, 16<<random.Intn(5)) }
		return target.Map[uint64, uint64]{Store: func(k, _ uint64) { step(k) }, Delete: step, Len: func() int { return len(node) }}
	}), 1000)
	if len(got.Up)+len(got.Down) > 3 {
		t.Errorf("got %+v", got.Boundaries)
	}
}

func TestProbeErrors(t *testing.T) {
	if _, err := scheduler.Probe(&empty().Variants[0], 10); err == nil || err.Error() != "probe: the map has no method that inserts: store, swap, load-or-store or compute" {
		t.Errorf("without an insert: %v", err)
	}
	for _, limit := range []int{-1, 0, 1, scheduler.MaxProbe + 1} {
		if _, err := scheduler.Probe(&find(t, "map").Variants[0], limit); err == nil || !strings.HasPrefix(err.Error(), "probe up to ") || !strings.HasSuffix(err.Error(), "entries; want 2 to 16384") {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
}
