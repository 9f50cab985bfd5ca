package methods

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/mapstress/mapstress/target"
)

// A Report says what was made of a map's methods.
type Report struct {
	Key, Value string   // types
	Choice     Choice   // the methods that are used
	Others     []Other  // that other shapes of the target have
	Taken      []string // the same in words: "load: Get"
	Left       []string // what another meaning excludes: "Swap: of an absent key it ..."
	Unused     []Unused // the other methods, and why nothing is made of them
	Evicts     bool     // it is a cache: entries may vanish at any time
	Stay       string   // how many do of those that are stored, as Evicts tells; empty if all do, or for a short time
	Apart      bool     // to make and to fill one does nothing to another
	Ints       bool     // its values are of any type, and those of other types than int come back changed
	KeyField   string   // of what its values point to: the makers put the key there
	// Making is how long it takes to make a map and to close it, as each run does.
	Making time.Duration
	Unsafe string // what its documentation says of concurrent use, if it says that it is not for that
	// Once has the words with which it promises of methods, by their names, that they meet no key
	// twice.
	Once map[string]string `json:",omitempty"`
	// Again has the sentences that say that a method may call the function that it is given more
	// than once.
	Again map[string]string `json:",omitempty"`
}

// An Unused is a method of which nothing is made.
type Unused struct {
	Name      string
	Signature string // "(io.Reader) error", where the reason is in it
	Why       string // worded to fit several methods
}

// String writes "Load(io.Reader) error (an argument is neither key nor value)".
func (u Unused) String() string { return u.Name + u.Signature + " (" + u.Why + ")" }

// spare is why a method that might serve as well as another one does not: of those that close a
// map one is called.
const spare = "another one serves for it"

// Examine tries out what the candidates do, and reports what it chose. A field is that of the values in
// which the makers put the key; empty if there is none. An error says that the map cannot be tested.
func Examine[K comparable, V any](names Candidates, make Maker[K, V], field string) (*Report, error) {
	key, value, err := codecs[K, V](false, field)
	if err != nil {
		return nil, err
	}
	r := &Report{KeyField: field, Key: reflect.TypeFor[K]().String(), Value: reflect.TypeFor[V]().String()}
	r.Choice, r.Others, r.Left = Settle(names, make, key.Encode, value.Encode)
	if ints, is := ints[V](); is && (r.Choice.Load == 0 || !intact(make(r.Choice), key.Encode, value)) {
		use, others, left := Settle(names, make, key.Encode, ints.Encode)
		if r.Ints = use.Load != 0; r.Ints {
			value, r.Choice, r.Others, r.Left = ints, use, others, left
		}
	}
	if r.Choice.Load == 0 {
		return nil, r.unusable(names)
	}
	if c := &r.Choice; c.Store == 0 && c.LoadOrStore == 0 && c.Swap == 0 && c.Compute == 0 {
		return nil, fmt.Errorf("no method stores as it should:\n  %s\n  mapstress.Check takes methods that do something else as Custom, with a model of it", strings.Join(r.Left, "\n  "))
	}
	m := make(r.Choice)
	r.Stay = Evicts(m, key.Encode, value.Encode)
	r.Evicts = r.Stay != ""
	if value.Name == target.IsThere && guesses(m, key.Encode) {
		return nil, errors.New("it answers of keys that nobody stored that they are there, as a Bloom filter may: what it should answer is not known")
	}
	if m.Close != nil {
		m.Close()
	}
	// What a value points to has one key at a time, and so is in one map.
	r.Apart = field == "" && apart(r.Choice, make, key.Encode, value.Encode)
	r.describe(names)
	r.Making = making(func() target.Map[K, V] { return make(r.Choice) })
	return r, nil
}

// making is how long it takes to make a map, and to close it: the least of a few times.
func making[K comparable, V any](make func() target.Map[K, V]) time.Duration {
	var least time.Duration
	for i := range 3 {
		started := time.Now()
		if m := make(); m.Close != nil {
			m.Close()
		}
		if took := time.Since(started); i == 0 || took < least {
			least = took
		}
	}
	return least
}

// answered reports whether the method of a field is called with what it answers, in another field.
func (c *Choice) answered(field string) bool {
	for answers, silent := range answering {
		if silent == field && c.Number(answers) > 0 {
			return true // it is the same, by align
		}
	}
	return false
}

// describe says what became of each name.
func (r *Report) describe(names Candidates) {
	said := map[string]bool{}
	for _, f := range fields {
		if n := *r.Choice.field(f.name); n > 0 {
			name := names[f.name][n-1]
			if said[name] = true; !r.Choice.answered(f.name) {
				r.Taken = append(r.Taken, f.op+": "+name)
			}
		}
		for i := range r.Others {
			other := &r.Others[i].Choice
			if n := other.Number(f.name); n > 0 && n != r.Choice.Number(f.name) && !other.answered(f.name) {
				r.Taken = append(r.Taken, f.op+": "+names[f.name][n-1])
				said[names[f.name][n-1]] = true
			}
		}
	}
	r.Left = slices.DeleteFunc(r.Left, func(line string) bool {
		name, _, _ := strings.Cut(line, ":")
		return said[name] // it serves for something else
	})
	r.Left = unique(r.Left)
	for _, line := range r.Left {
		name, _, _ := strings.Cut(line, ":")
		said[name] = true
	}
	for _, f := range fields {
		for _, name := range names[f.name] {
			if !said[name] {
				said[name] = true
				r.Unused = append(r.Unused, Unused{Name: name, Why: spare})
			}
		}
	}
}

// unusable says why nothing can be done with the map.
func (r *Report) unusable(names Candidates) error {
	switch {
	case slices.Equal(r.Left, []string{shared}):
		return errors.New(shared)
	case len(r.Left) > 0:
		return fmt.Errorf("no method loads what another one stores:\n  %s", strings.Join(r.Left, "\n  "))
	case len(names["Load"]) == 0:
		return errors.New("no method that loads: want one such as Load(key) (value, bool)")
	}
	return errors.New("no method that stores: want one such as Store(key, value)")
}

// by is between the name of a value's codec and the methods that are called, in the further
// shapes of a target: int-by-Keys.
const by = "-by-"

// In returns the choice of a shape whose values have a name.
func (r *Report) In(value string) Choice {
	for i := range r.Others {
		if strings.HasSuffix(value, by+r.Others[i].Name) {
			return r.Others[i].Choice
		}
	}
	return r.Choice
}

// Target makes a target of the maps, with the methods that the report chose: in a shape of its
// own for each other choice.
func Target[K comparable, V any](name string, r *Report, names Candidates, make Maker[K, V]) (target.Target, error) {
	key, value, err := codecs[K, V](r.Ints, r.KeyField)
	if err != nil {
		return target.Target{}, err
	}
	promised := target.Usual()
	promised.Unsafe = r.Unsafe != ""
	if r.Evicts {
		promised.Load = target.Promise{Level: target.Lossy, Quote: "a cache may let go of any entry"}
	}
	if quote, ok := r.MeetsOnce(names); ok {
		promised.Range = target.Promise{Level: target.Weak, Quote: quote}
	}
	if quote, ok := r.CallsAgain(names); ok {
		promised.InCompute = target.Callback{Again: true, Quote: quote}
	}
	all := []target.Target{target.Adapt(name, key, value, func() target.Map[K, V] { return make(r.Choice) }, promised)}
	for _, other := range r.Others {
		called := value
		called.Name += by + other.Name
		all = append(all, target.Adapt(name, key, called, func() target.Map[K, V] { return make(other.Choice) }, promised))
	}
	joined := target.Join(all...)
	for i := range joined.Variants {
		joined.Variants[i].Apart = r.Apart
	}
	return joined, nil
}

// MeetsOnce returns the words that promise of a Range that it meets no key twice; none if there is
// a shape whose Range does not promise that, for all shapes are held to the same.
func (r *Report) MeetsOnce(names Candidates) (quote string, ok bool) {
	ranges := []int{r.Choice.Range}
	for i := range r.Others {
		ranges = append(ranges, r.Others[i].Range)
	}
	for _, n := range ranges {
		if n == 0 || r.Once[names["Range"][n-1]] == "" {
			return "", false
		}
	}
	return r.Once[names["Range"][ranges[0]-1]], true
}

// CallsAgain returns the sentence that says of a Compute that it may call its function more than once;
// none if no shape's says so, for all shapes are held to the same.
func (r *Report) CallsAgain(names Candidates) (quote string, ok bool) {
	computes := []int{r.Choice.Compute}
	for i := range r.Others {
		computes = append(computes, r.Others[i].Compute)
	}
	for _, n := range computes {
		if n > 0 && r.Again[names["Compute"][n-1]] != "" {
			return r.Again[names["Compute"][n-1]], true
		}
	}
	return "", false
}

// larger is why a type will not do.
const larger = ", by which each is told from all others; want another type, or use mapstress.Check with a codec"

func codecs[K comparable, V any](asInts bool, field string) (key target.Codec[K], value target.Codec[V], err error) {
	if key, err = keyCodec[K](); err != nil {
		return key, value, fmt.Errorf("keys: %w%s", err, larger)
	}
	ints, is := ints[V]()
	switch {
	case is && asInts:
		value = ints
	case field != "":
		value, err = target.CodecExcept[V](field)
	default:
		value, err = target.ValueCodecOf[V]()
	}
	if err != nil {
		return key, value, fmt.Errorf("values: %w%s", err, larger)
	}
	return key, value, nil
}

// keyCodec returns the codec of the keys. Of keys of any type it takes integers, since
// many maps with such keys know a few types only.
func keyCodec[K comparable]() (target.Codec[K], error) {
	if c, is := ints[K](); is {
		return c, nil
	}
	return target.CodecOf[K]()
}

// ints is a codec of any type that has integers alone, if T is any.
func ints[T any]() (c target.Codec[T], is bool) {
	var all any = target.Codec[any]{
		Name:   "any",
		Costly: true,
		Encode: func(code uint64) any { return int(code) },
		Decode: func(k any) (uint64, bool) { n, ok := k.(int); return uint64(n), ok && n >= 0 },
	}
	c, is = all.(target.Codec[T])
	return c, is
}

// kinds is how many values of any type have all of the types that these may have among them.
const kinds = 8

// intact reports whether the map gives back the values that one caller stores: one that copies or
// encodes them may know some types only, or panic.
func intact[K comparable, V any](m target.Map[K, V], key func(uint64) K, value target.Codec[V]) (intact bool) {
	defer func() { intact = recover() == nil && intact }()
	if m.Close != nil {
		defer m.Close()
	}
	for code := uint64(1); code <= kinds; code++ {
		switch k, v := key(code), value.Encode(code); {
		case m.Store != nil:
			m.Store(k, v)
		case m.Swap != nil:
			m.Swap(k, v)
		case m.LoadOrStore != nil:
			m.LoadOrStore(k, v)
		}
	}
	for code := uint64(1); code <= kinds; code++ {
		if v, ok := m.Load(key(code)); ok {
			if got, its := value.Decode(v); !its || got != code {
				return false
			}
		}
	}
	return true
}
