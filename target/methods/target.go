package methods

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/mapstress/mapstress/target"
)

func isNil(f any) bool { return reflect.ValueOf(f).IsNil() }

// A Report says what was made of a map's methods.
type Report struct {
	Key, Value string   // types
	Taken      []string // "load: Get"
	Left       []string // of what was taken, what another meaning excludes: "Swap: of an absent key it ..."
	Unknown    []string // methods that nothing was made of
	Evicts     bool     // it is a cache: entries may vanish at any time
	Source     Source   // how a program calls it
}

// Inserts reports whether a method is left that puts entries in.
func (r *Report) Inserts() bool {
	for what, field := range map[string]string{"store": "Store", "load-or-store": "LoadOrStore", "swap": "Swap", "compute": "Compute"} {
		taken := slices.ContainsFunc(r.Taken, func(t string) bool { return strings.HasPrefix(t, what+": ") })
		left := slices.ContainsFunc(r.Left, func(l string) bool { return strings.HasPrefix(l, field+": ") })
		if taken && !left {
			return true
		}
	}
	return false
}

// Target makes a target of maps that make makes, always in the same way.
func Target[K comparable, V comparable](name string, make func() any) (target.Target, Report, error) {
	key, err := keyCodec[K]()
	if err != nil {
		return target.Target{}, Report{}, fmt.Errorf("keys: %w", err)
	}
	value, err := target.CodecOf[V]()
	if err != nil {
		return target.Target{}, Report{}, fmt.Errorf("values: %w", err)
	}
	m := make()
	found, taken := Of[K, V](m)
	fresh := func() target.Map[K, V] {
		f, _ := Of[K, V](make())
		return f
	}
	kept, left := Settle(found, fresh, key.Encode, value.Encode)
	promised, evicts := target.Usual(), Evicts(found, key.Encode, value.Encode)
	if evicts {
		promised.Load = target.Promise{Level: target.Lossy, Quote: "a cache may let go of any entry"}
	}
	if found.Close != nil {
		found.Close()
	}
	r := Report{Evicts: evicts, Key: reflect.TypeFor[K]().String(), Value: reflect.TypeFor[V]().String(), Taken: taken, Left: left, Unknown: unknown(m, taken), Source: sourceOf[K, V](m)}
	t := target.Adapt(name, key, value, func() target.Map[K, V] {
		f := fresh()
		mask(reflect.ValueOf(&f).Elem(), reflect.ValueOf(kept))
		return f
	}, promised)
	return t, r, nil
}

// keyCodec returns the codec of the keys. Of keys of any type it takes integers, since
// many maps with such keys know a few types only.
func keyCodec[K comparable]() (target.Codec[K], error) {
	var key any = target.Codec[any]{
		Name:   "any",
		Costly: true,
		Encode: func(code uint64) any { return int(code) },
		Decode: func(k any) (uint64, bool) { n, ok := k.(int); return uint64(n), ok && n >= 0 },
	}
	if c, ok := key.(target.Codec[K]); ok {
		return c, nil
	}
	return target.CodecOf[K]()
}

// mask clears the methods that were not kept.
func mask(methods, kept reflect.Value) {
	for i := range methods.NumField() {
		if kept.Field(i).IsNil() {
			methods.Field(i).SetZero()
		}
	}
}

// unknown lists the exported methods of which nothing was taken.
func unknown(m any, taken []string) (names []string) {
	known := map[string]bool{}
	for _, t := range taken {
		for i := range t {
			if t[i] == ' ' {
				known[t[i+1:]] = true
			}
		}
	}
	t := reflect.TypeOf(m)
	for i := range t.NumMethod() {
		if !known[t.Method(i).Name] {
			names = append(names, t.Method(i).Name)
		}
	}
	return names
}
