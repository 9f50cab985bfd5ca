// Package methods makes a target of any map with methods: of the functions that each of its
// methods may serve for, it finds out by trying which ones are right.
//
// It is built into child processes beside somebody's map. It knows nothing of names and
// signatures: what may be what was guessed before, and written as source.
package methods

import (
	"fmt"
	"reflect"

	"github.com/mapstress/mapstress/target"
)

// Candidates are the names of the methods that may serve for each field of target.Map, in
// the order of their numbers.
type Candidates map[string][]string

// A Choice is the number of a candidate, from 1, for each field of target.Map; 0 is none.
type Choice struct {
	Load, Store, Put, Delete, Remove, LoadOrStore, LoadAndDelete, Swap,
	CompareAndSwap, CompareAndDelete, Compute, Range, Len, IsEmpty, Clear, Clone, Close int
}

// An Other is a choice that takes further methods of the same meanings.
type Other struct {
	Choice
	Name string // the methods in which it differs: "Peek+Keys"
}

// A Maker makes a fresh map that has the chosen methods.
type Maker[K comparable, V any] func(Choice) target.Map[K, V]

// Number returns the number of the candidate for a field; 0 is none.
func (c Choice) Number(field string) int { return *c.field(field) }

// OpName is what the op of a field is called: "load-or-store" for LoadOrStore.
func OpName(field string) string {
	for _, f := range fields {
		if f.name == field {
			return f.op
		}
	}
	panic(fmt.Sprintf("methods: a choice has no field %q", field))
}

// field returns the number of a field.
func (c *Choice) field(name string) *int {
	f := reflect.ValueOf(c).Elem().FieldByName(name)
	if !f.IsValid() {
		panic(fmt.Sprintf("methods: a choice has no field %q", name))
	}
	return f.Addr().Interface().(*int)
}

// fields are the fields of a Choice, and what the ops are called.
var fields = [...]struct{ name, op string }{
	{"Load", "load"}, {"Store", "store"}, {"Put", "store that answers"}, {"Delete", "delete"}, {"Remove", "delete that answers"},
	{"LoadOrStore", "load-or-store"}, {"LoadAndDelete", "load-and-delete"}, {"Swap", "swap"}, {"CompareAndSwap", "compare-and-swap"},
	{"CompareAndDelete", "compare-and-delete"}, {"Compute", "compute"}, {"Range", "range"},
	{"Len", "len"}, {"IsEmpty", "is-empty"}, {"Clear", "clear"}, {"Clone", "clone"}, {"Close", "close"},
}
