// Package history holds what a run did: the ops, when each was called and when
// it returned, what it answered, and what was read back once all was at rest.
//
// It knows neither how the ops were scheduled nor what they mean for a map:
// the scheduler writes histories, the oracle reads them.
package history

import (
	"fmt"
	"strconv"
	"strings"
)

// A Kind is one method of a map. The zero Kind is not a method.
type Kind uint8

// The kinds, in the order in which they are listed to people.
const (
	Load Kind = 1 + iota
	Store
	LoadOrStore
	LoadAndDelete
	Delete
	Swap
	CompareAndSwap
	CompareAndDelete
	Compute
	Increment
	Range
	Len
	IsEmpty
	Clear
	Clone
	kinds // how many there are, plus one

	// Custom is a method beyond these, which the target names. It is not listed: what
	// it means is for the target to say.
	Custom = kinds
)

// customWord is before the name of a Custom in the text forms.
const customWord = "custom:"

// names has the word for each kind in the text forms.
var names = [kinds]string{
	Load: "load", Store: "store", LoadOrStore: "load-or-store",
	LoadAndDelete: "load-and-delete", Delete: "delete", Swap: "swap",
	CompareAndSwap: "compare-and-swap", CompareAndDelete: "compare-and-delete",
	Compute: "compute", Increment: "increment",
	Range: "range", Len: "len", IsEmpty: "is-empty", Clear: "clear", Clone: "clone",
}

// Kinds returns every kind, in listing order.
func Kinds() []Kind {
	all := make([]Kind, 0, kinds-1)
	for k := Load; k < kinds; k++ {
		all = append(all, k)
	}
	return all
}

// String returns the kind's word, such as "load-or-store".
func (k Kind) String() string {
	if k == Custom {
		return "custom"
	}
	if k == 0 || k >= kinds {
		return fmt.Sprintf("kind(%d)", uint8(k))
	}
	return names[k]
}

// ParseKind is the inverse of String.
func ParseKind(word string) (Kind, error) {
	for k := Load; k < kinds; k++ {
		if names[k] == word {
			return k, nil
		}
	}
	return 0, fmt.Errorf("unknown op %q; want one of %s", word, strings.Join(names[Load:], ", "))
}

// MarshalText implements encoding.TextMarshaler.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (k *Kind) UnmarshalText(text []byte) (err error) {
	*k, err = ParseKind(string(text))
	return err
}

// Keyed reports whether the op works on one key.
func (k Kind) Keyed() bool { return k >= Load && k <= Increment || k == Custom }

// Writes reports whether the op can change the map.
func (k Kind) Writes() bool {
	return k != Load && k != Range && k != Len && k != IsEmpty && k != Clone
}

// operands tells which operands a kind takes beside its key.
func (k Kind) operands() (value, old bool) {
	switch k {
	case Store, LoadOrStore, Swap, Compute, Custom:
		return true, false
	case CompareAndSwap:
		return true, true
	case CompareAndDelete:
		return false, true
	}
	return false, false
}

// An Op is one method call as it is scheduled: the method and its operands, as
// codes. A target's codecs turn codes into keys and values.
type Op struct {
	Kind  Kind
	Name  string // of a Custom
	Key   uint64
	Value uint64 // what Store, LoadOrStore, Swap, CompareAndSwap and Compute put in; an operand of Custom
	Old   uint64 // what CompareAndSwap and CompareAndDelete compare with
	// Inside says that it is called by the function of the nearest op before it that
	// is not: a Compute or a Range. It is called the first time that the function is.
	Inside bool
	// Panics says of a Compute or Range that its function panics.
	Panics bool
}

// Calls reports whether ops of that kind are given a function to call.
func (k Kind) Calls() bool { return k == Compute || k == Range }

// Words of an op's text form around the method and its operands.
const (
	insideWord = "inside "
	panicsWord = " panics"
)

// String returns the op's text form, which ParseOp reads: "store k1 v7",
// "compare-and-swap k1 v7 v9" (old, then new), "range", "inside load k1",
// "compute k1 v7 panics", "custom:AddAndGet k1 v7".
func (op Op) String() string { return string(op.Append(nil)) }

// Append appends the op's text form to b.
func (op Op) Append(b []byte) []byte {
	if op.Inside {
		b = append(b, insideWord...)
	}
	if op.Kind == Custom {
		b = append(append(b, customWord...), op.Name...)
	} else {
		b = append(b, op.Kind.String()...)
	}
	if op.Kind.Keyed() {
		b = strconv.AppendUint(append(b, " k"...), op.Key, 10)
	}
	value, old := op.Kind.operands()
	if old {
		b = strconv.AppendUint(append(b, " v"...), op.Old, 10)
	}
	if value {
		b = strconv.AppendUint(append(b, " v"...), op.Value, 10)
	}
	if op.Panics {
		b = append(b, panicsWord...)
	}
	return b
}

// ParseOp reads an op's text form.
func ParseOp(text string) (Op, error) {
	method, inside := strings.CutPrefix(strings.TrimSpace(text), insideWord)
	method, panics := strings.CutSuffix(method, panicsWord)
	op, err := parseMethod(method)
	switch op.Inside, op.Panics = inside, panics; {
	case err != nil:
	case panics && !op.Kind.Calls():
		err = fmt.Errorf("%q, but %s is given no function that could panic", text, op.Kind)
	case panics && inside:
		err = fmt.Errorf("%q; only the function of an op that is not inside another may panic", text)
	}
	return op, err
}

// parseMethod reads a method and its operands.
func parseMethod(text string) (Op, error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return Op{}, fmt.Errorf("no op; want one such as %q", "store k1 v7")
	}
	var kind Kind
	var err error
	name, custom := strings.CutPrefix(words[0], customWord)
	if kind = Custom; !custom {
		name = ""
		kind, err = ParseKind(words[0])
	} else if !IsName(name) {
		err = fmt.Errorf("%q; want the name of a method after %s", words[0], customWord)
	}
	if err != nil {
		return Op{}, err
	}
	op := Op{Kind: kind, Name: name}
	var fields []*uint64
	var prefixes []byte
	want := words[0]
	if kind.Keyed() {
		fields, prefixes, want = append(fields, &op.Key), append(prefixes, 'k'), want+" kN"
	}
	value, old := kind.operands()
	if old {
		fields, prefixes, want = append(fields, &op.Old), append(prefixes, 'v'), want+" vOLD"
	}
	if value {
		fields, prefixes, want = append(fields, &op.Value), append(prefixes, 'v'), want+" vN"
	}
	if len(words)-1 != len(fields) {
		return Op{}, fmt.Errorf("%q has %d operands; want %q", text, len(words)-1, want)
	}
	for i, word := range words[1:] {
		if *fields[i], err = ParseCode(word, prefixes[i]); err != nil {
			return Op{}, fmt.Errorf("%w; want %q", err, want)
		}
	}
	return op, nil
}

// IsName reports whether a Custom may be called so: a letter, and then letters, digits,
// dots, hyphens and underscores.
func IsName(name string) bool {
	for i, r := range name {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789.-_", r)) {
			return false
		}
	}
	return name != ""
}

// ParseCode reads a code written with its one-letter prefix: k12 or v7.
func ParseCode(word string, prefix byte) (uint64, error) {
	if len(word) < 2 || word[0] != prefix {
		return 0, fmt.Errorf("%q is not %c and a number", word, prefix)
	}
	n, err := strconv.ParseUint(word[1:], 10, 64)
	if err != nil || n > MaxCode {
		return 0, fmt.Errorf("%q is not %c and a number from 0 to %d", word, prefix, MaxCode)
	}
	return n, nil
}

// MaxCode is the largest key or value code that a schedule may name. It leaves
// every key and value shape, int32 included, room to tell codes apart.
const MaxCode = 1<<31 - 1
