package methods

import "reflect"

// A Source says how a program calls the map: what it takes to write one.
type Source struct {
	Expr               string            // that makes the map
	KeyKind, ValueKind string            // of reflect
	Signatures         map[string]string // of the methods, without the receiver, by name
}

// sourceOf returns the source of a map, but for its expression.
func sourceOf[K, V any](m any) Source {
	s := Source{KeyKind: reflect.TypeFor[K]().Kind().String(), ValueKind: reflect.TypeFor[V]().Kind().String(), Signatures: map[string]string{}}
	v := reflect.ValueOf(m)
	for i := range v.NumMethod() {
		s.Signatures[v.Type().Method(i).Name] = v.Method(i).Type().String()
	}
	return s
}
