package child

import (
	"syscall"
	"testing"

	"github.com/mapstress/mapstress/target"
)

// mapsMemory makes maps that take 64 MiB of their own each, and have no Close to give it back.
func mapsMemory() target.Map[int, int] {
	_, err := syscall.Mmap(-1, 0, 64<<20, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE|syscall.MAP_NORESERVE)
	if err != nil {
		panic(err)
	}
	return newBox().methods(func(*box, int) {})
}

// TestMapped: a child whose maps have taken much memory beside Go's heap is replaced before there is
// none left: of 8 GiB, 300 maps would take 19.
func TestMapped(t *testing.T) {
	o := do(t, odd(t, Config{}), "maps memory", twoStores, 300)
	if len(o.Found) > 0 || o.Deaths > 0 || o.Tally.Runs != 300 {
		t.Errorf("found %q in %+v, %d deaths", signatures(o), o.Tally, o.Deaths)
	}
}
