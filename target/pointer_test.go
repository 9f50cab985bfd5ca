package target

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"unsafe"
)

// A wild pointer is known by its address: nothing outside of the arena is read.
func TestWildPointers(t *testing.T) {
	c := Pointer()
	seven := c.Encode(7)
	c.Encode(5 * pageCells)
	described(t, c, nil, "a nil pointer")
	described(t, c, (*Cell)(unsafe.Add(unsafe.Pointer(seven), 3)), "a pointer to byte 3 of the cell of v7")
	wild := new(Cell)
	refuse(t, c, wild)
	if got := describe(c, wild); !strings.HasPrefix(got, "a pointer to 0x") || !strings.HasSuffix(got, ", where nobody's cell is") {
		t.Errorf("described as %q", got)
	}
	seven.code = 9
	defer func() { seven.code = 7 }()
	described(t, c, seven, "a pointer to the cell of v7, overwritten with 9")
}

func TestArenaBounds(t *testing.T) {
	var a arena
	if _, _, ok := a.locate(1); ok {
		t.Error("an empty arena has an address")
	}
	for _, code := range []uint64{3 * pageCells, 0, 1 << 30, 7 * pageCells} {
		a.cell(code)
	}
	for _, p := range a.pages.Load().byAddress {
		for at, want := range map[uintptr]uint64{0: 0, cellSize: 1, pageCells*cellSize - 1: pageCells - 1} {
			code, into, ok := a.locate(p.address() + at)
			if !ok || code != p.number*pageCells+want || into != at%cellSize {
				t.Errorf("byte %d of page %d is that of %d, byte %d, %v", at, p.number, code, into, ok)
			}
		}
		for _, at := range []uintptr{p.address() - 1, p.address() + pageCells*cellSize, 0, ^uintptr(0)} {
			if code, _, ok := a.locate(at); ok {
				t.Errorf("an address beside page %d is taken for code %d", p.number, code)
			}
		}
	}
}

// Whoever encodes a code first, everybody gets the same pointer.
func TestArenaGrowsConcurrently(t *testing.T) {
	const workers, codes = 4, 40 * pageCells
	c := Pointer()
	var got [workers][codes]*Cell
	var done sync.WaitGroup
	for w := range workers {
		done.Add(1)
		go func() {
			defer done.Done()
			for code := uint64(0); code < codes; code += pageCells / 2 {
				got[w][code] = c.Encode(code)
				if back, ok := c.Decode(got[w][code]); !ok || back != code {
					panic(fmt.Sprintf("code %d comes back as %d, %v", code, back, ok))
				}
			}
		}()
	}
	done.Wait()
	for w := range got {
		if got[w] != got[0] {
			t.Errorf("worker %d got other pointers than worker 0", w)
		}
	}
}
