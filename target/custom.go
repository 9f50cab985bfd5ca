package target

import (
	"fmt"
	"maps"
	"strings"
)

// A Custom is a method beyond those of Map, and a model of it: what it does to a map that
// nobody else uses. It is held to that: its calls take effect one at a time, together with
// those of all other methods.
type Custom[K comparable, V any] struct {
	// Name is what it is called in schedules: a letter, and then letters, digits, dots,
	// hyphens and underscores.
	Name string
	// Call calls the method with a key and a value, either of which it may ignore, and
	// returns what it answered: a K, a V, or whatever fmt.Sprint tells apart; of several
	// answers, a []any.
	Call func(K, V) any
	// Model does to the built-in map what the method promises to do, and returns what it
	// must answer. It is called for many maps and in any order, so it must not depend on
	// anything else, nor keep the map. What it puts in must be values that it was given,
	// or others that their codec knows.
	Model func(m map[K]V, key K, value V) any
	// Whole says that the method reads or writes other keys than its own. They must be
	// keys of the map, or its own one. A method of one key, whose model is shown no other,
	// is checked far more quickly.
	Whole bool
}

// A Model is what a Custom promises, on codes.
type Model struct {
	Name  string
	Whole bool
	// Do does it to the map, and returns the answer as a history has it. An error means
	// that the model is no good.
	Do func(m map[uint64]uint64, key, value uint64) (answer string, err error)
}

// custom returns the map's own methods, driven by codes.
func (w *coded[K, V]) custom() (all []Custom[uint64, uint64]) {
	for _, c := range w.m.Custom {
		name := c.Name
		all = append(all, Custom[uint64, uint64]{Name: name, Whole: c.Whole, Call: func(k, v uint64) any {
			return w.answered(w.named(name).Call(w.key(k), w.val(v)))
		}})
	}
	return all
}

// named returns the method of that name, of the map as it is now.
func (w *coded[K, V]) named(name string) *Custom[K, V] {
	for i := range w.m.Custom {
		if w.m.Custom[i].Name == name {
			return &w.m.Custom[i]
		}
	}
	panic("target: the map has no " + name + " any more")
}

// answered puts an answer into words, in which keys and values are codes.
func (c *coder[K, V]) answered(answer any) string {
	switch x := answer.(type) {
	case []any:
		words := make([]string, len(x))
		for i := range x {
			words[i] = c.answered(x[i])
		}
		return "[" + strings.Join(words, " ") + "]"
	case V:
		if code, ok := c.values.codec.Decode(x); ok && !c.values.codec.of {
			return fmt.Sprintf("v%d", code)
		}
	case K:
		if code, ok := c.keys.codec.Decode(x); ok {
			return fmt.Sprintf("k%d", code)
		}
	}
	return fmt.Sprint(answer)
}

// models returns the models of a map's own methods.
func (c *coder[K, V]) models(customs []Custom[K, V]) (all []Model) {
	for _, custom := range customs {
		all = append(all, Model{Name: custom.Name, Whole: custom.Whole, Do: func(m map[uint64]uint64, key, value uint64) (string, error) {
			return c.model(&custom, m, key, value)
		}})
	}
	return all
}

func (c *coder[K, V]) model(custom *Custom[K, V], m map[uint64]uint64, key, value uint64) (answer string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the model of custom:%s panics: %v", custom.Name, p)
		}
	}()
	if custom.Model == nil {
		return "", fmt.Errorf("custom:%s has no model", custom.Name)
	}
	held := make(map[K]V, len(m))
	for k, v := range m {
		held[c.key(k)] = c.val(v)
	}
	answer = c.answered(custom.Model(held, c.key(key), c.val(value)))
	clear(m)
	for k, v := range held {
		k2, known := c.keys.codec.Decode(k)
		v2, made := c.values.codec.Decode(v)
		if !known || !made {
			return "", fmt.Errorf("the model of custom:%s puts in an entry that is none of the codecs': %.200s", custom.Name, fmt.Sprint(k, ": ", v))
		}
		if m[k2] = v2; c.values.codec.of {
			m[k2] = k2
		}
	}
	return answer, nil
}

// CheckModels says what is wrong with a target's models, as far as a few calls show: one
// that panics, that answers the same call otherwise the second time, or that does something
// to another key than its own though it does not say so.
func CheckModels(v *Variant) error {
	seen := map[string]bool{}
	for _, model := range v.Models() {
		if seen[model.Name] {
			return fmt.Errorf("two methods called custom:%s", model.Name)
		}
		seen[model.Name] = true
		for _, m := range []map[uint64]uint64{{}, {1: 1}, {2: 2}, {1: 5, 2: 2, 3: 9}} {
			for call := range uint64(6) {
				if err := model.check(m, 1+call%3, 4+call); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// check does a call twice, and compares.
func (model *Model) check(m map[uint64]uint64, key, value uint64) error {
	if !model.Whole {
		for k := range m {
			if k != key {
				m = maps.Clone(m)
				delete(m, k)
			}
		}
	}
	first, second := maps.Clone(m), maps.Clone(m)
	a, err := model.Do(first, key, value)
	if err != nil {
		return err
	}
	b, err := model.Do(second, key, value)
	if err != nil {
		return err
	}
	if a != b || !maps.Equal(first, second) {
		return fmt.Errorf("the model of custom:%s is not the same each time: it answers %q, and leaves %v, and then %q and %v; want it to depend on the map, key and value alone",
			model.Name, a, first, b, second)
	}
	return model.Strays(first, key)
}

// Strays says if a model of one key has left another one in a map that it was shown.
func (model *Model) Strays(m map[uint64]uint64, key uint64) error {
	for k := range m {
		if k != key && !model.Whole {
			return fmt.Errorf("the model of custom:%s puts in a key that is not its own; want Whole to be set", model.Name)
		}
	}
	return nil
}
