package target

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"time"
)

// CodecOf returns a codec for a type: one of the ready-made ones for int, int32,
// float64, string and any, and else one that fills all of a value with its code, and
// tells a value whose parts are of several codes. It knows
//
//   - integers of at least 32 bits, floats of 64, and strings, named ones too;
//   - arrays, and structs, of which the exported fields of these types are filled, if one of them can
//     hold a code, or several together, as the bytes of a [16]byte; others stay zero;
//   - pointers to any of these, each code having a pointer of its own;
//   - slices of any of these, of one to three elements, and maps of one entry;
//   - any, error and time.Time.
//
// An error says which part of the type is none of these.
func CodecOf[T any]() (Codec[T], error) {
	for _, ready := range []any{Int(), Int32(), Float64(), String(), Any()} {
		if c, ok := ready.(Codec[T]); ok {
			return c, nil
		}
	}
	p, err := partOf(reflect.TypeFor[T](), nil)
	if err != nil {
		return Codec[T]{}, err
	}
	return codecBy[T](p)
}

// CodecExcept is the CodecOf a pointer to a struct of which some exported fields are not filled, nor
// looked at: whoever calls the map sets them, or the map does. So it may be with the key of an entry,
// if a registry finds it within what it is given.
func CodecExcept[T any](fields ...string) (Codec[T], error) {
	t := reflect.TypeFor[T]()
	if t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct {
		return Codec[T]{}, fmt.Errorf("%s is no pointer to a struct", t)
	}
	for _, name := range fields {
		if f, ok := t.Elem().FieldByName(name); !ok || len(f.Index) > 1 || !f.IsExported() {
			return Codec[T]{}, fmt.Errorf("%s has no exported field %s of its own", t.Elem(), name)
		}
	}
	return codecBy[T](pointerPart(t, structPart(t.Elem(), []reflect.Type{t, t.Elem()}, fields)))
}

// codecBy is the codec of a type that is filled and read by a part.
func codecBy[T any](p part) (Codec[T], error) {
	t := reflect.TypeFor[T]()
	if !p.holds() {
		return Codec[T]{}, fmt.Errorf("%s has no part that can hold a number of 31 bits", t)
	}
	encode := func(code uint64) (x T) {
		p.fill(reflect.ValueOf(&x).Elem(), code)
		return x
	}
	r := &reflected[T]{p, isFlat(t)}
	return Codec[T]{Name: wordOf(t), Costly: true, Encode: encode, Decode: r.decode}, nil
}

// wordOf makes a shape's name of a type: its own, without the package.
func wordOf(t reflect.Type) string {
	name := t.Name()
	if name == "" {
		name = t.Kind().String()
		if t.Kind() == reflect.Pointer {
			name = "pointer-to-" + wordOf(t.Elem())
		}
	}
	return name
}

// A part is how one type is filled with a code and read. What is read is a code only if
// is says so.
//
// One that is too small has the lower bits of a code, by which alone it is told. Several of
// these may have room for all of it.
type part struct {
	bits int // of the code that read can tell, from the lowest on
	fill func(v reflect.Value, code uint64)
	read func(v reflect.Value) (code uint64, ok bool)
	is   func(v reflect.Value, code uint64) bool
}

// codeBits is how many bits a code may have, in whole bytes.
const codeBits = 32

func (p *part) holds() bool { return p.bits >= codeBits }

// partOf makes the part of a type that is within others. One that points to what it is
// within has no end, and is left nil.
func partOf(t reflect.Type, within []reflect.Type) (part, error) {
	within = append(within[:len(within):len(within)], t)
	switch t.Kind() {
	case reflect.Int, reflect.Int32, reflect.Int64:
		return part{
			codeBits,
			func(v reflect.Value, code uint64) { v.SetInt(int64(code)) },
			func(v reflect.Value) (uint64, bool) { return uint64(v.Int()), v.Int() >= 0 },
			func(v reflect.Value, code uint64) bool { return v.Int() == int64(code) },
		}, nil
	case reflect.Uint, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return part{
			codeBits,
			func(v reflect.Value, code uint64) { v.SetUint(code) },
			func(v reflect.Value) (uint64, bool) { return v.Uint(), true },
			func(v reflect.Value, code uint64) bool { return v.Uint() == code },
		}, nil
	case reflect.Float64:
		return part{
			codeBits,
			func(v reflect.Value, code uint64) { v.SetFloat(float64(code)) },
			func(v reflect.Value) (uint64, bool) {
				f := v.Float()
				return uint64(f), f >= 0 && f <= maxCode
			},
			func(v reflect.Value, code uint64) bool { return v.Float() == float64(code) },
		}, nil
	case reflect.String:
		return part{
			codeBits,
			func(v reflect.Value, code uint64) { v.SetString(strconv.FormatUint(code, 10)) },
			func(v reflect.Value) (uint64, bool) { return decodeDigits(v.String()) },
			func(v reflect.Value, code uint64) bool { return v.String() == strconv.FormatUint(code, 10) },
		}, nil
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return part{
				codeBits,
				func(v reflect.Value, code uint64) { v.SetBytes(strconv.AppendUint(nil, code, 10)) },
				func(v reflect.Value) (uint64, bool) { return decodeDigits(string(v.Bytes())) },
				func(v reflect.Value, code uint64) bool { return string(v.Bytes()) == strconv.FormatUint(code, 10) },
			}, nil
		}
		return slicePart(t, within)
	case reflect.Int8, reflect.Int16, reflect.Uint8, reflect.Uint16:
		return smallPart(t), nil
	case reflect.Bool, reflect.Float32:
		return zeroPart, nil
	case reflect.Array:
		element, err := partOf(t.Elem(), within)
		parts := make([]part, t.Len())
		for i := range parts {
			parts[i] = element
		}
		return joined(parts, reflect.Value.Index), err
	case reflect.Struct:
		if t == reflect.TypeFor[time.Time]() {
			return timePart, nil
		}
		return structPart(t, within, nil), nil
	case reflect.Map:
		return mapPart(t, within)
	case reflect.Interface:
		switch t {
		case reflect.TypeFor[any]():
			return interfacePart(func(code uint64) any { return int64(code) }), nil
		case reflect.TypeFor[error]():
			return interfacePart(func(code uint64) any { return numberedError(code) }), nil
		}
	case reflect.Pointer:
		if slices.Contains(within, t.Elem()) {
			return zeroPart, nil
		}
		inner, err := partOf(t.Elem(), within)
		if err != nil {
			inner = zeroPart
		}
		return pointerPart(t, inner), nil
	}
	return part{}, fmt.Errorf("no codec for %s", t)
}

// structPart fills the exported fields that can be, except some.
func structPart(t reflect.Type, within []reflect.Type, except []string) part {
	var parts []part
	var fields []int
	for i := range t.NumField() {
		if !t.Field(i).IsExported() || slices.Contains(except, t.Field(i).Name) {
			continue
		}
		p, err := partOf(t.Field(i).Type, within)
		if err != nil {
			p = zeroPart
		}
		parts, fields = append(parts, p), append(fields, i)
	}
	return joined(parts, func(v reflect.Value, i int) reflect.Value { return v.Field(fields[i]) })
}

// pointerPart gives each code a pointer of its own, to a value that is filled with it.
// A pointer that it did not make is nobody's, and is not followed.
func pointerPart(t reflect.Type, inner part) part {
	var mu sync.RWMutex
	made, codes := map[uint64]reflect.Value{}, map[uintptr]uint64{}
	pointer := func(code uint64) reflect.Value {
		mu.Lock()
		defer mu.Unlock()
		p, ok := made[code]
		if !ok {
			p = reflect.New(t.Elem())
			if t.Elem().Size() == 0 { // all of these may have one address
				return p
			}
			inner.fill(p.Elem(), code)
			made[code], codes[p.Pointer()] = p, code
		}
		return p
	}
	read := func(v reflect.Value) (uint64, bool) {
		mu.RLock()
		defer mu.RUnlock()
		code, ok := codes[v.Pointer()]
		return code, ok
	}
	bits := codeBits
	if t.Elem().Size() == 0 {
		bits = 0
	}
	return part{
		bits,
		func(v reflect.Value, code uint64) { v.Set(pointer(code).Convert(t)) },
		read,
		func(v reflect.Value, code uint64) bool {
			got, ok := read(v)
			return ok && got == code && inner.is(v.Elem(), code)
		},
	}
}
