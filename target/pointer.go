package target

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"
)

// A Cell is what the keys and values of a Pointer codec point to.
type Cell struct{ code uint64 } // never written again

// Pointer is the codec of pointers to Cells, of which there is one for each code.
// A pointer to anywhere else is known by its address, and not followed.
func Pointer() Codec[*Cell] {
	return Codec[*Cell]{
		Name:     "pointer",
		Costly:   true,
		Encode:   everyCell.cell,
		Decode:   everyCell.decode,
		Describe: everyCell.describe,
	}
}

var everyCell = arena{first: &firstPages}

// firstPages are no part of the heap, so their addresses are the same in each process of a
// program, and so is what a map makes of them that hashes pointers.
var firstPages [2][4]page

// An arena has cells, in pages of consecutive codes. Pages are added, and never
// move or go.
type arena struct {
	first  *[2][4]page // room for the pages of the least codes, and of the least from FirstOdd on
	adding sync.Mutex  // held by who adds a page; the others read on
	pages  atomic.Pointer[pages]
}

// pages is never changed; a longer one replaces it.
type pages struct {
	byNumber  []*page
	byAddress []*page
}

type page struct {
	number uint64
	cells  [pageCells]Cell
}

const (
	pageCells = 1024
	cellSize  = unsafe.Sizeof(Cell{})
)

func (a *arena) newPage(number uint64) *page {
	p := new(page)
	for i, least := range []uint64{0, FirstOdd / pageCells} {
		if n := number - least; a.first != nil && n < uint64(len(a.first[i])) {
			p = &a.first[i][n]
		}
	}
	p.number = number
	for i := range p.cells {
		p.cells[i].code = number*pageCells + uint64(i)
	}
	return p
}

func (p *page) address() uintptr { return uintptr(unsafe.Pointer(&p.cells)) }

func compareNumber(p *page, number uint64) int    { return cmp.Compare(p.number, number) }
func compareAddress(p *page, address uintptr) int { return cmp.Compare(p.address(), address) }

// cell returns the cell of a code.
func (a *arena) cell(code uint64) *Cell {
	p := a.find(code / pageCells)
	if p == nil {
		p = a.add(code / pageCells)
	}
	return &p.cells[code%pageCells]
}

func (a *arena) find(number uint64) *page {
	all := a.pages.Load()
	if all == nil {
		return nil
	}
	i, ok := slices.BinarySearchFunc(all.byNumber, number, compareNumber)
	if !ok {
		return nil
	}
	return all.byNumber[i]
}

// add adds a page unless somebody else has just done so.
func (a *arena) add(number uint64) *page {
	a.adding.Lock()
	defer a.adding.Unlock()
	if p := a.find(number); p != nil {
		return p
	}
	var longer pages
	if all := a.pages.Load(); all != nil {
		longer = *all
	}
	p := a.newPage(number)
	i, _ := slices.BinarySearchFunc(longer.byNumber, number, compareNumber)
	j, _ := slices.BinarySearchFunc(longer.byAddress, p.address(), compareAddress)
	longer.byNumber = slices.Insert(slices.Clone(longer.byNumber), i, p)
	longer.byAddress = slices.Insert(slices.Clone(longer.byAddress), j, p)
	a.pages.Store(&longer)
	return p
}

// locate tells which cell an address is in, by code, and how far into it.
func (a *arena) locate(address uintptr) (code uint64, into uintptr, ok bool) {
	all := a.pages.Load()
	if all == nil {
		return 0, 0, false
	}
	i, ok := slices.BinarySearchFunc(all.byAddress, address, compareAddress)
	if !ok {
		i-- // the page that begins before it
	}
	if i < 0 || address-all.byAddress[i].address() >= pageCells*cellSize {
		return 0, 0, false
	}
	offset := address - all.byAddress[i].address()
	return all.byAddress[i].number*pageCells + uint64(offset/cellSize), offset % cellSize, true
}

func (a *arena) decode(c *Cell) (uint64, bool) {
	code, into, ok := a.locate(uintptr(unsafe.Pointer(c)))
	return code, ok && into == 0 && c.code == code && code <= maxCode
}

// describe tells what is at the address, if it is the arena's.
func (a *arena) describe(c *Cell, letter byte) string {
	code, into, ok := a.locate(uintptr(unsafe.Pointer(c)))
	switch {
	case c == nil:
		return "a nil pointer"
	case !ok:
		return fmt.Sprintf("a pointer to %p, where nobody's cell is", c)
	case into > 0:
		return fmt.Sprintf("a pointer to byte %d of the cell of %c%d", into, letter, code)
	}
	return fmt.Sprintf("a pointer to the cell of %c%d, overwritten with %d", letter, code, c.code)
}
