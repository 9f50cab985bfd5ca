package target

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

type (
	id     int64
	name   string
	record struct {
		ID     id
		Name   name
		Flag   bool
		Values [3]float64
		_      int // not exported
		Next   *id
	}
	tags  []uint32
	mixed struct {
		Sign int8
		Flag bool
		Port uint16
		Host [3]uint8
	}
	client struct {
		ID      string
		Send    chan string
		OnClose func()
		Output  io.Writer
	}
	list struct {
		Value int
		Rest  *list
	}
)

// TestCodecOf: codes survive, different ones give different values, and a value of two
// codes is nobody's.
func TestCodecOf(t *testing.T) {
	codecOf(t, func(x *int64) { *x = -*x - 1 })
	codecOf(t, func(x *id) { *x = 1 << 40 })
	codecOf(t, func(x *uint64) { *x = 1 << 40 })
	codecOf(t, func(x *name) { *x = "0" + *x })
	codecOf(t, func(x *[]byte) { *x = append(*x, 'x') })
	codecOf(t, func(x *[4]uint64) { x[2]++ })
	codecOf(t, func(x *record) { x.Name += "0" })
	codecOf(t, func(x *record) { x.Flag = true })
	codecOf(t, func(x *record) { x.Next = new(id) })
	codecOf(t, func(x **record) { *x = &record{} })
	codecOf(t, func(x **record) { *x = nil })
	codecOf(t, func(x **list) { *x = &list{Value: (*x).Value} })
	codecOf(t, func(x **id) { y := **x; *x = &y })
	codecOf(t, func(x *[]string) { (*x)[0] = "0" + (*x)[0] })
	codecOf(t, func(x *[]string) { *x = append(*x, (*x)[0]) })
	codecOf(t, func(x *[]string) { *x = nil })
	codecOf(t, func(x *[]*record) { *x = []*record{new(record)} })
	codecOf(t, func(x *tags) { *x = append(*x, (*x)[0]+1) })
	codecOf(t, func(x *map[string][]int) { (*x)["more"] = nil })
	codecOf(t, func(x *map[string][]int) {
		for k := range *x {
			(*x)[k] = []int{-1}
		}
	})
	codecOf(t, func(x *map[string][]int) { *x = nil })
	codecOf(t, func(x *error) { *x = errors.New((*x).Error()) })
	codecOf(t, func(x *error) { *x = nil })
	codecOf(t, func(x *[2]any) { x[1] = uint64(x[1].(int64)) })
	codecOf(t, func(x *time.Time) { *x = x.Add(1) })
	codecOf(t, func(x *time.Time) { *x = x.Local().In(time.FixedZone("", 60)) })
	codecOf(t, func(x *struct {
		When  time.Time
		Cause error
		Extra any
	}) {
		x.Extra = nil
	})
	codecOf(t, func(x **client) { *x = &client{ID: (*x).ID} })
	codecOf(t, func(x *client) { x.Send = make(chan string) })
	codecOf(t, func(x *client) { x.Output = io.Discard })
	codecOf(t, func(x **struct{ OnClose func() }) { *x = nil })
	codecOf(t, func(x *[16]byte) { x[15]++ })
	codecOf(t, func(x *[2][3]uint8) { x[1][1]++ })
	codecOf(t, func(x *[5]int16) { x[4]-- })
	codecOf(t, func(x *struct{ X, Y, Z uint16 }) { x.Z ^= 1 })
	codecOf(t, func(x *mixed) { x.Host[2] ^= 1 })
	codecOf(t, func(x *mixed) { x.Flag = true })
	codecOf(t, func(x *struct {
		ID   int
		Kind uint8
	}) {
		x.Kind++
	})
	for _, c := range []Codec[int]{must[int](t)} { // a ready-made one
		if c.Name != "int" || c.Costly {
			t.Errorf("of int: %+v", c)
		}
	}
	if c := must[any](t); c.Name != "any" {
		t.Errorf("of any: %+v", c)
	}
}

// TestCodecOfTight: where there is room for a code and for no more, each value is some code's.
func TestCodecOfTight(t *testing.T) {
	bytes, points := must[[4]byte](t), must[struct{ X, Y int16 }](t)
	for _, code := range []uint64{0, 1, 255, 256, 1 << 16, 1 << 31, maxCode} {
		if got, ok := bytes.Decode(bytes.Encode(code)); !ok || got != code {
			t.Errorf("of bytes, code %d comes back as %d, %v", code, got, ok)
		}
		if got, ok := points.Decode(points.Encode(code)); !ok || got != code {
			t.Errorf("of points, code %d comes back as %d, %v", code, got, ok)
		}
	}
}

func must[T any](t *testing.T) Codec[T] {
	t.Helper()
	c, err := CodecOf[T]()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func codecOf[T any](t *testing.T, damage func(*T)) {
	t.Helper()
	c := must[T](t)
	for _, code := range []uint64{0, 1, 9, 10, 12345, maxCode} {
		x := c.Encode(code)
		if got, ok := c.Decode(x); !ok || got != code {
			t.Errorf("%s: code %d comes back as %d, %v", c.Name, code, got, ok)
		}
		damage(&x)
		if got, ok := c.Decode(x); ok {
			t.Errorf("%s: damaged, code %d is taken for %d", c.Name, code, got)
		}
		if a, b := c.Encode(code), c.Encode(code); !same(c, a, b) {
			t.Errorf("%s: code %d is not always the same", c.Name, code)
		}
	}
	if strings.ContainsAny(c.Name, " /*[]") {
		t.Errorf("%q is no word", c.Name)
	}
}

func same[T any](c Codec[T], a, b T) bool {
	x, ok := c.Decode(a)
	y, too := c.Decode(b)
	return ok && too && x == y
}

func TestCodecOfErrors(t *testing.T) {
	for want, err := range map[string]error{
		"bool has no part that can hold a number of 31 bits":                errorOf[bool](),
		"[3]uint8 has no part that can hold a number of 31 bits":            errorOf[[3]byte](),
		"struct { x int } has no part that can hold a number of 31 bits":    errorOf[struct{ x int }](),
		"*struct {} has no part that can hold a number of 31 bits":          errorOf[*struct{}](),
		"struct { F func() } has no part that can hold a number of 31 bits": errorOf[struct{ F func() }](),
		"no codec for chan int":                                      errorOf[[2]chan int](),
		"no codec for func()":                                        errorOf[[]func()](),
		"no codec for fmt.Stringer":                                  errorOf[map[string]fmt.Stringer](),
		"[]bool has no part that can hold a number of 31 bits":       errorOf[[]bool](),
		"map[bool]int has no part that can hold a number of 31 bits": errorOf[map[bool]int](),
	} {
		if err == nil || err.Error() != want {
			t.Errorf("got %v; want %s", err, want)
		}
	}
}

func errorOf[T any]() error {
	_, err := CodecOf[T]()
	return err
}

// TestCodecExcept: the fields that are left out are neither filled nor looked at, and the others are.
func TestCodecExcept(t *testing.T) {
	c, err := CodecExcept[*client]("ID")
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []uint64{1, 2, maxCode} {
		x := c.Encode(code)
		if x.ID != "" {
			t.Errorf("code %d fills the ID with %q", code, x.ID)
		}
		x.ID = "its own"
		if got, ok := c.Decode(x); !ok || got != code {
			t.Errorf("code %d comes back as %d, %v", code, got, ok)
		}
		x.Send = make(chan string)
		if _, ok := c.Decode(x); ok {
			t.Errorf("code %d: one with another field is taken for its own", code)
		}
	}
	type small struct{ ID int }
	if c, err := CodecExcept[*small]("ID"); err != nil || c.Encode(1) == c.Encode(2) {
		t.Errorf("with no other field: %v, one pointer for all", err)
	}
	for want, made := range map[string]func() error{
		"target.client is no pointer to a struct":                  func() error { _, err := CodecExcept[client]("ID"); return err },
		"target.client has no exported field Name of its own":      func() error { _, err := CodecExcept[*client]("Name"); return err },
		"target.record has no exported field _ of its own":         func() error { _, err := CodecExcept[*record]("_"); return err },
		"*struct {} has no part that can hold a number of 31 bits": func() error { _, err := CodecExcept[*struct{}](); return err },
	} {
		if err := made(); err == nil || err.Error() != want {
			t.Errorf("got %v; want %s", err, want)
		}
	}
}
