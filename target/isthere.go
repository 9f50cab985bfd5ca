package target

import "reflect"

// IsThere is the name of codecs by which all values are one: those of sets, and other maps to a
// struct{} or to true.
//
// Of such a map it is told which keys it has, and no more. In its schedules each value is that of
// its key's own number: whatever is written to k7 is v7, and so is what is read of it.
const IsThere = "is-there"

// ValueCodecOf is CodecOf, and knows struct{} and bool, too: a bool stands for itself if it is true,
// and for nothing that was ever written if not.
func ValueCodecOf[V any]() (Codec[V], error) {
	t := reflect.TypeFor[V]()
	switch {
	case t.Kind() == reflect.Bool:
		yes := reflect.New(t).Elem()
		yes.SetBool(true)
		return isThere(yes.Interface().(V), func(x V) bool { return reflect.ValueOf(x).Bool() }), nil
	case t.Kind() == reflect.Struct && t.NumField() == 0:
		var only V
		return isThere(only, func(V) bool { return true }), nil
	}
	return CodecOf[V]()
}

func isThere[V any](only V, is func(V) bool) Codec[V] {
	return Codec[V]{
		Name:   IsThere,
		Encode: func(uint64) V { return only },
		Decode: func(x V) (uint64, bool) { return 0, is(x) },
		of:     true,
	}
}

// valueOf returns the code of a key's value.
//
//go:norace
func (w *coded[K, V]) valueOf(k uint64, v V) uint64 {
	code := w.value(v)
	if w.values.codec.of && code != Foreign {
		return k
	}
	return code
}
