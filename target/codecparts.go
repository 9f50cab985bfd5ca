package target

import (
	"fmt"
	"reflect"
	"time"
)

// slicePart makes slices of one to three elements, by the code, so that one with the
// length of another's is told.
func slicePart(t reflect.Type, within []reflect.Type) (part, error) {
	element, err := partOf(t.Elem(), within)
	if err != nil {
		return part{}, err
	}
	length := func(code uint64) int { return 1 + int(code%3) }
	return part{
		element.bits / codeBits * codeBits, // a few low bits alone do not tell a length
		func(v reflect.Value, code uint64) {
			v.Set(reflect.MakeSlice(t, length(code), length(code)))
			for i := range v.Len() {
				element.fill(v.Index(i), code)
			}
		},
		func(v reflect.Value) (uint64, bool) {
			if v.Len() == 0 {
				return 0, false
			}
			return element.read(v.Index(0))
		},
		func(v reflect.Value, code uint64) bool {
			for i := range v.Len() {
				if !element.is(v.Index(i), code) {
					return false
				}
			}
			return v.Len() == length(code)
		},
	}, nil
}

// mapPart makes maps of one entry, whose key and value are of the code.
func mapPart(t reflect.Type, within []reflect.Type) (part, error) {
	key, err := partOf(t.Key(), within)
	if err != nil {
		return part{}, err
	}
	value, err := partOf(t.Elem(), within)
	if err != nil {
		return part{}, err
	}
	filled := func(t reflect.Type, p part, code uint64) reflect.Value {
		x := reflect.New(t).Elem()
		p.fill(x, code)
		return x
	}
	only := func(v reflect.Value) (k reflect.Value, ok bool) {
		if v.Len() != 1 {
			return k, false
		}
		return v.MapKeys()[0], true
	}
	return part{
		key.bits / codeBits * codeBits,
		func(v reflect.Value, code uint64) {
			v.Set(reflect.MakeMap(t))
			v.SetMapIndex(filled(t.Key(), key, code), filled(t.Elem(), value, code))
		},
		func(v reflect.Value) (uint64, bool) {
			k, ok := only(v)
			if !ok {
				return 0, false
			}
			return key.read(k)
		},
		func(v reflect.Value, code uint64) bool {
			k, ok := only(v)
			return ok && key.is(k, code) && value.is(v.MapIndex(k), code)
		},
	}, nil
}

// interfacePart puts a number of some type of its own into an interface.
func interfacePart(number func(code uint64) any) part {
	t := reflect.TypeOf(number(0))
	read := func(v reflect.Value) (uint64, bool) {
		if v.IsNil() || v.Elem().Type() != t {
			return 0, false
		}
		if v.Elem().CanInt() {
			return uint64(v.Elem().Int()), v.Elem().Int() >= 0
		}
		return v.Elem().Uint(), true
	}
	return part{
		codeBits,
		func(v reflect.Value, code uint64) { v.Set(reflect.ValueOf(number(code))) },
		read,
		func(v reflect.Value, code uint64) bool {
			got, ok := read(v)
			return ok && got == code
		},
	}
}

// A numberedError is the error of a code.
type numberedError uint64

func (e numberedError) Error() string { return fmt.Sprintf("error %d", uint64(e)) }

// timePart makes times of whole seconds.
var timePart = part{
	codeBits,
	func(v reflect.Value, code uint64) { v.Set(reflect.ValueOf(timeOf(code))) },
	func(v reflect.Value) (uint64, bool) {
		seconds := v.Interface().(time.Time).Unix()
		return uint64(seconds), seconds >= 0
	},
	func(v reflect.Value, code uint64) bool { return v.Interface().(time.Time) == timeOf(code) },
}

func timeOf(code uint64) time.Time { return time.Unix(int64(code), 0).UTC() }
