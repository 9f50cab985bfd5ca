package target

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// instance adapts m and makes an instance of it.
func instance(m Map[int, [4]int]) Instance {
	t := Adapt("m", Int(), Array4(), func() Map[int, [4]int] { return m }, Contract{})
	return t.Variants[0].New()
}

// A method that the map lacks stays nil; only Compute serves for another.
func TestAdaptWrapsWhatThereIs(t *testing.T) {
	methods := reflect.TypeFor[Map[int, [4]int]]()
	for i := range methods.NumField() {
		field := methods.Field(i)
		var m Map[int, [4]int]
		if field.Type.Kind() == reflect.Slice {
			m.Custom = []Custom[int, [4]int]{{Name: "own"}}
		} else {
			reflect.ValueOf(&m).Elem().Field(i).Set(reflect.MakeFunc(field.Type, nil))
		}
		coded := reflect.ValueOf(instance(m).Map)
		for j := range coded.NumField() {
			name := coded.Type().Field(j).Name
			want := i == j || field.Name == "Compute" && name == "Increment"
			if got := !coded.Field(j).IsNil(); got != want {
				t.Errorf("of a map with %s alone, %s is there: %v; want %v", field.Name, name, got, want)
			}
		}
	}
}

var torn = [4]int{7, 7, 9, 9}

func TestForeignIsRecorded(t *testing.T) {
	in := instance(Map[int, [4]int]{
		Load:        func(k int) ([4]int, bool) { return torn, k == 1 },
		LoadOrStore: func(k int, _ [4]int) ([4]int, bool) { return torn, false },
		Range:       func(yield func(int, [4]int) bool) { yield(-3, [4]int{}) },
		Compute: func(_ int, f func([4]int, bool) ([4]int, bool)) ([4]int, bool) {
			return f(torn, true)
		},
	})
	if v, ok := in.Load(2); v != 0 || ok {
		t.Errorf("Load of an absent key gives %d, %v; want 0, false, and no look at the value", v, ok)
	}
	if seen := in.Foreign(); len(seen) != 0 {
		t.Errorf("before anything was torn, Foreign gives %q", seen)
	}
	if v, ok := in.Load(1); v != Foreign || !ok {
		t.Errorf("Load gives %d, %v; want Foreign, true", v, ok)
	}
	in.Range(func(k, v uint64) bool {
		if k != Foreign || v != 0 {
			t.Errorf("Range yields %d, %d; want Foreign, 0", k, v)
		}
		return true
	})
	if v, loaded := in.LoadOrStore(5, 6); v != Foreign || loaded {
		t.Errorf("LoadOrStore gives %d, %v; want Foreign, false", v, loaded)
	}
	in.Compute(1, func(old uint64, loaded bool) (uint64, bool) {
		if old != Foreign || !loaded {
			t.Errorf("Compute passes %d, %v; want Foreign, true", old, loaded)
		}
		return 8, true
	})
	seen := in.Foreign()
	if len(seen) != maxForeign || !strings.HasPrefix(seen[0], "value v7 in bytes 0-") || seen[1] != "key -3" {
		t.Errorf("Foreign gives %q", seen)
	}
}

func TestEachInstanceHasItsOwnForeign(t *testing.T) {
	v := Adapt("m", Int(), Array4(), func() Map[int, [4]int] {
		return Map[int, [4]int]{Load: func(int) ([4]int, bool) { return torn, true }}
	}, Contract{}).Variants[0]
	first, second := v.New(), v.New()
	first.Load(1)
	if len(first.Foreign()) != 1 || len(second.Foreign()) != 0 {
		t.Errorf("got %q and %q", first.Foreign(), second.Foreign())
	}
}

func TestPrepare(t *testing.T) {
	for _, costly := range []bool{true, false} {
		var made []uint64
		codec := Int()
		codec.Costly = costly
		codec.Encode = func(code uint64) int { made = append(made, code); return int(code) }
		v := Adapt("m", codec, codec, behindMutex[int, int], Contract{}).Variants[0]
		v.Prepare(2, 3)
		v.Prepare(2, 4)
		v.Prepare(0, 0)
		var want []uint64
		if costly {
			want = []uint64{0, 1, 2, 0, 1, 2, 3, 4}
		}
		if !slices.Equal(made, want) {
			t.Errorf("costly %v: Prepare encodes %d; want %d", costly, made, want)
		}
		made = nil
		m := v.New()
		m.Store(2, 4)
		m.Store(3, 5)
		if costly {
			want = []uint64{3, 5}
		} else {
			want = []uint64{2, 4, 3, 5}
		}
		if !slices.Equal(made, want) {
			t.Errorf("costly %v: the methods encode %d; want %d", costly, made, want)
		}
	}
}

func TestTablesAreBounded(t *testing.T) {
	big := table[[256]int]{codec: KiB2()}
	big.prepare(FirstOdd - 1)
	big.prepare(biggest)
	for _, made := range [][][256]int{big.made, big.high} {
		if n := len(made) * 256 * 8; n == 0 || n > tableLimit*2 {
			t.Errorf("a table of %d values", len(made))
		}
	}
	for _, code := range []uint64{0, 1, 1_000_000, FirstOdd - 1, FirstOdd, FirstOdd + 1, biggest} {
		if got, want := big.encode(code), KiB2().Encode(code); got != want {
			t.Errorf("code %d has another value by the table", code)
		}
	}
}

func TestVariant(t *testing.T) {
	m := Join(
		Adapt("m", Int(), Int(), behindMutex[int, int], Contract{Source: "first"}),
		Adapt("other", String(), Int(), behindMutex[string, int], Contract{}),
	)
	if m.Name != "m" || m.Contract.Source != "first" {
		t.Errorf("joined as %q, %q; want those of the first", m.Name, m.Contract.Source)
	}
	if got, want := m.Shapes(), []Shape{{"int", "int"}, {"string", "int"}}; !slices.Equal(got, want) {
		t.Errorf("shapes %v; want %v", got, want)
	}
	for shape, want := range map[Shape]int{{}: 0, {"int", "int"}: 0, {"string", "int"}: 1} {
		if v, err := m.Variant(shape); err != nil || v != &m.Variants[want] {
			t.Errorf("shape %q gives %v, %v; want variant %d", shape, v, err, want)
		}
	}
	_, err := m.Variant(Shape{"int", "2KiB"})
	if want := "target m has no shape int/2KiB; want one of int/int, string/int"; err == nil || err.Error() != want {
		t.Errorf("got %v; want %q", err, want)
	}
}

// TestOtherMethods: a function that makes maps with one method at one time and without it at another
// is told so, and not by a call of nil.
func TestOtherMethods(t *testing.T) {
	m := Map[int, int]{Load: func(int) (int, bool) { return 0, false }, Len: func() int { return 0 }}
	made := Adapt("odd", Int(), Int(), func() Map[int, int] { return m }, Contract{}).Variants[0].New()
	made.Renew()
	m.Len = nil
	defer func() {
		if r, _ := recover().(string); !strings.HasPrefix(r, "mapstress: the function that makes maps made one with other methods than before") {
			t.Errorf("got %q", r)
		}
	}()
	made.Renew()
}
