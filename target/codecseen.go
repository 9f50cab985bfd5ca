package target

import (
	"reflect"
)

// Watched is how a program that stops goroutines at accesses to memory, as package controlled
// does, is kept from what a codec does by itself: reflection touches memory a hundred times for a
// value, and a lock of the codec's would order the callers of a map that does not. It is set, if at
// all, before anything is run.
var Watched struct {
	Hide func() (before uintptr)  // what the goroutine touches goes unseen from here on
	Show func(before uintptr)     // and is seen as it was before
	Read func(addr, size uintptr) // a read of so many bytes is seen
}

//go:norace
func hide() (before uintptr) {
	if Watched.Hide == nil {
		return 0
	}
	return Watched.Hide()
}

//go:norace
func show(before uintptr) {
	if Watched.Show != nil {
		Watched.Show(before)
	}
}

// A reflected decodes values by reflection.
type reflected[T any] struct {
	part part
	flat bool // a value points to nothing that others may have
}

//go:norace
func (r *reflected[T]) decode(x T) (code uint64, ok bool) {
	before := hide()
	v := reflect.ValueOf(&x).Elem()
	if before != 0 && !r.flat {
		seeContents(v, before)
	}
	if code, ok = r.part.read(v); ok {
		ok = code <= maxCode && r.part.is(v, code)
	}
	show(before)
	return code, ok
}

// seeContents has it seen that what a value points to is read: a map may have written there, if it
// keeps what it was given in memory of its own.
//
//go:norace
func seeContents(v reflect.Value, before uintptr) {
	switch v.Kind() {
	case reflect.Pointer: // which is not followed, since it may be nobody's
		see(v.Pointer(), v.Type().Elem().Size(), before)
	case reflect.Map:
		see(v.Pointer(), 1, before)
	case reflect.Slice:
		see(v.Pointer(), uintptr(v.Len())*v.Type().Elem().Size(), before)
		if !isFlat(v.Type().Elem()) {
			for i := range v.Len() {
				seeContents(v.Index(i), before)
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && !isFlat(f.Type) {
				seeContents(v.Field(i), before)
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			seeContents(v.Index(i), before)
		}
	}
}

//go:norace
func see(addr, size, before uintptr) {
	if addr != 0 && size > 0 {
		show(before)
		Watched.Read(addr, size)
		hide()
	}
}

// isFlat reports whether values of a type point to nothing but what is never written.
func isFlat(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return false
	case reflect.Array:
		return isFlat(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() && !isFlat(f.Type) {
				return false
			}
		}
	}
	return true
}
