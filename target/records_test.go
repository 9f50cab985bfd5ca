package target

import (
	"strings"
	"testing"
)

// A torn record is refused where it can be looked at.
func TestTornRecords(t *testing.T) {
	c := Records()
	two, seven, nine := c.Encode(2), c.Encode(7), c.Encode(9)
	begin := func(first, rest Record, words int) Record {
		rest.Code = first.Code
		copy(rest.Body[:words], first.Body[:])
		return rest
	}
	described(t, c, begin(seven, nine, 99), "a record with v7 in bytes 0-799, v9 in bytes 800-2039, and a pointer to the cell of v9 at its end")
	described(t, c, begin(two, nine, 253), "a record with v2 in bytes 0-2031, v9 in bytes 2032-2039, and a pointer to the cell of v9 at its end")
	torn := two
	torn.Body[0] = 4
	described(t, c, torn, "a record with v2 in bytes 0-7, v4 in bytes 8-15, v2 in bytes 16-2039, and no pointer at its end")
	torn = two
	torn.Next = &Cell{2}
	if got := c.Describe(torn, 'v'); !strings.Contains(got, "v2 in bytes 0-2039, and at its end a pointer to 0x") {
		t.Errorf("of a foreign pointer: %s", got)
	}
	refuse(t, c, torn)
	for _, r := range []Record{begin(seven, nine, 254), begin(nine, seven, 0), begin(seven, seven, 0)} {
		r.Body[17]++
		refuse(t, c, r)
	}
}

// One that says it has a pointer, and has none, faults, and its description does not.
func TestTornRecordFaults(t *testing.T) {
	c := Records()
	torn := c.Encode(2)
	torn.Code = 7
	defer func() {
		if recover() == nil {
			t.Error("no fault")
		}
		if got, want := c.Describe(torn, 'v'), "a record with v7 in bytes 0-7, v2 in bytes 8-2039, and no pointer at its end"; got != want {
			t.Errorf("described as\n%s; want\n%s", got, want)
		}
	}()
	c.Decode(torn)
}
